"""Where the customer table is computed: the workspace's own file, PostgreSQL, or Spark.

Loading, checks and identity work on the desk, a DuckDB file in the workspace's folder. Another
engine follows it: before anything is computed there, the relations that features read are brought
to what they are on the desk, all of them in one transaction, so that the engine holds the old
state or the new one. Sensitive fields that are locked stay on the desk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.engines.engine import Engine
from segmentry.features.compile import CUSTOMERS, CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.language.listed import ENTRIES
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.sql.expression import Column, Select, Table, call
from segmentry.sql.operators import Op
from segmentry.workspace import snapshot

HELD = "segmentry_relations"
"""The engine's table of what it holds, with a mark that changes when the desk's data do."""
TAKEN = "segmentry_snapshot"
"""The engine's table that says what its snapshot of features is of."""

UNSIGNED = {"UTINYINT": "SMALLINT", "USMALLINT": "INTEGER", "UINTEGER": "BIGINT"}
"""Types that only DuckDB has, with the next wider one that every engine has."""


@dataclass(frozen=True)
class Warehouse:
    """The engine of a workspace, and the desk that it follows."""

    desk: DuckDB
    engine: Engine

    @property
    def is_desk(self) -> bool:
        """Whether customers are computed on the desk itself."""
        return self.engine is self.desk

    def close(self) -> None:
        """Let go of an engine of its own."""
        if not self.is_desk:
            self.engine.close()

    # facts

    def follow(
        self, schema: Schema, progress: Callable[[str, int, int], None] = lambda *_: None
    ) -> None:
        """Bring the relations that features read to what they are on the desk."""
        if self.is_desk:
            return
        wanted = {name: self._selected(name, schema) for name in _relations(schema)}
        marks = {name: self._mark(query) for name, query in wanted.items()}
        held = self._held()
        stale = [name for name in wanted if held.get(name) != marks[name]]
        if not stale:
            return
        with self.engine.transaction():
            for place, name in enumerate(stale):
                progress("bring up the engine", place, len(stale))
                self.engine.write(name, self.desk.stream(wanted[name]))
            self.engine.write(HELD, _texts(("relation", "mark"), sorted((held | marks).items())))

    def _selected(self, name: str, schema: Schema) -> str:
        columns = self.desk.columns(name)
        locked = _locked(name, schema)
        shown = ", ".join(
            f"{quote(column)}::{UNSIGNED[kind]} AS {quote(column)}"
            if kind in UNSIGNED
            else quote(column)
            for column, kind in columns.items()
            if column not in locked
        )
        return f"SELECT {shown} FROM {quote(name)}"

    def _mark(self, query: str) -> str:
        return hashlib.sha256(f"{snapshot.data_mark(self.desk)}\n{query}".encode()).hexdigest()

    def _held(self) -> dict[str, str]:
        if HELD not in self.engine.tables():
            return {}
        return dict(self.engine.rows(_all(HELD, ("relation", "mark"))))

    # customers

    def customers(
        self, features: Features, as_of: AsOf, rules: Mapping[str, Condition]
    ) -> Customers:
        """The customer table as of an instant; from the last refresh, if that is still true."""
        self.follow(features.schema)
        source = self.source(features, as_of)
        return Customers(self.engine, self.desk, features, as_of, rules, source)

    def at(self, customers: Customers, as_of: AsOf) -> Customers:
        """The same customers as of another instant."""
        return replace(customers, as_of=as_of, source=self.source(customers.features, as_of))

    # features

    def take(self, customers: Customers) -> int:
        """Compute every feature as of an instant into a table; returns the number of customers."""
        if self.is_desk:
            return snapshot.take(customers)
        names = customers.features.schema.features
        self.engine.create(snapshot.SNAPSHOT, customers.query(customers.named(names)))
        mark = snapshot.fingerprint(self.desk, customers.features)
        self.engine.write(TAKEN, _texts(("as_of", "mark"), [(str(customers.as_of.instant), mark)]))
        everybody = {"customers": call(Op.COUNT_ROWS, type=Type.INTEGER)}
        return int(self.engine.value(Select(Table(snapshot.SNAPSHOT), everybody)))

    def forget(self) -> None:
        """Let the computed features go; they are computed anew when asked for."""
        snapshot.forget(self.desk)
        if not self.is_desk:
            self.engine.drop(snapshot.SNAPSHOT)
            self.engine.drop(TAKEN)

    def source(self, features: Features, as_of: AsOf) -> CustomerSource:
        """The snapshot, if it is of this instant and still true; else the customers themselves."""
        if self.is_desk:
            return snapshot.source(self.desk, features, as_of)
        if TAKEN not in self.engine.tables():
            return CUSTOMERS
        [(instant, mark)] = self.engine.rows(_all(TAKEN, ("as_of", "mark")))
        if instant != str(as_of.instant) or mark != snapshot.fingerprint(self.desk, features):
            return CUSTOMERS
        return snapshot.ready(features)


def _relations(schema: Schema) -> Iterable[str]:
    """What the trees of features and rules read."""
    facts = schema.facts.values()
    joined = {each.table for fact in facts for each in fact.dimensions.values()}
    read = {counted("customers"), counted(ENTRIES.table), *(fact.source for fact in facts)}
    return sorted(read | joined)


def _locked(name: str, schema: Schema) -> Mapping[str, str]:
    if name == counted("customers"):
        return schema.locked
    found: dict[str, str] = {}
    for fact in schema.facts.values():
        if name in (fact.source, *(each.table for each in fact.dimensions.values())):
            found |= fact.locked
    return found


def _texts(names: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True))
    return pa.table({name: pa.array(columns[place]) for place, name in enumerate(names)})


def _all(table: str, names: Iterable[str]) -> Select:
    return Select(Table(table), {name: Column(name, Type.TEXT) for name in names})
