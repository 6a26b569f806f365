"""Who is in other segments than at the point before, found from the columns of both instants.

Whoever meets each condition as before is in the same segments as before. The others, few after a
day, are put together as the customers of a small shop of their own, at both instants; what differs
between its memberships is all that changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from segmentry.core.types import Type
from segmentry.engines import arrays
from segmentry.engines.duckdb import DuckDB
from segmentry.features.column_files import ColumnFiles
from segmentry.features.compile import KNOWN
from segmentry.features.customers import REVENUE, Customers
from segmentry.language.node import Condition
from segmentry.language.value import Name
from segmentry.segments.algebra import Algebra
from segmentry.segments.bits import NOBODY, Bits, Numbers, count, of_places, packed
from segmentry.segments.comparison import Comparison, Side
from segmentry.segments.decided import by_columns, decided, groups_of
from segmentry.segments.sliced import Sliced, sliced
from segmentry.segments.standing import Size, Standing, Standings, histories, standings

FEW = 4
"""It is worth while where no more than one customer in so many may be in other segments."""
Nodes = Mapping[str, Condition | Name]
"""What puts customers into parts, by name: conditions, and features that name the part."""


@dataclass(frozen=True)
class Few:
    """Some of the customers at one of the two instants; a customer's place is that among them.

    Args:
        places: Their numbers, ascending.
        worth: What each has brought, if anybody has.
    """

    side: Side
    places: Numbers
    algebra: Algebra
    worth: Sliced | None

    @classmethod
    def of(cls, side: Side, places: Numbers, *, valued: bool) -> Few:
        """The customers with these numbers, no condition computed yet."""
        known = packed(side.known_at(places))
        worth = None
        if valued:
            held = arrays.held(side.at(REVENUE, places), Type.MONEY)
            here = np.ones(len(places), np.bool_) if held.known is None else held.known
            worth = sliced(held.values, here)
        return cls(side, places, Algebra(side.compiled.scope.rules, known), worth)

    def compute(self, leaves: Mapping[str, Condition]) -> set[str]:
        """Compute conditions by their texts; returns those that arrays turn out not to decide."""
        not_decided: set[str] = set()
        for names, some in by_columns(self.side.expressions(leaves)):
            columns = {name: self.side.at(name, self.places) for name in names}
            found, refused = decided(columns, some, len(self.places))
            known = self.algebra.known
            self.algebra.held.update({text: each & known for text, each in found.items()})
            not_decided |= set(refused)
        return not_decided

    def parts(self, node: Condition | Name) -> dict[str, Bits]:
        """Who is in which part."""
        if isinstance(node, Condition):
            return {"": self.algebra.members(node)}
        return dict(groups_of(arrays.held(self.side.at(node.name, self.places), Type.TEXT)))

    def size(self, members: Bits) -> Size:
        """How large a set of them is."""
        valued, units = self.worth.tally(members) if self.worth else (0, 0)
        return Size(count(members), valued, units)


@dataclass(frozen=True)
class Change:
    """A part of a segment beside what it was.

    Args:
        few: Who of the few entered or left, by their place among them.
        of: What the few were of its size.
        to: What they are of it now.
    """

    few: Bits
    of: Size
    to: Size


NO_CHANGE = Change(NOBODY, Size(), Size())


@dataclass
class Since:
    """What changed since the last point, found from its columns and those of now.

    Args:
        standing: How those stood then that can be brought forward.
        places: Numbers of the customers who may be in other segments, ascending.
        refused: Texts of conditions that columns turned out not to decide.
    """

    standing: Mapping[str, Standing]
    places: Numbers
    before: Few
    now: Few
    refused: set[str]
    _near: set[str] = field(default_factory=set)

    def compute(self, nodes: Nodes) -> None:
        """Compute the conditions of some at both instants."""
        near = {name: node for name, node in nodes.items() if name in self.standing}
        leaves = self.now.algebra.leaves
        read = {
            name: leaves([node]) if isinstance(node, Condition) else {}
            for name, node in near.items()
        }
        wanted = {text: leaf for each in read.values() for text, leaf in each.items()}
        wanted = {text: leaf for text, leaf in wanted.items() if text not in self.refused}
        self.refused |= self.before.compute(wanted) | self.now.compute(wanted)
        self._near = {name for name, each in read.items() if self.refused.isdisjoint(each)}

    def __contains__(self, name: str) -> bool:
        """Whether a segment is brought forward: its conditions are computed."""
        return name in self._near

    def changes(self, node: Condition | Name) -> dict[str, Change]:
        """What changed in each part of one whose conditions are computed."""
        before, now = self.before.parts(node), self.now.parts(node)
        nobody = np.zeros_like(self.now.algebra.known)
        found: dict[str, Change] = {}
        for part in {*before, *now}:
            was, is_now = before.get(part, nobody), now.get(part, nobody)
            found[part] = Change(was ^ is_now, self.before.size(was), self.now.size(is_now))
        return found

    def customers(self, few: Bits) -> Bits:
        """Places among the few as numbers of customers."""
        return of_places(self.places, few)

    def forget(self) -> None:
        """Let the conditions go."""
        self._near = set()
        self.before.algebra.forget()
        self.now.algebra.forget()


def since(customers: Customers, nodes: Nodes) -> Since | None:
    """What changed since the snapshot that the columns came from; `None` if that is not known.

    It is known of whatever was recorded from the columns of that snapshot, with the same meaning,
    and has had no other point since.
    """
    moved, columns = customers.source.moved, customers.source.columns
    if moved is None or columns is None or customers.engine is not customers.desk:
        return None
    stood, earlier = standings(moved.since), ColumnFiles(moved.since)
    valued = bool(customers.revenue)
    if stood is None or stood.valued != valued or KNOWN not in earlier:
        return None
    before = Side.of(replace(customers, as_of=stood.as_of), earlier)
    now = Side.of(customers, columns)
    standing = dict(_same(customers.desk, before, now, stood, nodes))
    found = _compared(Comparison(before, now, moved), standing, nodes, valued=valued)
    if len(found.places) * FEW > len(now.known):
        return None
    then, today = (Few.of(side, found.places, valued=valued) for side in (before, now))
    return Since(standing, found.places, then, today, found.refused)


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
