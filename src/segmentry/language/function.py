"""Functions of values, by a closed table; choice; and the day of as_of."""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from operator import add
from typing import Any

from segmentry.core.errors import RuleTypeError, UnknownNameError
from segmentry.core.types import Type, Value
from segmentry.language.arguments import Arguments, spelled, syntax_error
from segmentry.language.literal import Constant
from segmentry.language.names import FeatureNames
from segmentry.language.node import Base, Condition, Names, Node, Record, Scope, ValueNode
from segmentry.language.operand import (
    common_of,
    common_type,
    compile_as,
    fitting,
    require,
    required,
    settled,
    value_as,
)
from segmentry.language.position import located
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op

NUMERIC = (Type.INTEGER, Type.NUMBER, Type.MONEY)
TEMPORAL = (Type.DATE, Type.INSTANT)
MOST_PLACES = 6


@dataclass(frozen=True)
class Meaning:
    """What a function takes and gives.

    Args:
        least: Fewest operands.
        most: Most operands; `None` is any number.
        operand: Type that the operands are brought to; `None` is the one they have in common.
        allowed: Types that operands may have.
        wanted: The same in words.
        result: Type of the result; `None` is that of the operands.
        plain: The same in Python; unless `takes_missing`, over known values only.
        takes_missing: Whether a missing operand does not by itself make the result missing.
    """

    op: Op
    least: int
    most: int | None
    operand: Type | None
    allowed: Sequence[Type]
    wanted: str
    result: Type | None
    plain: Callable[..., Any]
    takes_missing: bool = False


def _known(values: Sequence[Any]) -> list[Any]:
    return [each for each in values if each is not None]


def lowered(text: str) -> str:
    """Lower case letter by letter, as engines do it: no final sigma, `İ` is `i`."""
    return "".join(each.lower()[0] for each in text)


WRITTEN_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def read_number(value: str | float | Decimal) -> float | None:
    """The number that a text is, with a decimal point and nothing else; `None` for any other."""
    if isinstance(value, str) and not WRITTEN_NUMBER.fullmatch(value):
        return None
    return mean([float(value)])


def mean(numbers: Sequence[float]) -> float | None:
    """The mean; `None` of nothing, or when it is beyond what a double holds."""
    # One after the other, as engines add; `sum` would be more exact.
    found = reduce(add, numbers) / len(numbers) if numbers else math.nan
    return found if math.isfinite(found) else None


def completed_years(start: date, end: date) -> int:
    """Years between two days as one counts an age; negative when the end comes first.

    Someone born on 29 February turns a year older on the 28th in common years.
    """
    if end < start:
        return -completed_years(end, start)
    last = calendar.monthrange(end.year, start.month)[1]
    reached = (end.month, end.day) >= (start.month, min(start.day, last))
    return end.year - start.year - (not reached)


def rounded(number: Any, places: int) -> Any:
    """Half away from zero; a double as engines do it, by multiplying, rounding and dividing."""
    if isinstance(number, int):
        return number
    if isinstance(number, Decimal):
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    scaled = number * 10.0**places
    if math.isinf(scaled):
        return number
    whole = math.floor(abs(scaled))
    return math.copysign(whole + (abs(scaled) - whole >= 0.5), scaled) / 10.0**places


_MANY = (*NUMERIC, Type.TEXT, *TEMPORAL)
_DAY = (Type.DATE, TEMPORAL, "a day", Type.INTEGER)
MEANINGS = {
    "abs": Meaning(Op.ABSOLUTE, 1, 1, None, NUMERIC, "a number", None, abs),
    "least": Meaning(
        Op.LEAST, 2, None, None, _MANY, "something with an order", None,
        lambda *values: min(_known(values), default=None), takes_missing=True,
    ),
    "greatest": Meaning(
        Op.GREATEST, 2, None, None, _MANY, "something with an order", None,
        lambda *values: max(_known(values), default=None), takes_missing=True,
    ),
    "coalesce": Meaning(
        Op.FIRST_KNOWN, 2, None, None, (*_MANY, Type.BOOLEAN), "a value", None,
        lambda *values: next(iter(_known(values)), None), takes_missing=True,
    ),
    "mean_of": Meaning(
        Op.MEAN_OF, 1, None, Type.NUMBER, NUMERIC, "a number", Type.NUMBER,
        lambda *values: mean(_known(values)), takes_missing=True,
    ),
    "known_count": Meaning(
        Op.KNOWN_COUNT, 1, None, None, (*_MANY, Type.BOOLEAN), "a value", Type.INTEGER,
        lambda *values: len(_known(values)), takes_missing=True,
    ),
    "number": Meaning(
        Op.READ_NUMBER, 1, 1, None, (Type.TEXT, *NUMERIC), "a text or number", Type.NUMBER,
        read_number,
    ),
    "lower": Meaning(Op.LOWER, 1, 1, Type.TEXT, (Type.TEXT,), "a text", Type.TEXT, lowered),
    "year": Meaning(Op.YEAR, 1, 1, *_DAY, lambda day: day.year),
    "month": Meaning(Op.MONTH, 1, 1, *_DAY, lambda day: day.month),
    "day_of_month": Meaning(Op.DAY_OF_MONTH, 1, 1, *_DAY, lambda day: day.day),
    "weekday": Meaning(Op.WEEKDAY, 1, 1, *_DAY, lambda day: day.isoweekday()),
    "days_between": Meaning(Op.DAYS_BETWEEN, 2, 2, *_DAY, lambda start, end: (end - start).days),
    "years_between": Meaning(Op.YEARS_BETWEEN, 2, 2, *_DAY, completed_years),
}  # fmt: skip


@dataclass(frozen=True)
class Function(ValueNode):
    """A function of the table. Missing when an operand is, but for those that leave such out.

    `coalesce`, `least`, `greatest`, `mean_of` and `known_count` leave missing operands out. `lower`
    goes letter by letter. The functions of days take instants as their local days.
    """

    kind = "function"
    function: str
    operands: tuple[ValueNode, ...]

    def __post_init__(self) -> None:
        if self.function not in MEANINGS:
            raise UnknownNameError("function", self.function, MEANINGS)
        meaning = self._meaning
        if len(self.operands) < meaning.least or (
            meaning.most is not None and len(self.operands) > meaning.most
        ):
            raise RuleTypeError(f"`{self.function}` needs {meaning.least} values.")

    @property
    def _meaning(self) -> Meaning:
        return MEANINGS[self.function]

    def children(self) -> Iterator[Node]:
        """The operands."""
        yield from self.operands

    def text(self) -> str:
        """`least(a, b)`."""
        return f"{self.function}({', '.join(each.text() for each in self.operands)})"

    def sentence(self, words: Words) -> str:
        """As the table of messages has it."""
        said = [each.sentence(words) for each in self.operands]
        if self.function == "coalesce" and len(said) == 2:
            return words("function.or_else", first=said[0], second=said[1])
        values = words.listed(said)
        return words(f"function.{self.function}", first=said[0], second=said[-1], values=values)

    def _operand_type(self, names: Names) -> Type:
        return self._meaning.operand or common_type(self.operands, names)

    def type(self, names: Names) -> Type:
        """That of the table, or that of the operands."""
        meaning, typed = self._meaning, [(each, each.type(names)) for each in self.operands]
        for each, kind in typed:
            required(each, kind, meaning.allowed, meaning.wanted)
        with located(self.position):
            return meaning.result or common_of(typed)

    def compile(self, scope: Scope) -> Expression:
        """The operator over the operands."""
        kind = self._operand_type(scope)
        operands = [compile_as(each, kind, scope) for each in self.operands]
        result = self._meaning.result or kind
        if self.function == "number" and kind is not Type.TEXT:
            return call(Op.AS_NUMBER, *operands, type=Type.NUMBER)
        if self.function == "abs" and kind is Type.INTEGER:
            operands = [call(Op.AS_WIDE, each, type=kind) for each in operands]
            return settled(call(self._meaning.op, *operands, type=kind), kind)
        return call(self._meaning.op, *operands, type=result)

    def value(self, record: Record, base: Base) -> Value:
        """The plain function."""
        kind = self._operand_type(FeatureNames(base.schema))
        values = [value_as(each, kind, record, base) for each in self.operands]
        if not self._meaning.takes_missing and None in values:
            return None
        result: Value = self._meaning.plain(*values)
        return result


@spelled(*MEANINGS)
def _read_function(arguments: Arguments) -> Function:
    operands = arguments.values(MEANINGS[arguments.function].least)
    with located(arguments.position):
        return Function(arguments.function, operands)


@dataclass(frozen=True)
class Round(ValueNode):
    """A number rounded to 0 to 6 places, half away from zero; it keeps its type."""

    kind = "round"
    operand: ValueNode
    places: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.places <= MOST_PLACES:
            raise RuleTypeError(f"the places of `round` are from 0 to {MOST_PLACES}.")

    def children(self) -> Iterator[Node]:
        """The number."""
        yield self.operand

    def text(self) -> str:
        """`round(x, 2)`."""
        return f"round({self.operand.text()}{f', {self.places}' if self.places else ''})"

    def sentence(self, words: Words) -> str:
        """`rounded x`."""
        return words("function.round", first=self.operand.sentence(words))

    def type(self, names: Names) -> Type:
        """That of the number."""
        return require(self.operand, names, NUMERIC, "a number")

    def compile(self, scope: Scope) -> Expression:
        """The operator; money gets its four places back."""
        kind = self.operand.type(scope)
        operand = compile_as(self.operand, kind, scope)
        if kind is Type.INTEGER:
            return operand
        result = call(Op.ROUND, operand, literal(self.places), type=kind)
        return settled(result, kind) if kind is Type.MONEY else result

    def value(self, record: Record, base: Base) -> Value:
        """The plain rounding."""
        number: Any = self.operand.value(record, base)
        return None if number is None else fitting(rounded(number, min(self.places, 4)
                if isinstance(number, Decimal) else self.places))  # fmt: skip


@spelled("round")
def _read_round(arguments: Arguments) -> Round:
    operand = arguments.value()
    places = arguments.rest()
    if not places:
        return Round(operand)
    match places:
        case [Constant(bool())]:
            pass
        case [Constant(int(number))]:
            with located(arguments.position):
                return Round(operand, number)
    raise syntax_error("`round` needs a number and whole places.", arguments.position)


NULL = Constant.of(None)


@dataclass(frozen=True)
class If(ValueNode):
    """One value where a condition holds, else another (missing when there is none)."""

    kind = "if"
    condition: Condition
    then: ValueNode
    otherwise: ValueNode = NULL

    def children(self) -> Iterator[Node]:
        """The condition and both values."""
        yield from (self.condition, self.then, self.otherwise)

    def text(self) -> str:
        """`if(condition, a, b)`."""
        return f"if({', '.join(each.text() for each in self.children())})"

    def sentence(self, words: Words) -> str:
        """`a if condition, else b`."""
        condition, then, otherwise = (each.sentence(words) for each in self.children())
        return words("if", condition=condition, then=then, otherwise=otherwise)

    def type(self, names: Names) -> Type:
        """The type that both values have in common."""
        self.condition.check(names)
        with located(self.position):
            return common_type((self.then, self.otherwise), names)

    def compile(self, scope: Scope) -> Expression:
        """A choice."""
        kind = common_type((self.then, self.otherwise), scope)
        then, otherwise = (compile_as(each, kind, scope) for each in (self.then, self.otherwise))
        return call(Op.IF, self.condition.compile(scope), then, otherwise, type=kind)

    def value(self, record: Record, base: Base) -> Value:
        """The plain choice."""
        kind = common_type((self.then, self.otherwise), FeatureNames(base.schema))
        chosen = self.then if self.condition.holds(record, base) else self.otherwise
        return value_as(chosen, kind, record, base)


@spelled("if")
def _read_if(arguments: Arguments) -> If:
    condition, then = arguments.condition(), arguments.value()
    otherwise = arguments.value() if arguments.positional else NULL
    return If(condition, then, otherwise)


@dataclass(frozen=True)
class AsOfDay(ValueNode):
    """The local day of as_of."""

    kind = "as_of"

    def children(self) -> Iterator[Node]:
        """None."""
        return iter(())

    def text(self) -> str:
        """`as_of()`."""
        return "as_of()"

    def sentence(self, words: Words) -> str:
        """`the day of the computation`."""
        return words("as_of")

    def type(self, names: Names) -> Type:  # noqa: ARG002
        """A day."""
        return Type.DATE

    def compile(self, scope: Scope) -> Expression:
        """A literal day."""
        return literal(scope.as_of.day)

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The day."""
        return base.as_of.day


@spelled("as_of")
def _read_as_of(arguments: Arguments) -> AsOfDay:  # noqa: ARG001
    return AsOfDay()
