"""Who is in other segments than at the point before, found from the columns of both instants.

Whoever meets each condition as before is in the same segments as before. The others, few after a
day, are put together as the customers of a small shop of their own, at both instants; what differs
between its memberships is all that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.held import held
from segmentry.features.column_files import ColumnFiles
from segmentry.features.compile import KNOWN
from segmentry.features.customers import REVENUE, Customers
from segmentry.language.node import Condition
from segmentry.language.value import Name
from segmentry.segments.algebra import Algebra
from segmentry.segments.bits import NOBODY, Bits, Numbers, among, numbers, of_ascending, packed
from segmentry.segments.comparison import Comparison, Side
from segmentry.segments.decided import Compiled, by_columns, compiled, decided, groups_of
from segmentry.segments.marks import Marks, marks_at
from segmentry.segments.standing import Size, Standing, Standings, histories, standings

FEW = 3
"""It is worth while where no more than one customer in so many may be in other segments."""
Nodes = Mapping[str, Condition | Name]
"""What puts customers into parts, by name: conditions, and features that name the part."""


@dataclass(frozen=True)
class Few:
    """Some of the customers at one of the two instants; a customer's place is that among them.

    Args:
        places: Their numbers, ascending.
        index: The same, to take their columns by.
    """

    side: Side
    places: Numbers
    index: Any
    algebra: Algebra

    @classmethod
    def of(cls, side: Side, places: Numbers) -> Few:
        """The customers with these numbers, no condition computed yet."""
        known = packed(side.known_at(places))
        algebra = Algebra(side.compiled.scope.rules, known)
        return cls(side, places, side.index(places), algebra)

    def decided(self, leaves: Mapping[str, Condition]) -> Iterator[tuple[str, Bits]]:
        """Conditions by their texts, of those who are not known too; refused ones are left out."""
        for names, some in by_columns(self.side.expressions(leaves)):
            columns = {name: self.side.at(name, self.index) for name in names}
            found, _ = decided(columns, some, len(self.places))
            yield from found.items()

    def hold(self, text: str, bits: Bits) -> None:
        """Take a condition for computed."""
        self.algebra.held[text] = bits & self.algebra.known

    def parts(self, node: Condition | Name) -> dict[str, Bits]:
        """Who is in which part."""
        if isinstance(node, Condition):
            return {"": self.algebra.members(node)}
        return dict(groups_of(held(self.side.at(node.name, self.index), Type.TEXT)))


@dataclass(frozen=True)
class Change:
    """A part of a segment beside what it was.

    Args:
        who: Numbers of the customers who entered or left, ascending.
        size: By how much its size is another one.
    """

    who: Numbers
    size: Size


NO_CHANGE = Change(np.zeros(0, np.int64), Size())


@dataclass(frozen=True)
class Worth:
    """What the few have brought, at both instants; nothing where nothing is known.

    Args:
        before: In whole units of money's last place, by place among the few.
        valued: 1 where there was a revenue.
        moved: Places of those whose revenue is another one.
        by: By how much, and whether there is one now and was none (1), or the other way (-1).
    """

    before: NDArray[Any]
    valued: Numbers
    moved: Numbers
    by: tuple[NDArray[Any], Numbers]

    @classmethod
    def of(cls, before: Few, now: Few) -> Worth:
        """The worth of the same customers at two instants."""
        (one, had), (other, has) = (_worth(each) for each in (before, now))
        moved = np.flatnonzero((one != other) | (had != has))
        return cls(one, had, moved, ((other - one)[moved], (has - had)[moved]))

    def change(self, entered: Numbers, left: Numbers, now: Bits) -> tuple[int, int]:
        """How many more members have a revenue, and what they brought more."""
        still = among(now, self.moved)
        by, more = self.by
        worth, valued = self.before, self.valued
        found = np.dot(more, still) + valued[entered].sum() - valued[left].sum()
        return int(found), int(np.dot(by, still) + worth[entered].sum() - worth[left].sum())


def _worth(few: Few) -> tuple[NDArray[Any], Numbers]:
    """Units by place, and 1 where there are any; in Python's numbers if a sum might not fit."""
    paid = held(few.side.at(REVENUE, few.index), Type.MONEY)
    known = np.ones(len(few.places), np.bool_) if paid.known is None else paid.known
    units = np.where(known, paid.values, 0)
    most = max(abs(int(units.max(initial=0))), abs(int(units.min(initial=0))))
    fits = most * len(units) < 2**60
    return units if fits else units.astype(object), known.astype(np.int64)


@dataclass
class Since:
    """What changed since the last point, found from its columns and those of now.

    Args:
        standing: How those stood then that can be brought forward.
        places: Numbers of the customers who may be in other segments, ascending.
        changed: For whom each condition is not what it was, by their place among the few.
        changes: What changed in those that are brought forward, by segment and part.
        marks: Of everybody in these changes, by customer number.
    """

    desk: DuckDB
    standing: Mapping[str, Standing]
    places: Numbers
    before: Few
    now: Few
    changed: Mapping[str, Bits]
    worth: Worth | None
    changes: dict[str, dict[str, Change]] = field(default_factory=dict)
    marks: Marks = field(default_factory=lambda: np.zeros(0, np.uint64))

    def compute(self, nodes: Nodes) -> None:
        """Find what changed in some, those before them forgotten; conditions do not stay."""
        near = {name: node for name, node in nodes.items() if name in self.standing}
        leaves = self.now.algebra.leaves
        read = {
            name: leaves([node]) if isinstance(node, Condition) else {}
            for name, node in near.items()
        }
        wanted = {text: leaf for each in read.values() for text, leaf in each.items()}
        self._decide({text: leaf for text, leaf in wanted.items() if text in self.changed})
        there = self.now.algebra.held.keys()
        self.changes = {
            name: self._changes(near[name]) for name, each in read.items() if each.keys() <= there
        }
        self.before.algebra.forget()
        self.now.algebra.forget()
        self.marks = marks_at(self.desk, self._who())

    def _decide(self, leaves: Mapping[str, Condition]) -> None:
        """Compute conditions as they were; what they are now follows from what changed."""
        for text, before in self.before.decided(leaves):
            changed = self.changed[text]
            now = before.copy()
            now[: len(changed)] ^= changed
            self.before.hold(text, before)
            self.now.hold(text, now)

    def _who(self) -> Numbers:
        """Everybody who entered or left anything."""
        found = np.zeros(int(self.places[-1]) + 1 if len(self.places) else 0, np.bool_)
        for parts in self.changes.values():
            for each in parts.values():
                found[each.who] = True
        return np.flatnonzero(found)

    def _changes(self, node: Condition | Name) -> dict[str, Change]:
        """What changed in each part."""
        before, now = self.before.parts(node), self.now.parts(node)
        nobody = np.zeros_like(self.now.algebra.known)
        return {
            part: self._change(before.get(part, nobody), now.get(part, nobody))
            for part in {*before, *now}
        }

    def _change(self, before: Bits, now: Bits) -> Change:
        few = numbers(before ^ now)
        came = among(now, few)
        entered, left = few[came], few[~came]
        valued, units = self.worth.change(entered, left, now) if self.worth else (0, 0)
        return Change(self.places[few], Size(len(entered) - len(left), valued, units))


def since(customers: Customers, nodes: Nodes, said: Compiled) -> Since | None:
    """What changed since the snapshot that the columns came from; `None` if that is not known.

    It is known of whatever was recorded from the columns of that snapshot, with the same meaning,
    and has had no other point since.

    Args:
        said: Conditions as of now.
    """
    moved, columns = customers.source.moved, customers.source.columns
    if moved is None or columns is None or customers.engine is not customers.desk:
        return None
    stood, earlier = standings(moved.since), ColumnFiles(moved.since)
    valued = bool(customers.revenue)
    if stood is None or stood.valued != valued or KNOWN not in earlier:
        return None
    before = Side.of(earlier, compiled(replace(customers, as_of=stood.as_of)))
    now = Side.of(columns, said)
    standing = dict(_same(customers.desk, before, now, stood, nodes))
    found = _compared(Comparison(before, now, moved), standing, nodes, valued=valued)
    places = found.places
    if len(places) * FEW > len(now.known):
        return None
    then, today = (Few.of(side, places) for side in (before, now))
    worth = Worth.of(then, today) if valued else None
    return Since(customers.desk, standing, places, then, today, _placed(found, places), worth)


def _placed(found: Comparison, places: Numbers) -> dict[str, Bits]:
    """For whom conditions changed, as places among those who were found."""
    rank = np.zeros(int(places[-1]) + 1 if len(places) else 0, np.int64)
    rank[places] = np.arange(len(places))
    return {
        text: of_ascending(rank[who])
        for text, who in found.changed.items()
        if text not in found.refused
    }


def _same(
    engine: DuckDB, before: Side, now: Side, stood: Standings, nodes: Nodes
) -> Iterator[tuple[str, Standing]]:
    """Those that are recorded as they stood, and meant what they mean."""
    recorded = histories(engine)
    there = set(before.columns) & set(now.columns)
    for name, node in nodes.items():
        standing = stood.segments.get(name)
        if standing is None or standing.history != recorded.get(name, ""):
            continue
        if standing.meaning == before.compiled.meaning(node) and now.reads(node) <= there:
            yield name, standing


def _compared(
    comparison: Comparison, standing: Mapping[str, Standing], nodes: Nodes, *, valued: bool
) -> Comparison:
    rules = [node for name in standing if isinstance(node := nodes[name], Condition)]
    comparison.conditions(Algebra(comparison.now.compiled.scope.rules, NOBODY).leaves(rules))
    for name in standing:
        if isinstance(node := nodes[name], Name):
            comparison.column(node.name, Type.TEXT)
    if valued:
        comparison.column(REVENUE, Type.MONEY)
    return comparison
