"""Aggregates: one value from a customer's rows of a fact, by a closed table of functions."""

from __future__ import annotations

import math
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from segmentry.core.errors import RuleTypeError, UnknownNameError
from segmentry.core.types import Type, Value
from segmentry.language.arguments import Arguments, spelled
from segmentry.language.base import quantile
from segmentry.language.literal import clean
from segmentry.language.names import FieldNames
from segmentry.language.node import Base, Condition, Measure, Names, Node, Record, Scope, column
from segmentry.language.operand import described, fitting, settled
from segmentry.language.position import located
from segmentry.language.rows import rows_of
from segmentry.language.schema import Fact
from segmentry.language.spelling import group_of_rows, options, path, rows_in_words
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words
from segmentry.locale import Phrase
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op

NUMERIC = (Type.INTEGER, Type.NUMBER, Type.MONEY)
ORDERED = (*NUMERIC, Type.TEXT, Type.DATE, Type.INSTANT)
ANY = (*ORDERED, Type.BOOLEAN)
LARGEST = Fraction(sys.float_info.max)


@dataclass(frozen=True)
class Fold:
    """How a function folds the known values of a field.

    Args:
        op: The operator; it leaves missing values out.
        allowed: Types of field.
        result: Type of the result; `None` is that of the field.
        plain: The same in Python, over one known value or more, in the order of the rows.
        by_keys: Whether the operator needs the fact's keys, since the order of rows matters.
    """

    op: Op
    allowed: Sequence[Type]
    result: Type | None
    plain: Callable[[list[Any]], Any]
    by_keys: bool = False


def mean(values: Sequence[Any]) -> float:
    """The exact mean, rounded once."""
    return float(sum(map(Fraction, values)) / len(values))


def total(values: Sequence[Any]) -> Any:
    """The sum; of doubles rounded once, else exact."""
    if isinstance(values[0], float):
        return float(sum(map(Fraction, values)))
    return sum(values[1:], values[0])


def deviation(values: Sequence[Any]) -> float | None:
    """The sample standard deviation; missing for fewer than two values, or beyond doubles."""
    if len(values) < 2:
        return None
    variance = statistics.variance([Fraction(float(each)) for each in values])
    return math.sqrt(variance) if variance < LARGEST else None


FOLDS = {
    "sum": Fold(Op.SUM, NUMERIC, None, total),
    "avg": Fold(Op.AVERAGE, NUMERIC, Type.NUMBER, mean),
    "min": Fold(Op.MINIMUM, ORDERED, None, min),
    "max": Fold(Op.MAXIMUM, ORDERED, None, max),
    "median": Fold(Op.MEDIAN, NUMERIC, Type.NUMBER, lambda values: quantile(values, 0.5)),
    "deviation": Fold(Op.DEVIATION, NUMERIC, Type.NUMBER, deviation),
    "count_distinct": Fold(Op.COUNT_DISTINCT, ANY, Type.INTEGER, lambda values: len(set(values))),
    "first": Fold(Op.FIRST_BY, ANY, None, lambda values: values[0], by_keys=True),
    "last": Fold(Op.LAST_BY, ANY, None, lambda values: values[-1], by_keys=True),
}


class FactMeasure(Measure):
    """A measure whose text is `function(fact.field, where => …, window)`."""

    field: str | None

    def own_fields(self) -> tuple[str, ...]:
        """The field, if there is one."""
        return (self.field,) if self.field else ()

    def _path(self) -> str:
        return path(self.fact, self.field)

    def _field_type(self, inner: FieldNames, allowed: Sequence[Type], function: str) -> Type:
        assert self.field is not None
        kind = inner.type(self.field)
        if kind not in allowed:
            with located(self.position):
                raise RuleTypeError(
                    f"{function} cannot be taken of `{self._path()}`, which is {described(kind)}."
                )
        return kind

    def _field_column(self, scope: Scope, fact: Fact, kind: Type) -> Expression:
        assert self.field is not None
        return column(scope, fact, self.field, kind)

    def rows_in_words(self, words: Words) -> Phrase:
        """`orders in the last 90 days where (channel is web)`."""
        return group_of_rows(words, self.fact, self.where, self.window)

    def said(self, words: Words, what: str) -> str:
        """What is measured, then of which rows."""
        return words("of_rows", what=what, rows=self.rows_in_words(words))


@dataclass(frozen=True)
class Aggregate(FactMeasure):
    """A function of a field over the customer's rows, or the number of rows.

    Missing values are left out. `count` of nothing and `count_distinct` are 0, all else is missing.
    `first` and `last` are by the order of the rows, among those with a value. Sum, least, greatest,
    first and last have the field's type; average, median and deviation are doubles.
    """

    kind = "aggregate"
    function: str
    fact: str
    field: str | None = None
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact + (self.field or ""))
        if self.function != "count" and self.function not in FOLDS:
            raise UnknownNameError("function", self.function, ["count", *FOLDS])
        if self.function != "count" and self.field is None:
            raise RuleTypeError(
                f"`{self.function}` needs a field of {self.fact}.",
                fix=f"Write {self.function}({self.fact}. and the field.",
            )

    @property
    def empty(self) -> Value:
        """0 for counts."""
        return 0 if self.function in ("count", "count_distinct") else None

    def text(self) -> str:
        """`sum(orders.net_amount, where => …, last => …)`."""
        return f"{self.function}({self._path()}{options(self.where, self.window)})"

    def sentence(self, words: Words) -> str:
        """`total net amount of orders in the last 90 days`."""
        if self.field is None:
            return words("aggregate.count", rows=self.rows_in_words(words))
        name = words.said(self, words.of_rows(self.fact).name(self.field), "field")
        key = "count_known" if self.function == "count" else self.function
        return self.said(words, words(f"aggregate.{key}", field=name))

    def counted(self, words: Words, key: str, number: Value) -> str:
        """`at least 3 orders in the last 90 days`."""
        if self.function != "count" or self.field is not None or not isinstance(number, int):
            return ""
        if key in ("equal", "at_most") and number == 0:
            rows = rows_in_words(words, self.fact, self.where, self.window)
            return words("none", rows=rows)
        counted = rows_in_words(words, self.fact, self.where, self.window, number)
        return words(f"counted.{key}", counted=counted)

    def type(self, names: Names) -> Type:
        """That of the function, or of the field."""
        inner = self.check_rows(names)
        if self.function == "count":
            return Type.INTEGER
        fold = FOLDS[self.function]
        kind = self._field_type(inner, fold.allowed, self.function)
        return fold.result or kind

    def expression(self, scope: Scope) -> Expression:
        """The fold over the rows."""
        fact = scope.schema.fact(self.fact)
        if self.field is None:
            return call(Op.COUNT_ROWS, type=Type.INTEGER)
        kind = FieldNames(scope.schema, fact).type(self.field)
        field = self._field_column(scope, fact, kind)
        if self.function == "count":
            return call(Op.COUNT, field, type=Type.INTEGER)
        fold = FOLDS[self.function]
        keys = [column(scope, fact, key, key_type(fact, key)) for key in fact.keys]
        operands = [field, *(keys if fold.by_keys else [])]
        folded = call(fold.op, *operands, type=fold.result or kind)
        return settled(folded, folded.type) if self._may_overflow(kind) else folded

    def _may_overflow(self, kind: Type) -> bool:
        """Whether a result may not fit its type; means of exact numbers always do."""
        return self.function == "sum" or (
            self.function in ("avg", "deviation") and kind is Type.NUMBER
        )

    def value(self, record: Record, base: Base) -> Value:
        """The plain fold."""
        rows = rows_of(self, record, base)
        if self.field is None:
            return len(rows)
        known = [row[self.field] for row in rows if row[self.field] is not None]
        if self.function == "count":
            return len(known)
        if not known:
            return self.empty
        folded: Value = FOLDS[self.function].plain(known)
        numeric = isinstance(folded, int | float | Decimal) and not isinstance(folded, bool)
        return fitting(folded) if numeric else folded  # type: ignore[arg-type]


def key_type(fact: Fact, key: str) -> Type:
    """Type of a key column; text unless the fact says more."""
    if key in fact.fields:
        return fact.fields[key].type
    return Type.INSTANT if key == fact.instant else Type.TEXT


@spelled("count")
def _read_count(arguments: Arguments) -> Aggregate:
    fact, field = arguments.fact_or_field()
    where, window = arguments.where(), arguments.window()
    return Aggregate("count", fact, field, where, window)


@spelled(*FOLDS)
def _read_fold(arguments: Arguments) -> Aggregate:
    fact, field = arguments.path()
    return Aggregate(arguments.function, fact, field, arguments.where(), arguments.window())


@dataclass(frozen=True)
class DaysSince(FactMeasure):
    """Days from the local day of the first or last row to that of as_of; missing without rows."""

    kind = "days_since"
    field = None
    which: str
    fact: str
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact)
        if self.which not in ("first", "last"):
            raise RuleTypeError(f"days since the {self.which}? There is first and last.")

    @property
    def empty(self) -> Value:
        """Missing."""
        return None

    def text(self) -> str:
        """`days_since_last(orders, …)`."""
        return f"days_since_{self.which}({path(self.fact)}{options(self.where, self.window)})"

    def sentence(self, words: Words) -> str:
        """`days since the last of orders …`."""
        return words(f"aggregate.days_since_{self.which}", rows=self.rows_in_words(words))

    def type(self, names: Names) -> Type:
        """A whole number."""
        self.check_rows(names)
        return Type.INTEGER

    def expression(self, scope: Scope) -> Expression:
        """From the least or greatest day."""
        fact = scope.schema.fact(self.fact)
        op = Op.MINIMUM if self.which == "first" else Op.MAXIMUM
        day = call(op, column(scope, fact, fact.day, Type.DATE), type=Type.DATE)
        return call(Op.DAYS_BETWEEN, day, literal(scope.as_of.day), type=Type.INTEGER)

    def value(self, record: Record, base: Base) -> Value:
        """The plain difference of days."""
        rows = rows_of(self, record, base)
        if not rows:
            return None
        day = rows[0 if self.which == "first" else -1][base.schema.fact(self.fact).day]
        assert isinstance(day, date)
        return (base.as_of.day - day).days


@spelled("days_since_first", "days_since_last")
def _read_days_since(arguments: Arguments) -> DaysSince:
    which = arguments.function.removeprefix("days_since_")
    return DaysSince(which, arguments.fact(), arguments.where(), arguments.window())


@dataclass(frozen=True)
class Share(FactMeasure):
    """The share of the rows' sum of a field (or of their number) that rows meeting `part` make up.

    Between 0 and 1 where nothing is negative. Missing when the whole is nothing or sums to 0.
    """

    kind = "share"
    fact: str
    field: str | None
    part: Condition
    window: Window = ALL_TIME

    where = None  # all rows of the window are the whole

    def __post_init__(self) -> None:
        clean(self.fact + (self.field or ""))

    @property
    def empty(self) -> Value:
        """Missing."""
        return None

    def children(self) -> Iterator[Node]:
        """The condition that makes the part."""
        yield self.part

    def text(self) -> str:
        """`share(orders.net_amount, where => …)`."""
        return (
            f"share({self._path()}, where => {self.part.text()}{options(self.where, self.window)})"
        )

    def sentence(self, words: Words) -> str:
        """`share of net amount of orders … that has category Electronics`."""
        condition = self.part.sentence(words.of_rows(self.fact))
        rows = self.rows_in_words(words)
        if self.field is None:
            return words("aggregate.share_of_rows", rows=rows, condition=condition)
        field = words.said(self, words.of_rows(self.fact).name(self.field), "field")
        return words("aggregate.share", field=field, rows=rows, condition=condition)

    def type(self, names: Names) -> Type:
        """A double."""
        inner = self.check_rows(names)
        if self.field:
            self._field_type(inner, NUMERIC, "share")
        return Type.NUMBER

    def expression(self, scope: Scope) -> Expression:
        """Part over whole."""
        fact = scope.schema.fact(self.fact)
        met = self.part.compile(scope)
        if self.field is None:
            counted = call(Op.IF, met, literal(1), literal(0), type=Type.INTEGER)
            whole = call(Op.COUNT_ROWS, type=Type.INTEGER)
            return call(
                Op.DIVIDE, call(Op.SUM, counted, type=Type.INTEGER), whole, type=Type.NUMBER
            )
        kind = FieldNames(scope.schema, fact).type(self.field)
        field = self._field_column(scope, fact, kind)
        inside = call(Op.IF, met, field, literal(None, kind), type=kind)
        part = call(Op.FIRST_KNOWN, call(Op.SUM, inside, type=kind), literal(0), type=kind)
        return call(Op.DIVIDE, part, call(Op.SUM, field, type=kind), type=Type.NUMBER)

    def value(self, record: Record, base: Base) -> Value:
        """The plain quotient."""
        rows = rows_of(self, record, base)
        within = rows_of(Aggregate("count", self.fact, None, self.part, self.window), record, base)
        parts, wholes = (
            [1 if self.field is None else row[self.field] for row in each]
            for each in (within, rows)
        )
        known = [each for each in wholes if each is not None]
        counted = [each for each in parts if each is not None]
        if not known or not total(known):
            return None
        return float(total(counted) if counted else 0) / float(total(known))


@spelled("share")
def _read_share(arguments: Arguments) -> Share:
    fact, field = arguments.fact_or_field()
    part = arguments.where()
    if part is None:
        raise arguments.lacking("where", "where => channel = 'web'")
    return Share(fact, field, part, arguments.window())
