"""Memberships of several cuts: means of members and of everyone else, a customer's rows together.

What one customer does after one cut is near to what the same one does after the next. So a
customer's rows are added up before their moments are taken. Means need only sums; moments are
added up some customers at a time, so that no more is in memory than a few numbers for each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segmentry.insights.estimate import Codes, Numbers, Spreads, summed, tail
from segmentry.insights.future import Cut

CELLS = 2**23
"""Customers times groups that are looked at together."""

Measure = Callable[[Cut, slice], Numbers]
"""What some of the customers of a cut did, one number for each."""


def places(cut: Cut, division: str, names: Sequence[str]) -> Codes:
    """Places among all names; behind them for those who are in no group."""
    own = cut.divisions[division]
    place = {name: each for each, name in enumerate(names)}
    among = np.array([*(place[name] for name in own.names), len(names)])
    found: Codes = among.astype(np.min_scalar_type(-len(among) - len(names)))[own.codes]
    return found


@dataclass(frozen=True)
class _Block:
    """Some customers, and the groups that each was in at any cut.

    Args:
        rows: Of each cut those of these customers.
        keys: Of each row of all cuts, where its customer and group stand in a table of both.
        cells: Where in that table anybody is, ascending.
        who: The customer of each cell, from 0.
        group: The group of each cell.
        times: At how many cuts the customer was in the group.
        all_times: At how many cuts each customer was known.
    """

    rows: Sequence[slice]
    keys: NDArray[np.int64]
    cells: NDArray[np.int64]
    who: NDArray[np.int64]
    group: NDArray[np.int64]
    times: Numbers
    all_times: Numbers

    def added(self, values: Numbers) -> Numbers:
        """Values of rows by cell."""
        return summed(values, self.keys, int(self.cells[-1]) + 1)[self.cells]

    def of_customers(self, values: Numbers) -> Numbers:
        """Values of cells by customer."""
        return summed(values, self.who, len(self.all_times))


@dataclass
class _Cells:
    """Which customer was in which group, of all blocks.

    Args:
        customers: How many there are.
        members: How many were in each group at any cut.
        alone: How many were in each group whenever they were known.
    """

    customers: int
    members: Numbers
    alone: Numbers
    _end: int = 0
    _who: list[NDArray[np.int32]] = field(default_factory=lambda: [np.zeros(0, np.int32)])
    _group: list[Codes] = field(default_factory=lambda: [np.zeros(0, np.int8)])

    @property
    def others(self) -> Numbers:
        """How many were at any cut not in each group."""
        return self.customers - self.alone

    def take(self, block: _Block) -> None:
        """Take some customers in."""
        size = len(self.members)
        self.customers += int(np.count_nonzero(block.all_times))
        self.members += np.bincount(block.group, minlength=size)
        only = block.times == block.all_times[block.who]
        self.alone += np.bincount(block.group[only], minlength=size)
        self._who.append((self._end + block.who).astype(np.int32))
        self._group.append(block.group.astype(np.min_scalar_type(-size)))
        self._end += len(block.all_times)

    def by_group(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32]]]:
        """Of each group which cells are its, and their customers' places in all blocks."""
        who, group = np.concatenate(self._who), np.concatenate(self._group)
        order = np.argsort(group, kind="stable")
        ends = np.searchsorted(group, np.arange(len(self.members) + 1), sorter=order)
        for start, end in pairwise(ends):
            yield order[start:end], who[order[start:end]]


@dataclass
class _Sums:
    """One measure while it is added up, by group; the last group is none.

    Args:
        total: Of all rows.
        times: How many rows there are.
        own: Squares and cubes of what members differ by from their mean.
        more: The same for the difference to everyone else, less what it were of non-members.
        moments: Of customers around the mean of all, with how often they are known.
        whole: What customers brought, block by block.
        cells: What members brought, block by block.
    """

    total: Numbers
    times: Numbers
    own: Numbers = field(init=False)
    more: Numbers = field(init=False)
    moments: Numbers = field(default_factory=lambda: np.zeros(7))
    whole: list[Numbers] = field(default_factory=lambda: [np.zeros(0)])
    cells: list[Numbers] = field(default_factory=lambda: [np.zeros(0)])

    def __post_init__(self) -> None:
        size = len(self.times)
        self.own, self.more = np.zeros((2, size)), np.zeros((2, size))
        with np.errstate(all="ignore"):
            self.others = self.times.sum() - self.times
            self.mean = self.total / self.times
            self.rest = (self.total.sum() - self.total) / self.others
            self.average = np.float64(self.total.sum()) / self.times.sum()

    def take(self, block: _Block, values: Numbers) -> None:
        """Take some customers in."""
        size, group = len(self.times), block.group
        mine = block.added(values)
        everything = block.of_customers(mine)
        apart, known = everything - self.average * block.all_times, block.all_times
        self._of_all(apart, known)
        with np.errstate(all="ignore"):
            own = (mine - self.mean[group] * block.times) / self.times[group]
            theirs = apart[block.who] + (self.average - self.rest)[group] * known[block.who]
            outside = -theirs / self.others[group]
            rest = everything[block.who] - mine
            elsewhere = rest - self.rest[group] * (known[block.who] - block.times)
            more = own - elsewhere / self.others[group]
        self.own += _powers(own, group, size)
        self.more += _powers(more, group, size) - _powers(outside, group, size)
        self.cells.append(mine)
        self.whole.append(everything)

    def _of_all(self, apart: Numbers, known: Numbers) -> None:
        square, often = apart * apart, known * known
        pairs = (
            (apart, apart), (apart, known), (known, known),
            (square, apart), (square, known), (apart, often), (known, often),
        )  # fmt: skip
        self.moments += [float(np.dot(one, other)) for one, other in pairs]

    def spreads(self, cells: _Cells) -> tuple[Spreads, Spreads]:
        """The mean of a member at a cut, and that less the mean of everyone else, by group."""
        customers, members, others = cells.customers, cells.members, cells.others
        own, rest = self._tails(cells)
        with np.errstate(all="ignore"):
            spread = np.float64(customers) / (customers - 1) if customers > 1 else np.float64(0)
            square, cube = self.more + self._outside()
            alone = Spreads(self.mean, self.own[0] * spread, self.own[1], own[0], members, own[1])
            more = Spreads(
                self.mean - self.rest,
                np.maximum(square, 0) * spread,
                cube,
                np.maximum(own[0], rest[0]),
                np.minimum(members, others),
                np.minimum(own[1], rest[1]),
            )
        return alone, more

    def _outside(self) -> Numbers:
        """Squares and cubes of what customers differ by who are not in a group, were it all."""
        apart = self.average - self.rest
        one, mixed, often, cube, twice, once, thrice = self.moments
        square = one + 2 * apart * mixed + apart**2 * often
        third = cube + 3 * apart * twice + 3 * apart**2 * once + apart**3 * thrice
        return np.array([square / self.others**2, -third / self.others**3])

    def _tails(self, cells: _Cells) -> tuple[Numbers, Numbers]:
        """How far a few decide, and how many bring anything: of members, and of everyone else."""
        mine, whole = np.concatenate(self.cells), np.concatenate(self.whole)
        own, rest = [], []
        for group, (those, who) in enumerate(cells.by_group()):
            left = whole.copy()
            left[who] -= mine[those]
            own.append(tail(mine[those], cells.members[group]))
            rest.append(tail(left, cells.others[group]))
        return np.maximum(own, 0).T, np.maximum(rest, 0).T


def _powers(values: Numbers, group: Codes, size: int) -> Numbers:
    square = values * values
    return np.array([summed(square, group, size), summed(square * values, group, size)])


@dataclass(frozen=True)
class Stack:
    """Cuts on one another.

    Args:
        codes: For each cut its customers' places among the names; behind them for no group.
    """

    cuts: Sequence[Cut]
    names: Sequence[str]
    codes: Sequence[Codes]

    @classmethod
    def of(cls, cuts: Sequence[Cut], division: str, names: Sequence[str]) -> Stack:
        """The groups of a division at each of the cuts."""
        return cls(cuts, names, [places(each, division, names) for each in cuts])

    @property
    def times(self) -> Numbers:
        """How many memberships each group has, those of no group last."""
        size = len(self.names) + 1
        counts = [np.bincount(codes, minlength=size) for codes in self.codes]
        found: Numbers = np.sum([np.zeros(size), *counts], axis=0)
        return found

    def against(self, measures: Sequence[Measure]) -> list[tuple[Spreads, Spreads]]:
        """Of each measure a member's mean at a cut, and that less everyone else's, by group."""
        times, size = self.times, len(self.names) + 1
        sums = [_Sums(self._total(each), times) for each in measures]
        cells = _Cells(0, np.zeros(size), np.zeros(size))
        for block in self._blocks():
            cells.take(block)
            for measure, each in zip(measures, sums, strict=True):
                each.take(block, self._rows(measure, block.rows))
        found = [each.spreads(cells) for each in sums]
        named = len(self.names)
        return [(own.first(named), more.first(named)) for own, more in found]

    def _total(self, measure: Measure) -> Numbers:
        """Sums of a measure by group."""
        size = len(self.names) + 1
        pairs = zip(self.cuts, self.codes, strict=True)
        sums = [summed(measure(cut, slice(None)), codes, size) for cut, codes in pairs]
        found: Numbers = np.sum([np.zeros(size), *sums], axis=0)
        return found

    def _rows(self, measure: Measure, rows: Sequence[slice]) -> Numbers:
        return np.concatenate([measure(*each) for each in zip(self.cuts, rows, strict=True)])

    def _blocks(self) -> Iterator[_Block]:
        size = len(self.names) + 1
        width = max(CELLS // size, 1)
        last = max((int(each.numbers[-1]) for each in self.cuts if len(each.numbers)), default=-1)
        for start in range(0, last + 1, width):
            inside = min(width, last + 1 - start)
            ends = [np.searchsorted(each.numbers, (start, start + inside)) for each in self.cuts]
            rows = [slice(int(one), int(other)) for one, other in ends]
            if any(each.stop > each.start for each in rows):
                yield self._block(rows, start, inside)

    def _block(self, rows: Sequence[slice], start: int, width: int) -> _Block:
        size = len(self.names) + 1
        parts = zip(self.cuts, self.codes, rows, strict=True)
        keys = np.concatenate(
            [
                (cut.numbers[some].astype(np.int64) - start) * size + codes[some]
                for cut, codes, some in parts
            ]
        )
        table = np.bincount(keys)
        cells = np.flatnonzero(table)
        times = table[cells].astype(np.float64)
        who, group = np.divmod(cells, size)
        return _Block(rows, keys, cells, who, group, times, summed(times, who, width))
