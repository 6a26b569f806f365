"""Where the customer table is computed: the workspace's own file, PostgreSQL, or Spark.

Loading, checks and identity work on the desk, a DuckDB file in the workspace's folder. Another
engine follows it: before anything is computed there, the relations that features read are brought
to what they are on the desk, all of them in one transaction, so that the engine holds the old
state or the new one. Sensitive fields that are locked stay on the desk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import uuid4

import pyarrow as pa

from segmentry.core.errors import UsageError
from segmentry.core.progress import Progress, unwatched
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.changes import UNITS, changes_since
from segmentry.data.identity.counted import counted
from segmentry.data.tables import LOAD, TABLES
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.engines.engine import Engine
from segmentry.features.compile import CUSTOMERS, CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.language.listed import ENTRIES
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.segments import past
from segmentry.sql.expression import Column, Select, Table, call
from segmentry.sql.operators import Op
from segmentry.workspace import snapshot

HELD, HOLDING = "segmentry_relations", ("relation", "mark", "change", "load")
"""The engine's table of what it holds, and of which state of the desk."""
OWNER = "segmentry_workspace"
"""The engine's table that says whose it is, and the desk's that says who it is."""
TAKEN = "segmentry_snapshot"
"""The engine's table that says what its snapshot of features is of."""
KEPT = "segmentry_kept"
"""The engine's table of the features and traits in it; without it, all are."""

STAYS, ROWS_AT_ONCE = "membership", 2_000_000
"""The engine's table of who was in which segment when, and how much of it is in memory at once."""
LISTED = counted(ENTRIES.table)
UNSIGNED = {"UTINYINT": "SMALLINT", "USMALLINT": "INTEGER", "UINTEGER": "BIGINT"}
"""Types that only DuckDB has, with the next wider one that every engine has."""


def _bundled(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows of many tables in few."""
    waiting: list[pa.Table] = []
    for each in tables:
        waiting.append(each)
        if sum(map(len, waiting)) >= ROWS_AT_ONCE:
            yield pa.concat_tables(waiting)
            waiting = []
    if waiting:
        yield pa.concat_tables(waiting)


def _identity(desk: DuckDB) -> str:
    if OWNER not in desk.tables():
        desk.write(OWNER, _texts(("workspace",), [(uuid4().hex,)]))
    return str(desk.value(_all(OWNER, ("workspace",))))


class _State(NamedTuple):
    """What a relation is of: its columns, the last change of its tables, the last load."""

    mark: str
    change: str
    load: str


class _Relation(NamedTuple):
    name: str
    query: str
    made_of: frozenset[str]
    state: _State


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

    def claimed(self) -> Warehouse:
        """The same, once it is sure that no other workspace keeps its tables in the engine.

        Raises:
            UsageError: Another one does; nothing was changed.
        """
        own = _identity(self.desk)
        try:
            if OWNER in self.engine.tables():
                [(owner,)] = self.engine.rows(_all(OWNER, ("workspace",)))
                if owner != own:
                    raise UsageError(
                        "another workspace keeps its tables there.",
                        fix="Give this one a schema of its own: `engine_schema` in segmentry.yaml.",
                    )
            else:
                self.engine.write(OWNER, _texts(("workspace",), [(own,)]))
        except BaseException:
            self.close()
            raise
        return self

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on the desk and in the engine; the engine keeps what it has first."""
        with self.desk.transaction():
            if self.is_desk:
                yield
            else:
                with self.engine.transaction():
                    yield

    # facts

    def follow(self, schema: Schema, progress: Progress = unwatched) -> None:
        """Bring the relations that features read to what they are on the desk."""
        if self.is_desk:
            return
        held, wanted = self._held(), {each.name: each for each in self._relations(schema)}
        stale = [each for each in wanted.values() if held.get(each.name) != each.state]
        if not stale:
            return
        with self.engine.transaction():
            for place, each in enumerate(stale):
                progress("engine", place, len(stale))
                self._bring(each, held.get(each.name))
            states = held | {each.name: each.state for each in stale}
            self.engine.write(HELD, _texts(HOLDING, [(name, *states[name]) for name in states]))

    def _bring(self, relation: _Relation, held: _State | None) -> None:
        """Add the rows that only came since, if nothing else happened; else write all anew."""
        came = held and held.mark == relation.state.mark and self._only_added(relation, held)
        if held and came:
            new = f"{relation.query} WHERE {LOAD} > {int(held.load)}"
            self.engine.append(relation.name, self.desk.stream(new))
        else:
            self.engine.write(relation.name, self.desk.stream(relation.query))

    def _only_added(self, relation: _Relation, held: _State) -> bool:
        """Whether no row that is held was changed, and the new ones say which load they are of."""
        since = changes_since(self.desk, int(held.change))
        replaced = any(each.replaced and each.relation in relation.made_of for each in since)
        return not replaced and LOAD in self.desk.columns(relation.name)

    def _relations(self, schema: Schema) -> Iterator[_Relation]:
        """What the trees of features and rules read."""
        changes = changes_since(self.desk, 0)
        for name in _names(schema):
            query, made_of = self._selected(name, schema), _made_of(name)
            done = [each for each in changes if each.relation in made_of]
            change = max((each.change_id for each in done), default=0)
            load = max((each.load_id or 0 for each in done), default=0)
            content = self._listed() if name == LISTED else ""
            mark = hashlib.sha256(f"{content}\n{query}".encode()).hexdigest()
            yield _Relation(name, query, made_of, _State(mark, str(change), str(load)))

    def _listed(self) -> str:
        """Lists are not loaded; their content itself says whether they changed."""
        return str(self.desk.rows(f"SELECT count(*), bit_xor(hash(t)) FROM {quote(LISTED)} AS t"))

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

    def _held(self) -> dict[str, _State]:
        if HELD not in self.engine.tables():
            return {}
        return {name: _State(*state) for name, *state in self.engine.rows(_all(HELD, HOLDING))}

    # customers

    def customers(
        self, features: Features, as_of: AsOf, rules: Mapping[str, Condition]
    ) -> Customers:
        """The customer table as of an instant; from the last refresh, if that is still true."""
        self.follow(features.schema)
        source = self.source(features, as_of)
        return Customers(self.engine, self.desk, features, as_of, rules, source)

    def last(self, features: Features, as_of: AsOf, rules: Mapping[str, Condition]) -> Customers:
        """The customers as the last refresh knew them, whatever was loaded since.

        Features that it did not keep are computed from the facts there are.

        Args:
            as_of: The instant of the last refresh.
        """
        names = snapshot.names(self.desk) if self.is_desk else self._kept(features)
        return Customers(self.engine, self.desk, features, as_of, rules, snapshot.ready(names))

    def at(self, customers: Customers, as_of: AsOf) -> Customers:
        """The same customers as of another instant."""
        return replace(customers, as_of=as_of, source=self.source(customers.features, as_of))

    # features

    def take(self, customers: Customers, names: Sequence[str] | None = None) -> snapshot.Taken:
        """Compute features and traits as of an instant and keep them: all, or some."""
        names = names or [*customers.features.schema.features]
        if self.is_desk:
            return snapshot.take(customers, names)
        self.engine.create(snapshot.SNAPSHOT, customers.query(customers.named(names)))
        mark = snapshot.fingerprint(self.desk, customers.features)
        self.engine.write(TAKEN, _texts(("as_of", "mark"), [(str(customers.as_of.instant), mark)]))
        self.engine.write(KEPT, _texts(("name",), [(name,) for name in names]))
        everybody = {"customers": call(Op.COUNT_ROWS, type=Type.INTEGER)}
        count = int(self.engine.value(Select(Table(snapshot.SNAPSHOT), everybody)))
        return snapshot.Taken(count, snapshot.ready(names))

    def keep_memberships(self, segments: Sequence[str], progress: Progress) -> None:
        """Write the whole history of memberships into the engine, for other programs to read."""
        if self.is_desk:
            return
        write = self.engine.write
        for rows in _bundled(self._stays(segments, progress)):
            write(STAYS, rows)
            write = self.engine.append

    def _stays(self, segments: Sequence[str], progress: Progress) -> Iterator[pa.Table]:
        for place, segment in enumerate(segments):
            progress("memberships into the engine", place, len(segments))
            stays = past.intervals(self.desk, segment)
            yield stays.add_column(0, "segment", pa.array([segment] * len(stays), pa.string()))

    def forget(self) -> None:
        """Let the computed features go; they are computed anew when asked for."""
        snapshot.forget(self.desk)
        if not self.is_desk:
            self.engine.drop(snapshot.SNAPSHOT)
            self.engine.drop(TAKEN)
            self.engine.drop(KEPT)

    def empty(self) -> None:
        """Let an engine of its own hold nothing; what is asked for next is brought there anew.

        Twice, for an engine may keep what it held until it is changed once more.
        """
        if self.is_desk:
            return
        kept = {HELD, TAKEN, KEPT, STAYS, snapshot.SNAPSHOT}
        with self.engine.transaction():
            for name in sorted({*self._held(), *kept} & self.engine.tables()):
                self.engine.drop(name)
        self.engine.write(OWNER, _texts(("workspace",), [(_identity(self.desk),)]))

    def taken_at(self) -> datetime | None:
        """The instant of the features that were computed last, still true or not."""
        if self.is_desk:
            return snapshot.taken_at(self.desk)
        if TAKEN not in self.engine.tables():
            return None
        [(instant,)] = self.engine.rows(_all(TAKEN, ("as_of",)))
        return datetime.fromisoformat(str(instant))

    def holds(self, features: Features, as_of: AsOf) -> bool:
        """Whether the features of the last refresh are of this instant and still true."""
        return self.source(features, as_of) is not CUSTOMERS

    def source(self, features: Features, as_of: AsOf) -> CustomerSource:
        """The snapshot, if it is of this instant and still true; else the customers themselves."""
        if self.is_desk:
            return snapshot.source(self.desk, features, as_of)
        if TAKEN not in self.engine.tables():
            return CUSTOMERS
        [(instant, mark)] = self.engine.rows(_all(TAKEN, ("as_of", "mark")))
        if instant != str(as_of.instant) or mark != snapshot.fingerprint(self.desk, features):
            return CUSTOMERS
        return snapshot.ready(self._kept(features))

    def _kept(self, features: Features) -> Iterable[str]:
        """The features and traits in the engine's snapshot."""
        if KEPT not in self.engine.tables():
            return features.known
        return [str(name) for (name,) in self.engine.rows(_all(KEPT, ("name",)))]


def _names(schema: Schema) -> list[str]:
    facts = schema.facts.values()
    joined = {each.table for fact in facts for each in fact.dimensions.values()}
    read = {counted("customers"), LISTED, *(fact.source for fact in facts)}
    return sorted(read | joined)


def _made_of(name: str) -> frozenset[str]:
    """The tables whose changes change a relation, as the ledger of changes names them."""
    viewed = {counted(table): table for table in (*TABLES, ENTRIES.table)}
    if name not in viewed:
        return frozenset({name})
    companies = {"companies"} if viewed[name] == "customers" else set()
    return frozenset({viewed[name], UNITS} | companies)


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
