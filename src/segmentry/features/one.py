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
from segmentry.language.prepared import Asked, Prepared
from segmentry.language.schema import Fact
from segmentry.language.window import Window
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


@dataclass(frozen=True)
class _Read:
    """Which rows a measure reads: equal numbers, the same rows."""

    fact: str
    window: int
    where: int
    condition: Asked | None


@dataclass
class Trees:
    """The trees of features and rules, prepared for one schema and zone, and then kept.

    Args:
        rules: Trees of the saved segments.
    """

    features: Features
    timezone: str
    rules: Mapping[str, Condition] = field(default_factory=dict)
    _of_rows: dict[str, Prepared] = field(default_factory=dict)
    _reads: dict[int, tuple[Measure, _Read]] = field(default_factory=dict)
    _windows: dict[Window, int] = field(default_factory=dict)
    _wheres: dict[tuple[str, Condition | None], int] = field(default_factory=dict)
    _bounds: dict[int, tuple[datetime | None, datetime]] = field(default_factory=dict)
    _bounds_of: AsOf | None = None

    @cached_property
    def of_customers(self) -> Prepared:
        """For conditions on customers, and their values."""
        return Prepared(self.features.schema, self.timezone)

    @cached_property
    def of_features(self) -> Mapping[str, Asked]:
        """Features by name."""
        return {each.name: self.of_customers(each.node) for each in self.features}

    @cached_property
    def of_segments(self) -> Mapping[str, Asked]:
        """Rules of segments by name."""
        return {name: self.of_customers(rule) for name, rule in self.rules.items()}

    @cached_property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """Fields that rows can be asked for, by fact."""
        return {name: row_fields(fact) for name, fact in self.features.schema.facts.items()}

    def of_rows(self, fact: Fact) -> Prepared:
        """For conditions on rows of a fact."""
        if fact.name not in self._of_rows:
            self._of_rows[fact.name] = Prepared(row_schema(fact), self.timezone)
        return self._of_rows[fact.name]

    def read(self, measure: Measure) -> _Read:
        """What a measure reads, found out once; the measure is kept, so that its id is its own."""
        if id(measure) not in self._reads:
            fact, where = self.features.schema.fact(measure.fact), measure.where
            read = _Read(
                fact.name,
                self._windows.setdefault(measure.window, len(self._windows)),
                self._wheres.setdefault((fact.name, where), len(self._wheres)),
                None if where is None else self.of_rows(fact)(where),
            )
            self._reads[id(measure)] = measure, read
        return self._reads[id(measure)][1]

    def bounds(self, measure: Measure, as_of: AsOf) -> tuple[datetime | None, datetime]:
        """The limits of a measure's window, kept as long as the instant stays."""
        if as_of != self._bounds_of:
            self._bounds.clear()
            self._bounds_of = as_of
        window = self.read(measure).window
        if window not in self._bounds:
            self._bounds[window] = measure.window.bounds(as_of)
        return self._bounds[window]


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
    _chosen: dict[tuple[int, int], Sequence[Row]] = field(default_factory=dict)
    _met: dict[int, Sequence[bool]] = field(default_factory=dict)

    def chosen(self, measure: Measure, as_of: AsOf, trees: Trees, base: Base) -> Sequence[Row]:
        """Those that a measure reads."""
        read = trees.read(measure)
        key = (read.window, read.where)
        if key not in self._chosen:
            start, end = trees.bounds(measure, as_of)
            low = 0 if start is None else bisect_left(self.instants, start)
            high = bisect_left(self.instants, end)
            found = self.rows[low:high]
            if read.condition is not None and found:
                met = self._conditions(read.where, read.condition, base)[low:high]
                found = [row for row, meets in zip(found, met, strict=True) if meets]
            self._chosen[key] = found
        return self._chosen[key]

    def _conditions(self, where: int, condition: Asked, base: Base) -> Sequence[bool]:
        if where not in self._met:
            self._met[where] = [condition(record, base) for record in self.records]
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
        return here.chosen(measure, self.as_of, self.trees, self._rows_base(fact))

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
        asked = self.base.trees.of_features.get(name)
        value: Value = None if asked is None else asked(self.record, self.base)
        self[name] = value
        return value

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ARG002 - a missing one is `None`
        """The feature."""
        return self[name]


class _Segments:
    """Membership in segments by name, computed when asked for."""

    base: Alone
    record: Record

    def __init__(self) -> None:
        self._found: dict[object, bool] = {}

    def __contains__(self, name: object) -> bool:
        if name not in self._found:
            asked = self.base.trees.of_segments[str(name)]
            self._found[name] = bool(asked(self.record, self.base))
        return self._found[name]


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
) -> One:
    """A customer from the rows of the tables that facts are read from.

    Args:
        traits: Columns of the customer, as they are stored.
        tables: Rows by the name of their table (`orders`), in any order.
    """
    schema = trees.features.schema
    here = {name: list(rows) for name, rows in tables.items()}
    by_fact = {
        name: _in_order(fact, here.get(fact.table, ()), trees, others, customer_id)
        for name, fact in schema.facts.items()
    }
    base = Alone(as_of, (), schema, trees=trees, others=others, by_fact=by_fact)
    own = {name: value for name, value in traits.items() if name not in trees.features.known}
    features, segments = _Lazily(own), _Segments()
    record = Record(customer_id, features, {}, segments, traits)
    features.base = segments.base = base
    features.record = segments.record = record
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
