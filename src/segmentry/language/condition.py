"""Conditions on values: comparison, lists, ranges, what is missing; and other segments."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from segmentry.core.errors import RuleTypeError, UnknownNameError
from segmentry.core.types import Type
from segmentry.language.arguments import Arguments, as_text, spelled, syntax_error
from segmentry.language.literal import Constant, clean, quoted
from segmentry.language.logic import And, IsTrue, Not, Or
from segmentry.language.node import Base, Condition, Measure, Names, Node, Record, Scope, ValueNode
from segmentry.language.operand import (
    common_type,
    common_values,
    comparable,
    compile_as,
    is_null,
)
from segmentry.language.position import located
from segmentry.language.value import Name
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, call
from segmentry.sql.operators import Op

__all__ = [
    "And", "Between", "Comparison", "In", "InSegment", "IsMissing", "IsTrue", "Not",
    "Or",
]  # fmt: skip

OPERATORS: dict[str, tuple[Op, Callable[[Any, Any], bool], str]] = {
    "=": (Op.EQUAL, lambda a, b: a == b, "equal"),
    "<>": (Op.EQUAL, lambda a, b: a != b, "not_equal"),
    "<": (Op.LESS, lambda a, b: a < b, "less"),
    "<=": (Op.AT_MOST, lambda a, b: a <= b, "at_most"),
    ">": (Op.GREATER, lambda a, b: a > b, "greater"),
    ">=": (Op.AT_LEAST, lambda a, b: a >= b, "at_least"),
}
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
MIRRORED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def _refuse_null(nodes: tuple[ValueNode, ...]) -> None:
    for each in nodes:
        if is_null(each):
            with located(each.position):
                raise RuleTypeError("nothing is compared with null.", fix="Write `x IS NULL`.")


def _common(nodes: tuple[ValueNode, ...], names: Names, *, ordered: bool) -> Type:
    """Type in which the values are compared."""
    _refuse_null(nodes)
    kind = common_type(nodes, names)
    if ordered and kind is Type.BOOLEAN:
        with located(nodes[0].position):
            raise RuleTypeError("true and false have no order.", fix="Use =.")
    return kind


def _beside(node: ValueNode, other: ValueNode, words: Words) -> str:
    """The value in words; a constant beside a name by what that value of it is called."""
    if isinstance(node, Constant) and isinstance(other, Name) and not node.is_day:
        return words.said(node, words.value_of(other.name, node.content))
    return node.sentence(words)


@dataclass(frozen=True)
class Comparison(Condition):
    """Two values compared; not met when one is missing. `a <> b` is exactly `NOT a = b`.

    Text compares by bytes. An instant beside a day is compared as its local day, so
    `ordered_at <= '2026-01-31'` includes the whole 31st.
    """

    kind = "comparison"
    binding = 4
    operator: str
    left: ValueNode
    right: ValueNode

    def __post_init__(self) -> None:
        if self.operator not in OPERATORS:
            raise RuleTypeError(f"`{self.operator}` is not one of {' '.join(OPERATORS)}.")

    def children(self) -> Iterator[Node]:
        """Both values."""
        yield from (self.left, self.right)

    def text(self) -> str:
        """`left = right`."""
        return f"{self.left.inside(5)} {self.operator} {self.right.inside(5)}"

    def sentence(self, words: Words) -> str:
        """As one says it; a number of rows as "at least 3 orders"."""
        return self._said(self.operator, words)

    def denial(self, words: Words) -> str:
        """Of = and <> the other; of the rest "not more than …", which keeps what is missing."""
        if self.operator in ("=", "<>"):
            return self._said(OPPOSITE[self.operator], words)
        return words("not_so", condition=self.sentence(words))

    def _said(self, operator: str, words: Words) -> str:
        if isinstance(self.left, Constant) and not isinstance(self.right, Constant):
            turned = Comparison(MIRRORED[operator], self.right, self.left)
            return turned.sentence(words)
        key = OPERATORS[operator][2]
        if isinstance(self.left, Measure) and isinstance(self.right, Constant):
            number = words.number(self.right, self.right.content)
            counted = self.left.counted(words, key, number)
            if counted:
                return counted
        left, right = self.left.sentence(words), self.right.sentence(words)
        if operator in ("=", "<>"):
            left, right = (
                _beside(self.left, self.right, words),
                _beside(self.right, self.left, words),
            )
        days = any(isinstance(each, Constant) and each.is_day for each in self.children())
        plain = "comparison" if isinstance(self.right, Constant) else "against"
        return words(f"{'day' if days else plain}.{key}", left=left, right=right)

    def check(self, names: Names) -> None:
        """The values are of one kind."""
        with located(self.position):
            _common((self.left, self.right), names, ordered=self.operator not in ("=", "<>"))

    def compile(self, scope: Scope) -> Expression:
        """Two-valued comparison."""
        kind = common_type((self.left, self.right), scope)
        left, right = comparable(self.left, kind, scope), comparable(self.right, kind, scope)
        met = call(Op.MET, call(OPERATORS[self.operator][0], left, right))
        return call(Op.NOT, met) if self.operator == "<>" else met

    def holds(self, record: Record, base: Base) -> bool:
        """The plain comparison."""
        (left, right), _ = common_values((self.left, self.right), record, base)
        if left is None or right is None:
            return self.operator == "<>"
        return OPERATORS[self.operator][1](left, right)


@dataclass(frozen=True)
class In(Condition):
    """The value is one of a list of literals; not met when it is missing."""

    kind = "in"
    binding = 4
    operand: ValueNode
    options: tuple[Constant, ...]

    def __post_init__(self) -> None:
        if not self.options:
            raise RuleTypeError("IN needs at least one value.")

    def children(self) -> Iterator[Node]:
        """The value, then the options."""
        yield self.operand
        yield from self.options

    def repeats(self) -> int:
        """DuckDB turns a short list into comparisons and copies the value for each."""
        return 4 * self.operand.repeats()

    def text(self) -> str:
        """`x IN (a, b)`."""
        return f"{self.operand.inside(5)} IN ({', '.join(each.text() for each in self.options)})"

    def sentence(self, words: Words) -> str:
        """`x is a, b or c`."""
        return self._said("in", words)

    def denial(self, words: Words) -> str:
        """`x is not a, b or c`."""
        return self._said("not_in", words)

    def _said(self, key: str, words: Words) -> str:
        options = words.listed([_beside(each, self.operand, words) for each in self.options])
        return words(key, value=self.operand.sentence(words), options=options)

    def check(self, names: Names) -> None:
        """All are of one kind."""
        with located(self.position):
            _common((self.operand, *self.options), names, ordered=False)

    def compile(self, scope: Scope) -> Expression:
        """Two-valued membership."""
        nodes = (self.operand, *self.options)
        kind = common_type(nodes, scope)
        operands = [comparable(each, kind, scope) for each in nodes]
        return call(Op.MET, call(Op.IN, *operands))

    def holds(self, record: Record, base: Base) -> bool:
        """The plain membership."""
        (value, *options), _ = common_values((self.operand, *self.options), record, base)
        return value is not None and value in options


@dataclass(frozen=True)
class Between(Condition):
    """The value lies between two others, both included; not met if one of the three is missing."""

    kind = "between"
    binding = 4
    operand: ValueNode
    low: ValueNode
    high: ValueNode

    def children(self) -> Iterator[Node]:
        """The value and both limits."""
        yield from (self.operand, self.low, self.high)

    def text(self) -> str:
        """`x BETWEEN low AND high`."""
        operand, low, high = (each.inside(5) for each in (self.operand, self.low, self.high))
        return f"{operand} BETWEEN {low} AND {high}"

    def repeats(self) -> int:
        """The value is spelled twice."""
        limits = max(self.low.repeats(), self.high.repeats())
        return max(2 * self.operand.repeats(), limits)

    def sentence(self, words: Words) -> str:
        """`x is from low to high`."""
        return self._said("between", words)

    def denial(self, words: Words) -> str:
        """`x is not from low to high`."""
        return self._said("not_between", words)

    def _said(self, key: str, words: Words) -> str:
        operand, low, high = (each.sentence(words) for each in (self.operand, self.low, self.high))
        return words(key, value=operand, low=low, high=high)

    def check(self, names: Names) -> None:
        """All are of one kind that has an order."""
        with located(self.position):
            _common((self.operand, self.low, self.high), names, ordered=True)

    def compile(self, scope: Scope) -> Expression:
        """Two comparisons; BETWEEN itself makes DuckDB copy the value when it is nested."""
        nodes = (self.operand, self.low, self.high)
        kind = common_type(nodes, scope)
        operand, low, high = (comparable(each, kind, scope) for each in nodes)
        both = call(Op.AND, call(Op.AT_LEAST, operand, low), call(Op.AT_MOST, operand, high))
        return call(Op.MET, both)

    def holds(self, record: Record, base: Base) -> bool:
        """The plain comparison."""
        values, _ = common_values((self.operand, self.low, self.high), record, base)
        operand, low, high = values
        known = operand is not None and low is not None and high is not None
        return known and low <= operand <= high  # type: ignore[operator]


@dataclass(frozen=True)
class IsMissing(Condition):
    """The value is missing. The only condition that is met by a missing value itself."""

    kind = "is_missing"
    binding = 4
    operand: ValueNode

    def children(self) -> Iterator[Node]:
        """The value."""
        yield self.operand

    def text(self) -> str:
        """`x IS NULL`."""
        return f"{self.operand.inside(5)} IS NULL"

    def sentence(self, words: Words) -> str:
        """`x is not known`."""
        return words("missing", value=self.operand.sentence(words))

    def denial(self, words: Words) -> str:
        """`x is known`."""
        return words("not_missing", value=self.operand.sentence(words))

    def compile(self, scope: Scope) -> Expression:
        """Never missing itself."""
        return call(Op.IS_MISSING, compile_as(self.operand, self.operand.type(scope), scope))

    def holds(self, record: Record, base: Base) -> bool:
        """The value is `None`."""
        return self.operand.value(record, base) is None


@dataclass(frozen=True)
class InSegment(Condition):
    """The customer is in a segment."""

    kind = "in_segment"
    of_customers = True
    name: str

    def __post_init__(self) -> None:
        clean(self.name)

    def children(self) -> Iterator[Node]:
        """None."""
        return iter(())

    def text(self) -> str:
        """`in_segment('name')`."""
        return f"in_segment({quoted(self.name)})"

    def sentence(self, words: Words) -> str:
        """`is in segment name`."""
        return words("in_segment", segment=words.said(self, words.name(self.name), "name"))

    def denial(self, words: Words) -> str:
        """`is not in segment name`."""
        return words("not_in_segment", segment=words.said(self, words.name(self.name), "name"))

    def check(self, names: Names) -> None:
        """There is such a segment."""
        if self.name not in names.schema.segments:
            with located(self.position):
                raise UnknownNameError("segment", self.name, names.schema.segments)

    def compile(self, scope: Scope) -> Expression:
        """What the scope knows of it."""
        return call(Op.MET, scope.segment(self.name))

    def holds(self, record: Record, base: Base) -> bool:  # noqa: ARG002
        """The record says so."""
        return self.name in record.segments


@spelled("in_segment")
def _read_segment(arguments: Arguments) -> InSegment:
    rest = arguments.rest()
    if len(rest) != 1:
        raise syntax_error("`in_segment` needs the name of one segment.", arguments.position)
    return InSegment(as_text(rest[0], "`in_segment`"))
