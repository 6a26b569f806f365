"""Taking into the history who is in which segment at an instant (a *point*).

Memberships are computed for all segments together (`leaves`) and kept as what changed since the
point before (`past`), in tables of the desk and inside its transaction: a point is there for all
segments or for none. Beside the changes each point keeps sizes and revenue of every part, so that
a trend needs no bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.types import Type
from segmentry.data.identity.counted import counted
from segmentry.engines import arrays
from segmentry.engines.duckdb import DuckDB
from segmentry.features.columns import columns as columns_of
from segmentry.features.customers import REVENUE, Customers
from segmentry.language.node import Condition
from segmentry.language.value import Name
from segmentry.segments import past
from segmentry.segments.bits import (
    NOBODY,
    Bits,
    count,
    differing,
    of_numbers,
    stored,
    union,
)
from segmentry.segments.leaves import Leaves, Progress, ready, unwatched
from segmentry.segments.past import EMPTY, Held
from segmentry.segments.sliced import Sliced, sliced

TABLES = (
    """CREATE TABLE IF NOT EXISTS membership_point (
        segment VARCHAR, as_of TIMESTAMP, definition VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS membership_change (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP, customers BLOB, mark UBIGINT)""",
    """CREATE TABLE IF NOT EXISTS membership_whole (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP, customers BLOB)""",
    """CREATE TABLE IF NOT EXISTS membership_active (
        before TIMESTAMP, as_of TIMESTAMP, customers BLOB)""",
    """CREATE TABLE IF NOT EXISTS membership_size (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP,
        customers BIGINT, of_customers BIGINT, revenue_amount DECIMAL(18,4))""",
)
BY_SEGMENT = ("membership_point", "membership_change", "membership_whole", "membership_size")
Key = tuple[str, str, datetime]
"""Segment, part and point."""
MOST_PIECES = 16
"""Sets that are put together at most to know the members at a point."""
AT_ONCE = 128
"""Segments whose changes are in memory together."""


@dataclass(frozen=True)
class Divided:
    """Something that puts customers into parts: a segment (one part, '') or a segmentation.

    Args:
        node: A condition, or the name of the feature that names the part.
        definition: The text it was declared with; a change of it is a change of the rule.
    """

    name: str
    node: Condition | Name
    definition: str


def prepare(engine: DuckDB) -> None:
    """Make the tables if they are not there."""
    for statement in TABLES:
        engine.execute(statement)


def record(
    customers: Customers,
    divided: Sequence[Divided],
    *,
    activity: Iterable[tuple[str, str]],
    progress: Progress = unwatched,
) -> None:
    """Compute memberships at an instant and take the changes into the history, all or nothing.

    An instant that is already there is computed anew. It must not lie before the last point.

    Args:
        activity: Tables of facts and their instant columns, to tell data from time.
        progress: Told of conditions and segments done, of all of them.
    """
    desk, instant = customers.desk, customers.as_of.instant
    nodes = [*(each.node for each in divided), *customers.revenue.values()]
    with desk.transaction(), ready(customers, nodes) as here:
        _take_back(desk, [each.name for each in divided], instant)
        _note_points(desk, divided, instant)
        _note_active(desk, instant, activity)
        leaves = Leaves.of(here)
        point = _Point(desk, instant, count(leaves.known), _revenue(here), marks_of(desk))
        for some in _rounds(leaves, divided):
            rules = [each.node for each in some if isinstance(each.node, Condition)]
            leaves.compute(rules, progress)
            for start in range(0, len(some), AT_ONCE):
                point.take(leaves, some[start : start + AT_ONCE])
            leaves.forget()


def forget(engine: DuckDB, names: Sequence[str]) -> None:
    """Remove the history of segments."""
    with engine.registered("asked", _names(names)):
        for table in BY_SEGMENT:
            engine.execute(f"DELETE FROM {table} WHERE segment IN (SELECT segment FROM asked)")
    engine.execute(
        "DELETE FROM membership_active WHERE as_of NOT IN (SELECT as_of FROM membership_point)"
    )


def _names(names: Sequence[str]) -> pa.Table:
    return pa.table({"segment": pa.array(names, pa.string())})


def _take_back(engine: DuckDB, names: Sequence[str], instant: datetime) -> None:
    """Undo a point that is computed anew."""
    with engine.registered("asked", _names(names)):
        for table in BY_SEGMENT:
            engine.execute(
                f"DELETE FROM {table} WHERE as_of = ? AND segment IN (SELECT segment FROM asked)",
                [instant],
            )


def _note_points(engine: DuckDB, divided: Sequence[Divided], instant: datetime) -> None:
    rows = [(each.name, instant, each.definition) for each in divided]
    append(engine, "membership_point", rows)


def _note_active(engine: DuckDB, instant: datetime, activity: Iterable[tuple[str, str]]) -> None:
    """Who did something since the point before, once for all segments whose point that was."""
    befores = engine.rows(
        """SELECT DISTINCT before FROM (
               SELECT as_of, lag(as_of) OVER (PARTITION BY segment ORDER BY as_of) AS before
               FROM membership_point)
           WHERE as_of = ? AND before IS NOT NULL""",
        [instant],
    )
    engine.execute("DELETE FROM membership_active WHERE as_of = ?", [instant])
    found = [
        (before, instant, stored(_active(engine, before, instant, activity)))
        for (before,) in befores
    ]
    append(engine, "membership_active", found)


def _active(
    engine: DuckDB, since: datetime, until: datetime, activity: Iterable[tuple[str, str]]
) -> Bits:
    found = NOBODY
    for table, column in activity:
        seen = engine.fetch(
            f"SELECT DISTINCT customer_no FROM {table} WHERE {column} >= $since"
            f" AND {column} < $until AND customer_no IS NOT NULL",
            {"since": since, "until": until},
        )
        found = union(found, of_numbers(seen.column("customer_no").to_numpy()))
    return found


def _rounds(leaves: Leaves, divided: Sequence[Divided]) -> Iterator[list[Divided]]:
    """As many together as have no more leaves than may be held."""
    some: list[Divided] = []
    texts: set[str] = set()
    for each in divided:
        own = leaves.leaves([each.node]).keys() if isinstance(each.node, Condition) else set()
        if some and len(texts | own) > leaves.at_once:
            yield some
            some, texts = [], set()
        some.append(each)
        texts |= own
    if some:
        yield some


# worth and identity by number


def _revenue(customers: Customers) -> Sliced | None:
    """What each customer has brought, in whole units of money's last place."""
    if not customers.revenue:
        return None
    held = arrays.held(columns_of(customers, [REVENUE]).column(REVENUE), Type.MONEY)
    return sliced(
        held.values, np.ones(len(held.values), np.bool_) if held.known is None else held.known
    )


def marks_of(engine: DuckDB) -> Sliced:
    """A number for each customer that follows from the id alone, by customer number."""
    rows = engine.fetch(
        f"SELECT customer_no, md5_number_lower(customer_id) AS mark FROM {counted('customers')}"
    )
    who = rows.column("customer_no").to_numpy()
    found = np.zeros(int(who.max()) + 1 if len(who) else 0, np.uint64)
    found[who] = rows.column("mark").to_numpy()
    return sliced(found, np.ones(len(found), np.bool_))


def change(key: Key, changes: Bits, marks: Sliced) -> tuple[str, str, datetime, bytes, int]:
    """The row that keeps who entered or left; its mark follows from their ids alone."""
    return (*key, stored(changes), (marks.sum(changes) or 0) % 2**64)


# one point


@dataclass
class _Point:
    """Puts the parts of segments at one instant beside what they were, and keeps the difference."""

    desk: DuckDB
    instant: datetime
    of: int
    worth: Sliced | None
    marks: Sliced
    _rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)

    def take(self, leaves: Leaves, divided: Sequence[Divided]) -> None:
        """Compute some segments and keep what changed in them."""
        before: dict[str, dict[str, Held]] = {}
        held = past.held(self.desk, [each.name for each in divided], self.instant)
        for (segment, part), known in held.items():
            before.setdefault(segment, {})[part] = known
        for each in divided:
            self._segment(each.name, _parts(leaves, each), before.get(each.name, {}))
        self._keep()

    def _segment(self, name: str, now: Mapping[str, Bits], before: Mapping[str, Held]) -> None:
        for part in sorted({*now, *before}):
            members = now.get(part, NOBODY)
            self._part((name, part, self.instant), members, before.get(part, EMPTY))
            if members.any():
                self._size((name, part, self.instant), members)

    def _part(self, key: Key, members: Bits, before: Held) -> None:
        changes = differing(before.members, members)
        if not changes.any():
            return
        row = change(key, changes, self.marks)
        self._add("membership_change", row)
        pieces = before.and_then(row[3])
        if pieces.pieces > MOST_PIECES or pieces.all_bytes > 3 * pieces.first_bytes:
            self._add("membership_whole", (*key, stored(members)))

    def _size(self, key: Key, members: Bits) -> None:
        units = self.worth.sum(members) if self.worth else None
        revenue = None if units is None else Decimal(units) / arrays.UNIT
        self._add("membership_size", (*key, count(members), self.of, revenue))

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        self._rows.setdefault(table, []).append(row)

    def _keep(self) -> None:
        """Write what has been gathered."""
        for table, rows in self._rows.items():
            append(self.desk, table, rows)
        self._rows.clear()


def append(engine: DuckDB, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to one of the tables."""
    kinds = COLUMNS[table]
    values = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    columns = {name: pa.array(each, kind) for (name, kind), each in zip(kinds, values, strict=True)}
    engine.append(table, pa.table(columns))


def _parts(leaves: Leaves, divided: Divided) -> dict[str, Bits]:
    if isinstance(divided.node, Condition):
        return {"": leaves.members(divided.node)}
    return dict(leaves.groups(divided.node.name))


_AS_OF = ("as_of", pa.timestamp("us"))
_KEY = (("segment", pa.string()), ("part", pa.string()), _AS_OF)
COLUMNS: Mapping[str, tuple[tuple[str, pa.DataType], ...]] = {
    "membership_point": (("segment", pa.string()), _AS_OF, ("definition", pa.string())),
    "membership_active": (("before", pa.timestamp("us")), _AS_OF, ("customers", pa.binary())),
    "membership_change": (*_KEY, ("customers", pa.binary()), ("mark", pa.uint64())),
    "membership_whole": (*_KEY, ("customers", pa.binary())),
    "membership_size": (
        *_KEY,
        ("customers", pa.int64()),
        ("of_customers", pa.int64()),
        ("revenue_amount", pa.decimal128(18, 4)),
    ),
}
