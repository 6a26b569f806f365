"""What every node of the tree is and must be able to do.

Two families: a *value* (a number, text, day …; may be missing) and a *condition* (true or false,
never missing). A *measure* is a node that is computed per customer from the rows of a fact; the
planner of the features room computes each distinct measure once and hands its column back.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from segmentry.core.time import AsOf
from segmentry.core.types import Type, Value
from segmentry.language.schema import Fact, Schema
from segmentry.sql.expression import Expression, Relation, Select


class Scope(Protocol):
    """Where a node is compiled: names become columns here.

    Rows of the customer table for rules and features; rows of a fact for a `where`.
    """

    schema: Schema
    as_of: AsOf

    def name(self, name: str) -> Expression:
        """The column of a feature (customer scope) or of a fact's field (row scope)."""

    def type(self, name: str) -> Type:
        """Type of that column."""

    def measure(self, measure: Measure) -> Expression:
        """The column that holds a measure. Customer scope only."""

    def statistic(self, statistic: Statistic) -> Expression:
        """The column that holds a statistic of the base. Customer scope only."""

    def segment(self, name: str) -> Expression:
        """Whether the customer is in a segment. Customer scope only."""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A quantile of a feature over the base: all customers at as_of who have a value for it."""

    feature: str
    share: float


class FactRows(Protocol):
    """The rows of a fact that a measure reads, as the planner lays them out.

    The relation has one row per fact row with instant < as_of (and inside the measure's window, and
    meeting its `where`), the column `customer_no`, and a column for each field named.
    """

    schema: Schema
    as_of: AsOf
    fact: Fact

    def scope(self) -> Scope:
        """The scope in which fields of the fact are names."""

    def select(
        self,
        columns: Mapping[str, Expression],
        *,
        grouped: bool = True,
        where: Expression | None = None,
    ) -> Select:
        """`columns` computed from the rows; with `grouped`, per `customer_no`, which comes first."""


@dataclass(frozen=True)
class Record:
    """One customer as plain Python, for the naive meaning: `value` and `holds` read only this.

    `facts` has all rows of each fact (later ones too: the node must leave them out), each a dict
    of the fact's fields plus its instant, day and hour columns, stored in no particular order.
    """

    customer_id: str
    features: Mapping[str, Value] = field(default_factory=dict)
    facts: Mapping[str, Sequence[Mapping[str, Value]]] = field(default_factory=dict)
    segments: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Base:
    """The customers among whom one is looked at, and the instant; what population nodes read."""

    as_of: AsOf
    records: Sequence[Record]
    schema: Schema


class Node(ABC):
    """A part of a rule or feature. Frozen, compared by content, checked when it is made.

    The five duties: kind and fields; what it uses (`children`); how it compiles; its sentence;
    its plain meaning (`value` of a value, `holds` of a condition).
    """

    kind: ClassVar[str]

    @abstractmethod
    def children(self) -> Iterator[Node]:
        """The nodes directly inside."""

    @abstractmethod
    def text(self) -> str:
        """Spelling that parses back to an equal node."""

    @abstractmethod
    def compile(self, scope: Scope) -> Expression:
        """The node as an expression over the scope's columns. Conditions are never missing."""

    @abstractmethod
    def as_json(self) -> dict[str, Any]:
        """The JSON face: `kind` and the fields."""

    def walk(self) -> Iterator[Node]:
        """This node and all below, outermost first."""
        yield self
        for child in self.children():
            yield from child.walk()


class ValueNode(Node):
    """A value about a customer, or about a fact's row inside a `where`."""

    @abstractmethod
    def type(self, scope: Scope) -> Type:
        """Type of the value; raises `RuleTypeError` when the parts do not fit."""

    @abstractmethod
    def value(self, record: Record, base: Base) -> Value:
        """The plain meaning for one customer; `None` is missing."""


class Condition(Node):
    """True or false about a customer or a row; never missing."""

    @abstractmethod
    def holds(self, record: Record, base: Base) -> bool:
        """The plain meaning for one customer."""


class Measure(ValueNode):
    """A value computed per customer from the rows of a fact.

    `empty` is its value for a customer without such rows: 0 for counts, else missing.
    """

    fact: str
    where: Condition | None
    window: Any
    empty: ClassVar[Value]

    @abstractmethod
    def select(self, rows: FactRows) -> Relation:
        """Rows (`customer_no`, `value`), at most one per customer."""


__all__ = [
    "Base",
    "Condition",
    "FactRows",
    "Measure",
    "Node",
    "Record",
    "Scope",
    "Statistic",
    "ValueNode",
]
