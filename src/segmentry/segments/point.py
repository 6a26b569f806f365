"""One point of the history: every part of every segment beside what it was at the point before.

What is kept is the difference, and sizes. A segment is put beside its members as the history gives
them, or, where only few customers can be in other segments (`since`), brought forward from how it
stood. Both ways give the same rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.held import UNIT, held
from segmentry.features.columns import columns as columns_of
from segmentry.features.customers import REVENUE, Customers
from segmentry.language.node import Condition
from segmentry.language.value import Name
from segmentry.segments import past
from segmentry.segments.bits import NOBODY, Bits, count, differing, of_ascending, stored
from segmentry.segments.leaves import Leaves
from segmentry.segments.marks import mark_of, marks_of
from segmentry.segments.past import EMPTY, Held, Pieces
from segmentry.segments.since import NO_CHANGE, Since
from segmentry.segments.sliced import Sliced, sliced
from segmentry.segments.standing import NO_PART, Part, Size

Key = tuple[str, str, datetime]
"""Segment, part and point."""
MOST_PIECES = 16
"""Sets that are put together at most to know the members at a point."""
MOST_BYTES = 2**26
"""What whole sets may take that wait to be written; the history is read once for all of them."""
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


def append(engine: DuckDB, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Add rows to one of the tables."""
    kinds = COLUMNS[table]
    values = zip(*rows, strict=True) if rows else ([] for _ in kinds)
    columns = {name: pa.array(each, kind) for (name, kind), each in zip(kinds, values, strict=True)}
    engine.append(table, pa.table(columns))


def change(key: Key, changes: Bits, mark: int) -> tuple[str, str, datetime, bytes, int]:
    """The row that keeps who entered or left; its mark follows from their ids alone."""
    return (*key, stored(changes), mark)


def worth_of(customers: Customers) -> Sliced | None:
    """What each customer has brought, in whole units of money's last place."""
    if not customers.revenue:
        return None
    paid = held(columns_of(customers, [REVENUE]).column(REVENUE), Type.MONEY)
    return sliced(
        paid.values, np.ones(len(paid.values), np.bool_) if paid.known is None else paid.known
    )


# one point


@dataclass(frozen=True)
class Now:
    """A part at the point.

    Args:
        changes: Who entered or left.
        mark: Follows from their ids.
        before: What had to be read to know the members before.
        members: Tells them all, from how parts stood before, which is looked up only where needed.
        is_near: Whether it needs that.
    """

    changes: Bits
    mark: int
    size: Size
    before: Pieces
    members: Callable[[Stood], Bits]
    is_near: bool = False


Stood = Mapping[tuple[str, str], Held]
"""How parts stood before, by segment and part."""


@dataclass
class Point:
    """Puts the parts of segments at one instant beside what they were, and keeps the difference.

    Args:
        of: How many customers are known.
        since: What changed since the point before, where that is known.
        marks: The marks of all customers, where these are known already.
        parts: How all parts stand at this point, by segment.
    """

    customers: Customers
    of: int
    since: Since | None = None
    marks: Callable[[], Sliced] | None = None
    parts: dict[str, dict[str, Part]] = field(default_factory=dict)
    _rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    _whole: list[tuple[Key, Now]] = field(default_factory=list)

    @property
    def desk(self) -> DuckDB:
        """Where the history is."""
        return self.customers.desk

    @property
    def instant(self) -> datetime:
        """Whose point it is."""
        return self.customers.as_of.instant

    def take(self, leaves: Leaves, members: Mapping[str, Bits], divided: Sequence[Divided]) -> None:
        """Keep what changed in some segments.

        Args:
            members: Of those that are not brought forward.
        """
        compared = [each.name for each in divided if not self._is_near(each.name)]
        before: dict[str, dict[str, Held]] = {}
        held = past.held(self.desk, compared, self.instant) if compared else {}
        for (segment, part), known in held.items():
            before.setdefault(segment, {})[part] = known
        for each in divided:
            if self._is_near(each.name):
                self._enter(each.name, self._brought_forward(each))
            else:
                now = _parts(leaves, members, each)
                self._enter(each.name, self._compared(now, before.get(each.name, {})))
        self._keep()

    def _is_near(self, name: str) -> bool:
        return self.since is not None and name in self.since.changes

    @cached_property
    def _worth(self) -> Sliced | None:
        return worth_of(self.customers)

    @cached_property
    def _marks(self) -> Sliced:
        return self.marks() if self.marks else marks_of(self.desk)

    def _compared(
        self, now: Mapping[str, Bits], before: Mapping[str, Held]
    ) -> Iterator[tuple[str, Now]]:
        """Each part beside its members before."""
        for part in sorted({*now, *before}):
            members, held = now.get(part, NOBODY), before.get(part, EMPTY)
            changes = differing(held.members, members)
            valued, units = self._worth.tally(members) if self._worth else (0, 0)
            size = Size(count(members), valued, units)
            mark = mark_of(changes, self._marks) if changes.any() else 0
            yield part, Now(changes, mark, size, held.pieces, partial(_itself, members))

    def _brought_forward(self, divided: Divided) -> Iterator[tuple[str, Now]]:
        """Each part from how it stood and what changed in it."""
        assert self.since is not None
        stood = self.since.standing[divided.name].parts
        changed = self.since.changes[divided.name]
        for part in sorted({*stood, *changed}):
            before = stood.get(part, NO_PART)
            each = changed.get(part, NO_CHANGE)
            changes, mark = of_ascending(each.who), int(self.since.marks[each.who].sum())
            members = partial(_from_history, (divided.name, part), changes)
            size = before.size + each.size
            yield part, Now(changes, mark, size, before.pieces, members, is_near=True)

    def _enter(self, name: str, parts: Iterator[tuple[str, Now]]) -> None:
        """Note what is to be kept of a segment's parts, and how they stand."""
        self.parts[name] = {}
        for part, now in parts:
            pieces = self._part((name, part, self.instant), now)
            if now.size.members:
                self._size((name, part, self.instant), now.size)
            if now.size.members or pieces.count:
                self.parts[name][part] = Part(now.size, pieces)

    def _part(self, key: Key, now: Now) -> Pieces:
        if not now.changes.any():
            return now.before
        row = change(key, now.changes, now.mark)
        self._add("membership_change", row)
        pieces = now.before.and_then(len(row[3]))
        if pieces.count > MOST_PIECES or pieces.all_bytes > 3 * pieces.first_bytes:
            self._whole.append((key, now))
        return pieces

    def finish(self) -> None:
        """Keep what was put off; how parts stand is said only then."""
        self._keep_whole()
        self._append()

    def _keep_whole(self) -> None:
        """Keep all members of the parts of which that is due, the history of these read at once."""
        near = sorted({segment for (segment, *_), now in self._whole if now.is_near})
        stood = past.held(self.desk, near, self.instant - timedelta.resolution) if near else {}
        for key, now in self._whole:
            segment, part, _ = key
            members = stored(now.members(stood))
            self._add("membership_whole", (*key, members))
            self.parts[segment][part] = Part(now.size, Pieces().and_then(len(members)))
        self._whole.clear()

    def _size(self, key: Key, size: Size) -> None:
        revenue = Decimal(size.units) / UNIT if size.valued else None
        self._add("membership_size", (*key, size.members, self.of, revenue))

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        self._rows.setdefault(table, []).append(row)

    def _keep(self) -> None:
        """Write what has been gathered; whole sets are put off, as long as they are not many."""
        if sum(2 * len(now.changes) for _, now in self._whole) > MOST_BYTES:
            self._keep_whole()
        self._append()

    def _append(self) -> None:
        for table, rows in self._rows.items():
            append(self.desk, table, rows)
        self._rows.clear()


def _itself(members: Bits, stood: Stood) -> Bits:  # noqa: ARG001 - it is known already
    return members


def _from_history(part: tuple[str, str], changes: Bits, stood: Stood) -> Bits:
    return differing(stood.get(part, EMPTY).members, changes)


def _parts(leaves: Leaves, members: Mapping[str, Bits], divided: Divided) -> dict[str, Bits]:
    if isinstance(divided.node, Condition):
        return {"": members[divided.name]}
    return dict(leaves.groups(divided.node.name))
