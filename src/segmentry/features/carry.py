"""What an earlier snapshot holds, brought up to now: what came is added, what left taken away.

Of rows that came since, and of those that entered or left a window because time went on, a total
is made right place by place: counts and sums by adding and taking away; a greatest or first value
where what came says which it is. Where that does not decide (the greatest value has left its
window), and of customers who were not known before or whose rows were replaced, all rows of the
customer are read again. The result is that of computing everything anew, always.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.tables import LOAD
from segmentry.engines.held import Held
from segmentry.features.aggregates import Aggregate, digest
from segmentry.features.came import Came
from segmentry.features.column_files import ColumnFiles
from segmentry.features.compacted import differing, joined, patched
from segmentry.features.compile import KNOWN
from segmentry.features.customers import Customers
from segmentry.features.moved import Moved, Numbers, together
from segmentry.features.rows import ROWS, Rows
from segmentry.features.rows_of import rows_of
from segmentry.features.scan import AT, Scan
from segmentry.features.slices import Pace, Slice, read
from segmentry.language.schema import Fact
from segmentry.language.window import Window
from segmentry.sql.expression import Column, Expression, call, columns_of, literal
from segmentry.sql.operators import Op

BEGINNING = datetime.min  # noqa: DTZ901 - instants are naive UTC
NOBODY: Numbers = np.zeros(0, np.int64)
Interval = tuple[datetime, datetime]
LARGEST_SHARE = 0.25
"""Of all customers; where more than so many would be read again, everybody is."""


@dataclass(frozen=True)
class Earlier:
    """Columns of an earlier instant, and how far they still hold.

    Args:
        load: The last load whose rows they know.
        keys: What each column was computed as, by its name.
        facts: Facts of which is known what happened to their rows since: rows with a higher load
            came; the customers whose rows were replaced or removed, as before and after.
        joined: Tables that something happened to which rows of facts are joined with.
        people: Whether nothing but new customers came to the table of customers.
    """

    columns: ColumnFiles
    as_of: AsOf
    load: int
    keys: Mapping[str, str]
    facts: Mapping[str, Numbers]
    joined: frozenset[str]
    people: bool

    def holds_joined(self, fact: Fact, trees: Iterable[Expression | None]) -> bool:
        """Whether what expressions over a fact's rows take from other tables is what it was."""
        read = {each.relation for each in columns_of(filter(None, trees))}
        tables = {fact.dimensions[each].table for each in read if each in fact.dimensions}
        return self.joined.isdisjoint(tables)


@dataclass
class Carry:
    """Goes on from an earlier snapshot, if there is one, and notes what a later one needs.

    Args:
        known: For each number, whether a customer with it is known now.
        columns: Where columns are put.
        places: By column, whose values may differ from the earlier ones; all others of these
            columns are the same.
        keys: What each column is computed as.
    """

    customers: Customers
    known: Any
    columns: ColumnFiles
    earlier: Earlier | None = None
    places: dict[str, Numbers] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, customers: Customers, known: Any, columns: ColumnFiles, earlier: Earlier | None
    ) -> Carry:
        """Goes on from the earlier snapshot, unless somebody who was known is not any more."""
        carry = cls(customers, known, columns, earlier)
        if earlier is None:
            return carry
        before = int(np.count_nonzero(earlier.columns[KNOWN]))
        vanished = before > int(np.count_nonzero(carry._before & known))
        return cls(customers, known, columns) if vanished else carry

    @property
    def moved(self) -> Moved | None:
        """What became of the earlier columns."""
        if self.earlier is None:
            return None
        columns = self.earlier.columns
        return Moved(columns.folder, len(columns[KNOWN]), self.places)

    # columns

    def note(self, name: str, told: object) -> None:
        """Remember what a column is computed as."""
        self.keys[name] = digest(told)

    def is_alike(self, name: str, told: object) -> bool:
        """Whether the earlier column is there and was computed as the same."""
        earlier = self.earlier
        if earlier is None or earlier.keys.get(name) != digest(told):
            return False
        return name in earlier.columns

    def places_of(self, name: str, told: object, inputs: Iterable[str]) -> Numbers | None:
        """Where a column differs from the earlier one, if it is computed alike from what it reads.

        `None` if it may differ anywhere: it was not there, was computed otherwise, or from columns
        that may differ anywhere. Of whom nobody knows a column has no value, so those are left.
        """
        if not self.is_alike(name, told):
            return None
        read = [self.places.get(each) for each in inputs]
        here = [each for each in read if each is not None]
        if len(here) < len(read):
            return None
        return self._known([self.fresh, *here])

    def patch(self, name: str, kind: Type, places: Numbers, new: Held) -> None:
        """Make a column from the earlier one, with other values at some places."""
        assert self.earlier is not None
        self.places[name] = places
        size, old = len(self.known), self.earlier.columns
        if len(places) or len(old[name]) != size:
            self.columns[name] = patched(old[name], kind, places, new, size)
        else:
            self.columns.link(name, old)

    def same(self, name: str, other: str) -> None:
        """Let a column be what another one is, in the same file."""
        self.columns[name] = self.columns[other]
        self.places[name] = self.places[other]

    def compare(self, name: str) -> None:
        """Find where a column that was computed whole differs from the earlier one, if in few."""
        if self.earlier is None or name not in self.earlier.columns or not self._has_kind(name):
            return
        places = differing(self.earlier.columns[name], self.columns[name], self._kind(name))
        if places is not None:
            self.places[name] = together([self.fresh, places], len(self.known))

    def _has_kind(self, name: str) -> bool:
        return name in self.customers.features.schema.features

    def _kind(self, name: str) -> Type:
        return self.customers.features.schema.feature(name).type

    @cached_property
    def fresh(self) -> Numbers:
        """Who is known now and was not."""
        return np.flatnonzero(self.known & ~self._before)

    @cached_property
    def _before(self) -> Any:
        assert self.earlier is not None
        before = np.zeros(len(self.known), np.bool_)
        known = self.earlier.columns[KNOWN].to_numpy(zero_copy_only=False)[: len(before)]
        before[: len(known)] = known
        return before

    # totals

    def companions(self, totals: Mapping[str, Aggregate]) -> dict[str, Aggregate]:
        """Counts without which nobody could tell when a total has lost its last row."""
        counts = (
            each.counted()
            for each in totals.values()
            if not each.counts and each.window.bounds(self.customers.as_of)[0] is not None
        )
        return {each.key: each for each in counts}

    def bring(self, fact: Fact, totals: Mapping[str, Aggregate]) -> set[str]:
        """Bring earlier totals of a fact up to now, as columns; returns which these are."""
        earlier = self.earlier
        if earlier is None or fact.name not in earlier.facts:
            return set()
        here = {key: each for key, each in totals.items() if self._carries(fact, each)}
        steady = self._steady(earlier.facts[fact.name])
        moved = {key: Came(each, steady) for key, each in here.items()}
        self._read_moved(fact, moved)
        found = {key: came.found(self._old(key, came)) for key, came in moved.items()}
        again = self.again(fact, (each.unsure for each in found.values()))
        if self.too_many(again):
            return set()
        theirs = self._theirs(fact, again, here.values())
        read_again = np.zeros(len(self.known), np.bool_)
        read_again[again] = True
        for key, came in found.items():
            for part in came.parts:
                places, new = came.parts[part]
                sure = ~read_again[places]
                ours = (places[sure], _some(new, sure))
                places, new = joined(ours, (again, theirs[key + part]))
                self.patch(key + part, new.type, places, new)
        return {*here}

    def _carries(self, fact: Fact, each: Aggregate) -> bool:
        """Whether the earlier total is there and going on from it is less than beginning anew."""
        assert self.earlier is not None
        if not self.earlier.holds_joined(fact, [each.where, each.value, *each.keys]):
            return False
        needed = {each.key, *(key for key in self.companions({each.key: each}))}
        if each.keys:
            needed.add(each.key + AT)
        if not all(key in self.earlier.columns for key in needed):
            return False
        start, end = each.window.bounds(self.customers.as_of)
        entering, leaving = self._moves(each.window)
        if start is None:
            return not leaving
        moved = sum((_length(each) for each in [*entering, *leaving]), timedelta(0))
        return moved < end - start

    def _steady(self, touched: Numbers) -> Any:
        """Flags of the customers of whom what came and left says it all."""
        steady = self.known & self._before
        steady[touched[touched < len(steady)]] = False
        return steady

    def again(self, fact: Fact, unsure: Iterable[Numbers] = ()) -> Numbers:
        """Customers of whom all rows of a fact have to be read, ascending."""
        assert self.earlier is not None
        touched = self.earlier.facts[fact.name]
        return self._known([*unsure, touched, self.fresh])

    def _known(self, places: Iterable[Numbers]) -> Numbers:
        """Those of the places where somebody is known, ascending."""
        found = together(places, len(self.known))
        chosen: Numbers = found[self.known[found]]
        return chosen

    def too_many(self, again: Numbers) -> bool:
        """Whether to read the rows of these customers would be no less than to read all."""
        return len(again) > LARGEST_SHARE * int(np.count_nonzero(self.known))

    def _old(self, key: str, came: Came) -> Mapping[str, Any]:
        """The earlier columns that what came is put beside."""
        assert self.earlier is not None
        names = {"": key}
        if came.of.keys:
            names[AT] = key + AT
        for count in self.companions({key: came.of}):
            names["count"] = count
        return {part: self.earlier.columns[name] for part, name in names.items()}

    # rows that moved

    def _moves(self, window: Window) -> tuple[list[Interval], list[Interval]]:
        """Which time has entered a window since, and which has left it."""
        assert self.earlier is not None
        old, now = (_closed(window, each) for each in (self.earlier.as_of, self.customers.as_of))
        return _without(now, old), _without(old, now)

    def _read_moved(self, fact: Fact, moved: Mapping[str, Came]) -> None:
        """Give each total the rows that came for it, and those that left it."""
        assert self.earlier is not None
        load = Column(LOAD, Type.INTEGER, ROWS)
        old = call(Op.AT_MOST, load, literal(self.earlier.load))
        new = call(Op.GREATER, load, literal(self.earlier.load))
        entering: list[tuple[Interval, Came]] = []
        leaving: list[tuple[Interval, Came]] = []
        coming: list[tuple[Interval, Came]] = []
        for came in moved.values():
            into, out = self._moves(came.of.window)
            entering += [(each, came) for each in into]
            leaving += [(each, came) for each in out]
            coming.append((_closed(came.of.window, self.customers.as_of), came))
        self._read(fact, entering, old, 1)
        self._read(fact, leaving, old, -1)
        self._read(fact, coming, new, 1)

    def _read(
        self, fact: Fact, asked: Iterable[tuple[Interval, Came]], where: Expression, sign: int
    ) -> None:
        """Read each row once, whatever the totals that it is for."""
        schema, as_of = self.customers.features.schema, self.customers.as_of
        wanted = list(asked)
        marks = sorted({each for interval, _ in wanted for each in interval})
        pace = Pace(self.customers.desk, fact)
        for start, end in pairwise(marks):
            here = [came for (a, b), came in wanted if a <= start and end <= b]
            if not here:
                continue
            for piece in pace.pieces(None if start == BEGINNING else start, end):
                rows = Rows(schema, as_of, fact, piece)
                found = read(self.customers.desk, rows, [each.of for each in here], where)
                if len(found):
                    for came in here:
                        came.take(found, sign)

    def active(self, fact: Fact, windows: Iterable[Window]) -> Numbers:
        """Whose rows came, entered one of the windows, or left one; ascending."""
        assert self.earlier is not None
        as_of, load = self.customers.as_of, Column(LOAD, Type.INTEGER, ROWS)
        came = call(Op.GREATER, load, literal(self.earlier.load))
        moves = [each for window in windows for both in self._moves(window) for each in both]
        moves.append((self.earlier.as_of.instant, as_of.instant))
        asked: list[tuple[Slice, Expression | None]] = [
            (Slice(None if start == BEGINNING else start, end), None) for start, end in {*moves}
        ]
        found = [NOBODY]
        for part, where in [*asked, (Slice(None, as_of.instant), came)]:
            rows = Rows(self.customers.features.schema, as_of, fact, part)
            select = replace(rows.select({}, grouped=False, where=where), distinct=True)
            found.append(self.customers.desk.fetch(select).column("customer_no").to_numpy())
        return together(found, len(self.known))

    # customers whose rows are read again

    def _theirs(self, fact: Fact, again: Numbers, totals: Iterable[Aggregate]) -> dict[str, Held]:
        """Totals of some customers, from all their rows, in their order."""
        wanted = list(totals)
        starts = [each.window.bounds(self.customers.as_of)[0] for each in wanted]
        since = None if None in starts else min(filter(None, starts), default=None)
        trees = [tree for each in wanted for tree in (each.where, each.value, *each.keys)]
        read = {each.name for each in columns_of(filter(None, trees))}
        with rows_of(self.customers, fact, again, read, since) as schema:
            scan = Scan(
                self.customers.desk,
                schema,
                self.customers.as_of,
                schema.fact(fact.name),
                wanted,
                len(again),
            )
            return dict(scan.columns())


def _closed(window: Window, as_of: AsOf) -> Interval:
    start, end = window.bounds(as_of)
    return start or BEGINNING, end


def _without(one: Interval, other: Interval) -> list[Interval]:
    """The parts of an interval that do not lie in another one."""
    parts = [(one[0], min(one[1], other[0])), (max(one[0], other[1]), one[1])]
    if other[0] >= other[1]:
        parts = [one]
    return [(start, end) for start, end in parts if start < end]


def _length(interval: Interval) -> timedelta:
    return interval[1] - interval[0]


def _some(column: Held, chosen: Any) -> Held:
    known = None if column.known is None else column.known[chosen]
    return replace(column, values=column.values[chosen], known=known)


__all__ = ["Carry", "Earlier"]
