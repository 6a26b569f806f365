"""What every node of the tree is and must be able to do.

Two families: a *value* (a number, text, day …; may be missing) and a *condition* (true or false,
never missing). A *measure* is a node that is computed per customer from the rows of a fact; the
planner of the features room computes each distinct measure once and hands its column back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar, Protocol

from segmentry.core.errors import RuleTypeError
from segmentry.core.time import AsOf
from segmentry.core.types import Type, Value
from segmentry.language.base import Base, Record, Statistic
from segmentry.language.kept import kept_type
from segmentry.language.names import FieldNames, row_fields
from segmentry.language.position import Position, located
from segmentry.language.schema import Fact, Schema
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words, traced
from segmentry.sql.expression import Column, Expression, Relation, Select, call
from segmentry.sql.operators import Op


class Names(Protocol):
    """What names mean where a node stands; enough to check types."""

    @property
    def schema(self) -> Schema:
        """What exists on the workspace."""

    def type(self, name: str) -> Type:
        """Type of a feature (customers) or of a field (rows)."""


class Scope(Names, Protocol):
    """Where a node is compiled: names become columns here.

    Rows of the customer table for rules and features; rows of a fact for a `where`.
    """

    @property
    def as_of(self) -> AsOf:
        """The instant."""

    def name(self, name: str) -> Expression:
        """The column of a feature, or `customer_id` (customers), or of what `row_fields` has."""

    def measure(self, measure: Measure) -> Expression:
        """The column that holds a measure, `empty` where there are no rows. Customer scope only."""

    def statistic(self, statistic: Statistic) -> Expression:
        """The column that holds a statistic of the base. Customer scope only."""

    def segment(self, name: str) -> Expression:
        """Whether the customer is in a segment. Customer scope only."""


class FactRows(Protocol):
    """The rows of a fact that a measure reads, as the planner lays them out.

    The relation has one row per fact row with instant < as_of (and inside the measure's window, and
    meeting its `where`), the column `customer_no`, and a column for each field named.
    """

    @property
    def schema(self) -> Schema:
        """What exists on the workspace."""

    @property
    def as_of(self) -> AsOf:
        """The instant; no row at or after it is read."""

    @property
    def fact(self) -> Fact:
        """What the rows are rows of."""

    def scope(self) -> Scope:
        """The scope in which fields of the fact are names."""

    def select(
        self,
        columns: Mapping[str, Expression],
        *,
        grouped: bool = True,
        where: Expression | None = None,
    ) -> Select:
        """`customer_no`, then `columns` computed from the rows; one row a customer if `grouped`."""


@dataclass(frozen=True, eq=False)
class Node(ABC):
    """A part of a rule or feature. Frozen, compared by content without its position.

    The duties: kind and fields; what it uses (`children`, `names`); whether it makes sense
    (`check`); how it compiles; its text, JSON and sentence; its plain meaning (`value` of a value,
    `holds` of a condition).

    Args:
        position: Where it stood in the text; `None` when it was not read from a text.
    """

    kind: ClassVar[str]
    of_customers: ClassVar[bool] = False
    """Whether it can only be asked of a customer, so that it has no place in a `where`."""
    binding: ClassVar[int] = 9
    """How tightly its spelling holds together: OR 1, AND 2, NOT 3, comparison 4, sum 5, product 6,
    minus 7, anything closed 9."""

    position: Position | None = field(default=None, kw_only=True, compare=False, repr=False)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        for name in {"sentence", "denial"} & vars(cls).keys():
            setattr(cls, name, traced(vars(cls)[name]))

    @abstractmethod
    def children(self) -> Iterator[Node]:
        """The nodes directly inside."""

    @abstractmethod
    def text(self) -> str:
        """Spelling that parses back to an equal node."""

    @abstractmethod
    def compile(self, scope: Scope) -> Expression:
        """The node as an expression over the scope's columns. Conditions are never missing."""

    def as_json(self) -> dict[str, Any]:
        """The JSON face: `kind` and the fields, those left out that say nothing."""
        return {"kind": self.kind} | {
            each.name: _as_json(value)
            for each in fields(self)
            if each.compare and (value := getattr(self, each.name)) not in (None, ALL_TIME)
        }

    def sentence(self, words: Words) -> str:  # noqa: ARG002
        """The node in words of a language; its text, where there is no better way to say it."""
        return self.text()

    def names(self) -> list[str]:
        """Features (in a `where`: fields) that this node itself reads, its children left out."""
        return []

    def statistics(self) -> list[Statistic]:
        """Statistics of the base that this node itself asks for."""
        return []

    def repeats(self) -> int:
        """How many times the innermost part is spelled, or taken over by the engine, in its SQL."""
        return max((child.repeats() for child in self.children()), default=1)

    def walk(self) -> Iterator[Node]:
        """This node and all below, outermost first."""
        yield self
        for child in self.children():
            yield from child.walk()

    def inside(self, binding: int) -> str:
        """Its text as an operand: in parentheses if it holds together less tightly."""
        return self.text() if self.binding >= binding else f"({self.text()})"


class ValueNode(Node):
    """A value about a customer, or about a fact's row inside a `where`."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "type" in vars(cls):
            cls.type = kept_type(cls.type)  # type: ignore[method-assign, assignment]

    @abstractmethod
    def type(self, names: Names) -> Type:
        """Type of the value; raises `RuleTypeError` when the parts do not fit."""

    @abstractmethod
    def value(self, record: Record, base: Base) -> Value:
        """The plain meaning for one customer; `None` is missing."""


class Condition(Node):
    """True or false about a customer or a row; never missing."""

    @abstractmethod
    def holds(self, record: Record, base: Base) -> bool:
        """The plain meaning for one customer."""

    def check(self, names: Names) -> None:
        """Make sure that names exist and types fit.

        Raises:
            UnknownNameError: A name does not exist.
            RuleTypeError: Parts do not fit together.
        """
        for child in self.children():
            check_node(child, names)

    def denial(self, words: Words) -> str:
        """The negation in words."""
        return words("not_so", condition=self.sentence(words))


def check_node(node: Node, names: Names) -> None:
    """Check a value or a condition."""
    if isinstance(node, ValueNode):
        node.type(names)
    elif isinstance(node, Condition):
        node.check(names)


class Measure(ValueNode):
    """A value computed per customer from the rows of a fact.

    The planner hands it those rows only that lie in `window` and meet `where`.
    """

    of_customers = True
    fusible: ClassVar[bool] = True
    """Whether `expression` says it all, so that measures over the same rows share a select."""

    fact: str
    where: Condition | None
    window: Window

    @property
    @abstractmethod
    def empty(self) -> Value:
        """Its value for a customer without such rows: 0 for counts, else missing."""

    @abstractmethod
    def expression(self, scope: Scope) -> Expression:
        """The value as an aggregate over the rows of one customer; for fusible measures."""

    @property
    def windows(self) -> tuple[Window, ...]:
        """The windows whose edges decide about its value as time goes on."""
        return (self.window,)

    @abstractmethod
    def own_fields(self) -> tuple[str, ...]:
        """Fields that it reads itself, beside those of the conditions inside."""

    def check_rows(self, names: Names) -> FieldNames:
        """Make sure that the fact, the fields and the conditions on rows make sense.

        Raises:
            UnknownNameError: The fact or a field does not exist.
            RuleTypeError: A condition on rows asks something of the customer, or does not fit.
        """
        with located(self.position):
            inner = FieldNames(names.schema, names.schema.fact(self.fact))
            for name in self.own_fields():
                inner.type(name)
        for child in self.children():
            for node in child.walk():
                if node.of_customers:
                    with located(node.position):
                        raise RuleTypeError(
                            f"`{node.text()[:60]}` is asked of customers, not of rows.",
                            fix="Put it outside of the `where`, joined by AND.",
                        )
            check_node(child, inner)
        return inner

    def fields(self) -> list[str]:
        """Every field of the fact that it reads, each once."""
        inner = (
            name for child in self.children() for node in child.walk() for name in node.names()
        )
        return list(dict.fromkeys([*self.own_fields(), *inner]))

    def counted(self, words: Words, key: str, number: Value) -> str:  # noqa: ARG002
        """Comparison with a number as people say it (`at least 3 orders`); empty if none."""
        return ""

    def children(self) -> Iterator[Node]:
        """The condition on its rows."""
        if self.where is not None:
            yield self.where

    def compile(self, scope: Scope) -> Expression:
        """The column in which the planner keeps it."""
        return scope.measure(self)

    def select(self, rows: FactRows) -> Relation:
        """Rows (`customer_no`, `value`), at most one per customer."""
        return rows.select({"value": self.expression(rows.scope())})


class WeightedMeasure(Measure):
    """A measure over how much each value of a field weighs with a customer."""

    @abstractmethod
    def weights(self, record: Record, base: Base) -> Mapping[Value, Any]:
        """Weight of each value in one customer's rows."""

    @abstractmethod
    def cells(self, rows: FactRows) -> Select:
        """One row for each customer and value: `customer_no`, `value`, `weight`."""


class MeasuredCondition(Measure, Condition):
    """A condition decided by a customer's rows: false for a customer without any."""

    @property
    def empty(self) -> Value:
        """Not met."""
        return False

    def type(self, names: Names) -> Type:
        """A truth value."""
        self.check(names)
        return Type.BOOLEAN

    def check(self, names: Names) -> None:
        """The fact, its fields and the conditions on rows."""
        self.check_rows(names)

    def compile(self, scope: Scope) -> Expression:
        """Whether the planner's column is true."""
        return call(Op.MET, scope.measure(self))

    def holds(self, record: Record, base: Base) -> bool:
        """The plain meaning."""
        return bool(self.value(record, base))


def column(scope: Scope, fact: Fact, name: str, type: Type) -> Expression:  # noqa: A002
    """A column of a fact's rows: what can be named, or a key that cannot."""
    return scope.name(name) if name in row_fields(fact) else Column(name, type)


def _as_json(value: Any) -> Any:
    match value:
        case Node() | Window():
            return value.as_json()
        case tuple():
            return [_as_json(each) for each in value]
        case bool() | int():
            return value
        case _:
            return str(value)


__all__ = [
    "Base",
    "Condition",
    "FactRows",
    "Measure",
    "MeasuredCondition",
    "Names",
    "Node",
    "Record",
    "Scope",
    "Statistic",
    "ValueNode",
    "WeightedMeasure",
    "check_node",
    "column",
]
