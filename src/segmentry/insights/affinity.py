"""What is bought together more often than chance, and what one segment buys together above all.

Orders of one customer resemble one another: who likes tea and jam buys both each week. So the
customer is what varies: figures are computed again with one of fifty parts of the customers left
out, and their spread is the interval. A pair counts as certain when both that and the plain
chi-square test of orders say so, after correction for all pairs of frequent things, those that were
never seen among them (Benjamini and Hochberg 1995, JRSS B 57: 289).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.insights.basket import BUCKETS, Baskets, Places
from segmentry.insights.estimate import NOTHING, Estimate, Numbers

SURE = 0.05
"""The share of what is called certain that may be chance."""
FEWEST_PARTS = 30
"""Parts of customers that must have bought a set; with fewer there are too few customers."""
STUDENT = 2.0096
"""Quantile of Student's distribution with 49 degrees of freedom."""


@dataclass(frozen=True)
class Thing:
    """One thing of a set.

    Args:
        confidence: Of the orders with all the others, the share that hold it too.
    """

    item: str
    confidence: float


@dataclass(frozen=True)
class Together:
    """Things that are bought together.

    Args:
        orders: Orders of members that hold all of them.
        support: Share of all orders of members.
        lift: How many times as often as if the last thing had nothing to do with the others; of
            three, the smallest way to look at it. 1 is chance.
        chance: The share of chance findings among all that are at least as certain as this one;
            `None` with too few customers.
        other_support: Share of the orders of everyone else; `None` without a segment.
        other_lift: Of everyone else.
        index: Support over that of everyone else.
        index_chance: As `chance`, of the index.
    """

    things: tuple[Thing, ...]
    orders: int
    support: float
    lift: Estimate
    chance: float | None
    other_support: float | None
    other_lift: float | None
    index: Estimate | None
    index_chance: float | None

    @property
    def certain(self) -> bool:
        """Whether chance is excluded: of the index where there is one, else of the lift."""
        found = self.chance if self.index is None else self.index_chance
        return found is not None and found <= SURE


def together(counts: Baskets) -> list[Together]:
    """Every frequent set, the surest and strongest first.

    Held against everyone else when these have orders; then ordered by the index.
    """
    if not counts.sets:
        return []
    sides = [_Side(counts, 0)]
    if counts.orders[1].sum():
        sides.append(_Side(counts, 1))
    tests = _tests(counts)
    lifts, chances = _judged(sides[0].lifts, sides[0].chance_of_orders(), tests)
    columns: list[list[object]] = [sides[0].things(), sides[0].orders(), sides[0].supports()]
    columns += [[*lifts], [*chances]]
    if len(sides) > 1:
        indexes, of_index = _judged(
            sides[0].shares - sides[1].shares, _chance_of_shares(*sides), tests
        )
        columns += [sides[1].supports(), sides[1].plain_lifts(), [*indexes], [*of_index]]
    else:
        columns += [[None] * len(counts.sets)] * 4
    found = [Together(*row) for row in zip(*columns, strict=True)]
    return sorted(found, key=_strength)


def _strength(found: Together) -> tuple[bool, float, tuple[str, ...]]:
    judged = found.lift if found.index is None else found.index
    low = judged.value or 0.0 if judged.low is None else judged.low
    return not found.certain, -low, tuple(each.item for each in found.things)


def _tests(counts: Baskets) -> int:
    """How many sets were looked at: all pairs of frequent things, and all threes if any."""
    items, size = len(counts.items), max(len(each) for each in counts.sets)
    return sum(
        int(np.prod(np.arange(items, items - each, -1, dtype=float)) / (2 if each == 2 else 6))
        for each in range(2, size + 1)
    )


class _Side:
    """Counts of one side, whole and with one part of the customers left out: `[…, 51]`."""

    def __init__(self, counts: Baskets, side: int) -> None:
        self._counts = counts
        self._all = _without_each(counts.orders[side])
        self._item = _without_each(counts.with_item[:, side])
        self._set = _without_each(counts.with_set[:, side])
        self._parts = (counts.with_set[:, side] > 0).sum(axis=1)
        self._ways = list(self._split())
        with np.errstate(all="ignore"):
            self.shares = np.log(self._set / self._all)
            lifts = np.stack([self._lift(*each) for each in self._ways])
        self._way = np.argmin(np.where(np.isnan(lifts[:, :, 0]), np.inf, lifts[:, :, 0]), axis=0)
        self.lifts: Numbers = lifts[self._way, np.arange(len(counts.sets))]
        too_few = self._parts < FEWEST_PARTS
        self.lifts[too_few, 1:] = np.nan
        self.shares[too_few, 1:] = np.nan

    def _split(self) -> list[tuple[Numbers, Numbers]]:
        """Each thing of a set and the others: orders with it, orders with them."""
        place_of = {each: place for place, each in enumerate(self._counts.sets)}
        last = np.array([len(each) - 1 for each in self._counts.sets])
        ways = []
        for way in range(int(last.max()) + 1):
            places = np.minimum(way, last)
            one = np.array([each[at] for each, at in zip(self._counts.sets, places, strict=True)])
            rest = np.stack(
                [
                    self._of((*each[:at], *each[at + 1 :]), place_of)
                    for each, at in zip(self._counts.sets, places.tolist(), strict=True)
                ]
            )
            ways.append((self._item[one], rest))
        return ways

    def _of(self, items: tuple[int, ...], place_of: dict[tuple[int, ...], int]) -> Numbers:
        found: Numbers = self._item[items[0]] if len(items) == 1 else self._set[place_of[items]]
        return found

    def _lift(self, one: Numbers, rest: Numbers) -> Numbers:
        found: Numbers = np.log(self._set) + np.log(self._all) - np.log(one) - np.log(rest)
        return found

    def things(self) -> list[object]:
        """The things of each set with their confidence."""
        names = self._counts.items
        return [
            tuple(
                Thing(
                    names[item],
                    float(self._set[place, 0] / max(self._ways[way][1][place, 0], 1)),
                )
                for way, item in enumerate(each)
            )
            for place, each in enumerate(self._counts.sets)
        ]

    def orders(self) -> list[object]:
        """Orders with each set."""
        return [int(each) for each in self._set[:, 0].tolist()]

    def supports(self) -> list[object]:
        """Share of orders with each set."""
        return [*(self._set[:, 0] / max(self._all[0], 1)).tolist()]

    def plain_lifts(self) -> list[object]:
        """Lift of each set; `None` where it was never bought."""
        found = np.exp(self.lifts[:, 0]).tolist()
        return [each if np.isfinite(each) and each > 0 else None for each in found]

    def chance_of_orders(self) -> Numbers:
        """Chi-square test of each set's lift, as if all orders were of different customers."""
        each = np.arange(len(self._set))
        one, rest = (np.stack([way[side] for way in self._ways])[self._way, each, 0]
                     for side in (0, 1))  # fmt: skip
        return _chi_square(self._set[:, 0], one, rest, float(self._all[0]))

    def both(self) -> tuple[Numbers, float]:
        """Orders with each set, and all orders."""
        return self._set[:, 0], float(self._all[0])


def _without_each(by_bucket: Numbers) -> Numbers:
    """The sum over all buckets, and then with each of them left out."""
    whole = by_bucket.sum(axis=-1, keepdims=True)
    return np.concatenate([whole, whole - by_bucket], axis=-1)


def _chance_of_shares(own: _Side, others: _Side) -> Numbers:
    (here, of_here), (there, of_there) = own.both(), others.both()
    return _chi_square(here, here + there, np.full(len(here), of_here), of_here + of_there)


def _chi_square(both: Numbers, one: Numbers, other: Numbers, whole: float) -> Numbers:
    """The test of a table of four fields, with Yates' correction."""
    from scipy.stats import chi2

    with np.errstate(all="ignore"):
        off = np.maximum(np.abs(both * whole - one * other) - whole / 2, 0.0)
        statistic = whole * off**2 / (one * other * (whole - one) * (whole - other))
    found: Numbers = chi2.sf(np.nan_to_num(statistic), 1)
    return found


def _judged(logs: Numbers, of_orders: Numbers, tests: int) -> tuple[list[Estimate], list[object]]:
    """Ratios with intervals, and their chance findings, from logarithms with parts left out."""
    from scipy.stats import t as student

    value, rest = logs[:, 0], logs[:, 1:]
    with np.errstate(all="ignore"):
        spread = ((rest - rest.mean(axis=1, keepdims=True)) ** 2).sum(axis=1)
        error = np.sqrt((BUCKETS - 1) / BUCKETS * spread)
        by_customer = 2 * student.sf(np.abs(value) / error, BUCKETS - 1)
    known = np.isfinite(by_customer)
    chance = np.where(known, np.maximum(by_customer, of_orders), 1.0)
    false = _false_share(chance, tests)
    ends = np.exp([value, value - STUDENT * error, value + STUDENT * error]).T
    estimates = [
        Estimate(*row) if sure else _alone(row[0])
        for row, sure in zip(ends.tolist(), known.tolist(), strict=True)
    ]
    return estimates, [
        each if sure else None for each, sure in zip(false.tolist(), known.tolist(), strict=True)
    ]


def _alone(value: float) -> Estimate:
    return Estimate(value, reason="few") if np.isfinite(value) else NOTHING


def _false_share(chance: Numbers, tests: int) -> Numbers:
    """Benjamini and Hochberg's share of chance findings; tests that are not there had a p of 1."""
    order: Places = np.argsort(chance, kind="stable")
    ranked = chance[order] * max(tests, len(chance)) / np.arange(1, len(chance) + 1)
    found = np.empty(len(chance))
    found[order] = np.minimum(np.minimum.accumulate(ranked[::-1])[::-1], 1.0)
    return found
