"""The search: conditions joined by AND, the most promising ones joined further (a beam search).

Customers are bits, and how many there are and what they bring is counted for every pair of a
condition and a beginning at once, as a product of two matrices, some thousand customers at a time.
What they bring is put into whole steps so small in number that sums in single precision are exact:
the same on every machine, in every order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from segmentry.insights.discovery.space import Choice
from segmentry.segments.bits import Bits, count, flags, packed

Numbers = NDArray[np.float64]
Rows = NDArray[np.uint8]
"""One row of bits for each condition."""

CHUNK = 8_192
STEPS = 2_047
"""CHUNK × STEPS is less than 2²⁴, up to which single precision counts exactly."""
EARNED = 3.0
"""By how many standard errors a condition must set its members apart from those whom it leaves
out."""
ALIKE = 0.8
"""Two groups that share more of their members than this (Jaccard) are one."""
PLAINER = 0.05
"""By which share of its quality a longer rule must be better for each condition."""
POOL = 300
"""Groups of each length that are looked at more closely."""


@dataclass(frozen=True)
class Effort:
    """How far to search.

    Args:
        depth: Most conditions of a rule.
        beam: Beginnings that are joined further.
        least: Fewest customers of a group; a group is at most half of all.
        kept: Most groups that are returned.
    """

    depth: int = 3
    beam: int = 50
    least: int = 100
    kept: int = 100


@dataclass(frozen=True)
class Group:
    """A group that was found.

    Args:
        conditions: Places of its conditions, ascending.
        quality: Difference from everyone else in standard errors, as the search saw it.
    """

    conditions: tuple[int, ...]
    customers: int
    quality: float

    @property
    def rank(self) -> float:
        """The quality, with something off for each condition after the first."""
        return self.quality * (1 - PLAINER * (len(self.conditions) - 1))


@dataclass(frozen=True)
class Searched:
    """What came of a search: groups, best first, and how many were looked at."""

    groups: tuple[Group, ...]
    tried: int


def stepped(values: Numbers) -> NDArray[np.float32]:
    """Values as whole steps from 0 to `STEPS`."""
    low, high = float(values.min()), float(values.max())
    if high <= low:
        return np.zeros(len(values), np.float32)
    return np.round((values - low) * (STEPS / (high - low))).astype(np.float32)


def search(choices: Sequence[Choice], rows: Rows, outcome: Numbers, effort: Effort) -> Searched:
    """The groups whose outcome is highest against everyone else's; the same for the same input.

    Args:
        rows: For each condition the bits of who meets it.
        outcome: One value per customer, extremes already cut.
    """
    with threadpool_limits(1):
        return _Search(choices, rows, stepped(outcome), effort).run()


def members(rows: Rows, conditions: Sequence[int]) -> Bits:
    """Who meets all of these conditions."""
    found: Bits = np.bitwise_and.reduce(rows[list(conditions)], axis=0)
    return found


@dataclass(frozen=True)
class _Beginnings:
    """Rules of one length, with the counts and sums that they had."""

    conditions: list[tuple[int, ...]]
    counts: Numbers
    sums: Numbers


class _Search:
    def __init__(
        self,
        choices: Sequence[Choice],
        rows: Rows,
        steps: NDArray[np.float32],
        effort: Effort,
    ) -> None:
        self._rows, self._steps, self._effort = rows, steps, effort
        self._size, self._sum = len(steps), float(steps.sum(dtype=np.float64))
        self._spread = float(steps.std(dtype=np.float64))
        keys = {each.key: place for place, each in enumerate(choices)}
        self._keys = np.array([keys[each.key] for each in choices], np.int64)
        self._tried = 0

    def run(self) -> Searched:
        if not len(self._rows) or not self._spread:
            return Searched((), 0)
        beginnings = _Beginnings([()], np.array([float(self._size)]), np.array([self._sum]))
        found: list[Group] = []
        for _ in range(self._effort.depth):
            groups, beginnings = self._joined(beginnings)
            found += groups
            if not beginnings.conditions:
                break
        return Searched(tuple(self._apart(found)), self._tried)

    def _joined(self, beginnings: _Beginnings) -> tuple[list[Group], _Beginnings]:
        """Every beginning with one more condition: the best groups, and those to go on from."""
        everybody = packed(np.ones(self._size, np.bool_))[None]
        bits = [members(self._rows, each) for each in beginnings.conditions if each]
        counts, sums = self._counted(np.stack(bits) if bits else everybody)
        quality = self._quality(counts, sums)
        allowed = self._allowed(beginnings, counts)
        self._tried += int(allowed.sum())
        if beginnings.conditions[0]:
            worth = self._apartness(counts, sums, beginnings.counts, beginnings.sums)
            allowed &= worth >= EARNED
        quality[~allowed] = -np.inf
        best: list[Group] = []
        places: list[tuple[int, int]] = []
        seen: set[tuple[int, ...]] = set()
        same: set[tuple[float, float]] = set()
        for place in np.argsort(-quality, axis=None, kind="stable").tolist():
            leaf, begin = divmod(place, quality.shape[1])
            if quality[leaf, begin] <= 0 or len(best) == POOL:
                break
            rule = tuple(sorted((*beginnings.conditions[begin], leaf)))
            figures = (counts[leaf, begin], sums[leaf, begin])
            if rule not in seen and figures not in same:
                best.append(Group(rule, int(figures[0]), float(quality[leaf, begin])))
                places.append((leaf, begin))
            seen.add(rule)
            same.add(figures)
        onward = places[: self._effort.beam]
        leaves, begins = [each[0] for each in onward], [each[1] for each in onward]
        rules = [each.conditions for each in best[: len(onward)]]
        return best, _Beginnings(rules, counts[leaves, begins], sums[leaves, begins])

    def _counted(self, beginnings: Rows) -> tuple[Numbers, Numbers]:
        """Customers and steps of each condition (down) within each beginning (across)."""
        shape = (len(self._rows), 2 * len(beginnings))
        found = np.zeros(shape)
        for start in range(0, self._size, CHUNK):
            here = slice(start // 8, (start + CHUNK) // 8)
            steps = self._steps[start : start + CHUNK]
            inside = _unpacked(beginnings[:, here], len(steps))
            both = np.concatenate([inside, inside * steps])
            found += _unpacked(self._rows[:, here], len(steps)) @ both.T
        return found[:, : len(beginnings)], found[:, len(beginnings) :]

    def _quality(self, counts: Numbers, sums: Numbers) -> Numbers:
        """Difference of means from everyone else, in standard errors."""
        return self._apartness(counts, sums, np.array(float(self._size)), np.array(self._sum))

    def _apartness(self, counts: Numbers, sums: Numbers, whole: Numbers, total: Numbers) -> Numbers:
        """The members of each group against those of a whole who are not in it."""
        rest = whole - counts
        with np.errstate(all="ignore"):
            difference = sums / counts - (total - sums) / rest
            found: Numbers = difference / (self._spread * np.sqrt(1 / counts + 1 / rest))
        return np.where((counts > 0) & (rest > 0), found, -np.inf)

    def _allowed(self, beginnings: _Beginnings, counts: Numbers) -> NDArray[np.bool_]:
        """Large enough as a beginning, and no side of a feature twice."""
        least = self._effort.least
        found: NDArray[np.bool_] = (counts >= least) & (counts <= self._size - least)
        for begin, conditions in enumerate(beginnings.conditions):
            found[np.isin(self._keys, self._keys[list(conditions)]), begin] = False
        return found

    def _apart(self, found: list[Group]) -> list[Group]:
        """The best groups of which no two are nearly the same, every condition worth its place."""
        kept: list[Group] = []
        kept_bits: list[Bits] = []
        small = (each for each in found if each.customers <= self._size / 2)
        for group in sorted(small, key=lambda each: (-each.rank, each.conditions)):
            if len(kept) == self._effort.kept:
                break
            bits = members(self._rows, group.conditions)
            if any(alike(bits, other) > ALIKE for other in kept_bits) or not self._earned(group):
                continue
            kept.append(group)
            kept_bits.append(bits)
        return kept

    def _earned(self, group: Group) -> bool:
        """Whether each condition sets members apart from those whom it alone leaves out."""
        if len(group.conditions) == 1:
            return True
        own = self._figures(group.conditions)
        for each in group.conditions:
            others = self._figures([one for one in group.conditions if one != each])
            arrays = (np.array([value]) for value in (*own, *others))
            if self._apartness(*arrays)[0] < EARNED:
                return False
        return True

    def _figures(self, conditions: Sequence[int]) -> tuple[float, float]:
        inside = flags(members(self._rows, conditions), self._size)
        return float(inside.sum()), float(self._steps[inside].sum(dtype=np.float64))


def _unpacked(rows: Rows, size: int) -> NDArray[np.float32]:
    return np.unpackbits(rows, axis=1, bitorder="little")[:, :size].astype(np.float32)


def alike(one: Bits, other: Bits) -> float:
    """Customers who are in both of two sets, over those who are in either (Jaccard)."""
    either = count(one | other)
    return count(one & other) / either if either else 1.0


__all__ = ["Effort", "Group", "Searched", "alike", "members", "search"]
