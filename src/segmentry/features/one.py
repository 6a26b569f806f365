"""One customer in the process: features computed from the rows at hand, each once, when asked for.

The same trees as everywhere, by their plain meaning. What only all customers together can say, the
`Others`, comes from the last refresh.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from segmentry.core.time import AsOf
from segmentry.core.types import Value
from segmentry.features.derived import plain
from segmentry.features.known import Features
from segmentry.language.base import Base, Record, Row, Statistic, in_order
from segmentry.language.names import row_fields, row_schema
from segmentry.language.node import Condition, Measure, WeightedMeasure
from segmentry.language.prepared import Prepared
from segmentry.language.schema import Fact
from segmentry.sql.expression import Column, Over
from segmentry.sql.operators import Op

Joined = Mapping[str, Mapping[str, Value]]
"""Rows of joined tables that belong to a row of a fact, by table."""


@dataclass(frozen=True)
class Stored:
    """A row of a fact's table as it is stored, and the rows joined to it."""

    own: Mapping[str, Value]
    joined: Joined = field(default_factory=dict)


@dataclass(frozen=True)
class Others:
    """What is known of all customers together, as of the last refresh.

    Args:
        statistics: Limits of features over the base.
        weights: Of a measure that compares with the base, the weight of each value in it.
        usual: Of a value over other customers' rows, such as a median price, what it is by group.
    """

    statistics: Mapping[Statistic, float | None] = field(default_factory=dict)
    weights: Mapping[WeightedMeasure, Mapping[Value, Any]] = field(default_factory=dict)
    usual: Mapping[Over, Mapping[Value, Value]] = field(default_factory=dict)


@dataclass
class Trees:
    """The trees of features and rules, prepared for one schema and zone."""

    features: Features
    timezone: str
    of_customers: Prepared = field(init=False)
    _of_rows: dict[str, Prepared] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.of_customers = Prepared(self.features.schema, self.timezone)

    def of_rows(self, fact: Fact) -> Prepared:
        """For conditions on rows of a fact."""
        if fact.name not in self._of_rows:
            self._of_rows[fact.name] = Prepared(row_schema(fact), self.timezone)
        return self._of_rows[fact.name]

    @cached_property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """Fields that rows can be asked for, by fact."""
        return {name: row_fields(fact) for name, fact in self.features.schema.facts.items()}


class FactRow(dict[str, Value]):
    """A row whose derived fields are computed when asked for."""

    __slots__ = ("fact", "fields", "others", "previous", "stored")

    def __init__(self, stored: Stored, fact: Fact, fields: Mapping[str, Any], others: Others):
        super().__init__()
        self.stored, self.fact, self.fields, self.others = stored, fact, fields, others
        self.previous: FactRow | None = None

    def __missing__(self, name: str) -> Value:
        known = self.fields.get(name)
        if known is None:
            value = self.stored.own.get(name)
        elif known.derived is not None:
            value = plain(known.derived, self)
        else:
            value = self.cell(Column(name, known.type, known.dimension))
        self[name] = value
        return value

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ARG002 - a missing one is `None`
        """The field."""
        return self[name]

    def cell(self, column: Column) -> Value:
        """The value in a stored column."""
        if column.relation:
            return self.stored.joined.get(column.relation, {}).get(column.name)
        return self.stored.own.get(column.name)

    def around(self, tree: Over) -> Value:
        """The value in the customer's row before, or what is usual in the row's group."""
        if tree.call.op is Op.PREVIOUS:
            return None if self.previous is None else plain(tree.call.operands[0], self.previous)
        return self.others.usual.get(tree, {}).get(plain(tree.partition[0], self))


@dataclass(frozen=True, eq=False)
class _FactRows:
    """A customer's rows of one fact, in order."""

    rows: Sequence[FactRow]
    instants: Sequence[datetime]
    records: Sequence[Record]
    _chosen: dict[Any, Sequence[Row]] = field(default_factory=dict)
    _met: dict[Condition, Sequence[bool]] = field(default_factory=dict)

    def chosen(self, measure: Measure, as_of: AsOf, prepared: Prepared, base: Base) -> list[Row]:
        key = (measure.window, measure.where)
        if key not in self._chosen:
            start, end = measure.window.bounds(as_of)
            low = 0 if start is None else bisect_left(self.instants, start)
            high = bisect_left(self.instants, end)
            found = self.rows[low:high]
            if measure.where is not None and found:
                met = self._conditions(measure.where, prepared, base)[low:high]
                found = [row for row, meets in zip(found, met, strict=True) if meets]
            self._chosen[key] = found
        return list(self._chosen[key])

    def _conditions(self, where: Condition, prepared: Prepared, base: Base) -> Sequence[bool]:
        if where not in self._met:
            asked = prepared(where)
            self._met[where] = [asked(record, base) for record in self.records]
        return self._met[where]


@dataclass(frozen=True, eq=False)
class Alone(Base):
    """One customer's rows at hand, and of the others what the last refresh knew."""

    trees: Trees = field(kw_only=True)
    others: Others = field(kw_only=True)
    by_fact: Mapping[str, _FactRows] = field(default_factory=dict, kw_only=True)
    _measured: dict[int, Value] = field(default_factory=dict, kw_only=True)
    _of_rows: dict[str, Base] = field(default_factory=dict, kw_only=True)

    def rows(self, measure: Measure, record: Record) -> Sequence[Row]:  # noqa: ARG002
        """The customer's rows that a measure reads, in order."""
        here = self.by_fact.get(measure.fact)
        if here is None:
            return []
        fact = self.schema.fact(measure.fact)
        return here.chosen(measure, self.as_of, self.trees.of_rows(fact), self._rows_base(fact))

    def meets(self, condition: Condition, row: Row, fact: Fact, record: Record) -> bool:
        """Whether a row meets a condition on rows."""
        here = Record(record.customer_id, features=row)
        return bool(self.trees.of_rows(fact)(condition)(here, self._rows_base(fact)))

    def measured(self, measure: Measure, record: Record) -> Value:
        """What a measure is for the customer, computed once."""
        key = id(measure)
        if key not in self._measured:
            self._measured[key] = measure.value(record, self)
        return self._measured[key]

    def statistic(self, statistic: Statistic) -> float | None:
        """A limit as the last refresh knew it."""
        return self.others.statistics[statistic]

    def weights(self, measure: WeightedMeasure) -> Mapping[Value, Any]:
        """Weights as the last refresh knew them."""
        return self.others.weights[measure]

    def _rows_base(self, fact: Fact) -> Base:
        if fact.name not in self._of_rows:
            self._of_rows[fact.name] = Base(self.as_of, (), row_schema(fact))
        return self._of_rows[fact.name]


class _Lazily(dict[str, Value]):
    """Features by name, computed when asked for; traits are there already."""

    __slots__ = ("base", "record")
    base: Alone
    record: Record

    def __missing__(self, name: str) -> Value:
        known = self.base.trees.features.known.get(name)
        if known is None:
            return None
        value: Value = self.base.trees.of_customers(known.node)(self.record, self.base)
        self[name] = value
        return value

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ARG002 - a missing one is `None`
        """The feature."""
        return self[name]


class _Segments:
    """Membership in segments by name, computed when asked for."""

    def __init__(self, rules: Mapping[str, Condition]) -> None:
        self.rules, self.found = rules, dict[str, bool]()

    def of(self, record: Record, base: Alone) -> None:
        """Speak of this customer."""
        self.record, self.base = record, base

    def __contains__(self, name: object) -> bool:
        assert isinstance(name, str)
        if name not in self.found:
            asked = self.base.trees.of_customers(self.rules[name])
            self.found[name] = bool(asked(self.record, self.base))
        return self.found[name]


@dataclass(frozen=True)
class One:
    """A customer as of an instant: features and segments, computed when asked for, each once."""

    record: Record
    base: Alone

    def feature(self, name: str) -> Value:
        """The value of a feature or trait."""
        found: Value = self.record.features.get(name)
        return found

    def holds(self, rule: Condition) -> bool:
        """Whether the customer meets a rule."""
        return bool(self.base.trees.of_customers(rule)(self.record, self.base))

    def is_in(self, segment: str) -> bool:
        """Whether the customer is in a segment."""
        return segment in self.record.segments


def one(
    customer_id: str,
    traits: Mapping[str, Value],
    tables: Mapping[str, Iterable[Stored]],
    *,
    as_of: AsOf,
    trees: Trees,
    others: Others,
    rules: Mapping[str, Condition],
) -> One:
    """A customer from the rows of the tables that facts are read from.

    Args:
        traits: Columns of the customer, as they are stored.
        tables: Rows by the name of their table (`orders`), in any order.
        rules: Trees of the segments.
    """
    schema = trees.features.schema
    here = {name: list(rows) for name, rows in tables.items()}
    by_fact = {
        name: _in_order(fact, here.get(fact.table, ()), trees, others, customer_id)
        for name, fact in schema.facts.items()
    }
    base = Alone(as_of, (), schema, trees=trees, others=others, by_fact=by_fact)
    own = {name: value for name, value in traits.items() if name not in trees.features.known}
    features, segments = _Lazily(own), _Segments(rules)
    record = Record(customer_id, features, {}, segments, traits)
    features.base, features.record = base, record
    segments.of(record, base)
    return One(record, base)


def _in_order(
    fact: Fact, rows: Iterable[Stored], trees: Trees, others: Others, customer_id: str
) -> _FactRows:
    fields = trees.fields[fact.name]
    made = [FactRow(each, fact, fields, others) for each in rows]
    if fact.where is not None:
        where = fact.where
        made = [row for row in made if plain(where, row) is True]
    made.sort(key=lambda row: in_order(row, fact))
    for before, after in pairwise(made):
        after.previous = before
    instants: list[Any] = [row[fact.instant] for row in made]
    records = [Record(customer_id, features=row) for row in made]
    return _FactRows(made, instants, records)


__all__ = ["One", "Others", "Stored", "Trees", "one"]
