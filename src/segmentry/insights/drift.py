"""How the base changed between two instants: which features and groups moved, beyond chance.

The population stability index adds up, over bins, the difference of two shares times the logarithm
of their ratio. With few customers it is above 0 though nothing changed, so each stands beside what
chance alone would give: its null distribution is a chi-square over the number of customers
(Yurdakul and Naranjo 2020, Journal of Risk Model Validation 14, no. 4). Most customers are the same
at both instants, so chance gives less than that; the reference errs on the quiet side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from segmentry.insights.estimate import NORMAL, Codes, Estimate, Numbers, share, summed
from segmentry.insights.member import Division, Members

BINS = 10
SLIGHT, STRONG = 0.1, 0.25
"""The trade's limits of the index."""
CHANCE_LEVEL = 0.99
"""Many features are looked at, few may shine by chance."""

Level = Literal["steady", "slight", "moderate", "strong"]
"""Within chance; beyond chance below .1; up to .25; above."""


@dataclass(frozen=True)
class Shift:
    """How far one feature, or the shares of a segmentation's groups, moved.

    Args:
        index: Population stability index.
        chance: What chance alone stays under in 99 of 100 cases.
        before: Mean of a number, of those who have one; `None` for groups.
    """

    name: str
    index: float
    chance: float
    level: Level
    before: float | None = None
    after: float | None = None


@dataclass(frozen=True)
class GroupShift:
    """One group before and after; shares are of all customers known then.

    Args:
        stayed: Share of its members before who are in it after.
        half_life_days: After how many days half of the members have left, if they go on leaving as
            they did; no interval end where nobody or everybody left.
    """

    name: str
    before: int
    after: int
    before_share: float
    after_share: float
    stayed: Estimate
    half_life_days: Estimate


@dataclass(frozen=True)
class Divided:
    """A segmentation before and after: how far its shares moved, and who stayed."""

    shift: Shift
    groups: tuple[GroupShift, ...]


def shifts(before: Members, after: Members) -> list[Shift]:
    """Every number of two tables, those that moved most first."""
    found = [
        _shift(name, *_binned(one, after.values[name]), one, after.values[name])
        for name, one in before.values.items()
    ]
    return sorted(found, key=lambda each: (-each.index, each.name))


def divided(before: Members, after: Members, name: str, days: float) -> Divided:
    """How a segmentation's groups moved in so many days."""
    one, other = before.divisions[name], after.divisions[name]
    names = sorted({*one.names, *other.names})
    codes = [_among(each, names) for each in (one, other)]
    counts = [summed(np.ones(len(each)), each, len(names) + 1) for each in codes]
    pairs = _pairs(before, after, codes[0], codes[1], len(names) + 1)
    size = [max(len(each), 1) for each in codes]
    groups = tuple(
        GroupShift(
            name=group,
            before=int(counts[0][place]),
            after=int(counts[1][place]),
            before_share=float(counts[0][place] / size[0]),
            after_share=float(counts[1][place] / size[1]),
            stayed=(stayed := share(float(pairs[place, place]), float(counts[0][place]))),
            half_life_days=half_life(stayed, days),
        )
        for place, group in enumerate(names)
    )
    return Divided(_shift(name, *counts), groups)


def half_life(stayed: Estimate, days: float) -> Estimate:
    """After how many days half have left, if a share stayed for some days and leaving goes on so.

    >>> round(half_life(Estimate(0.5, 0.25, 0.7), 30).value)
    30
    """
    if stayed.value is None:
        return stayed
    value, low, high = (_half(each, days) for each in (stayed.value, stayed.low, stayed.high))
    return Estimate(value, low, high, stayed.reason)


def _half(stayed: float | None, days: float) -> float | None:
    if stayed is None or stayed >= 1:
        return None
    return 0.0 if stayed <= 0 else days * math.log(0.5) / math.log(stayed)


def _pairs(before: Members, after: Members, one: Codes, other: Codes, size: int) -> Numbers:
    """Customers by group before and after; those who are not known at both are left out."""
    _, first, second = np.intersect1d(
        before.numbers, after.numbers, assume_unique=True, return_indices=True
    )
    return summed(np.ones(len(first)), one[first] * size + other[second], size**2).reshape(
        size, size
    )


def _among(division: Division, names: Sequence[str]) -> Codes:
    place: Mapping[str, int] = {name: each for each, name in enumerate(names)}
    places = np.array([*(place[name] for name in division.names), len(names)], np.int64)
    found: Codes = places[division.codes]
    return found


def _binned(one: Numbers, other: Numbers) -> tuple[Numbers, Numbers]:
    """Customers in tenths of the first, those without a value in a bin of their own."""
    known = one[~np.isnan(one)]
    edges = np.unique(np.quantile(known, np.arange(1, BINS) / BINS)) if len(known) else np.zeros(0)
    bins = len(edges) + 2
    counted = []
    for each in (one, other):
        missing = np.isnan(each)
        codes = np.where(missing, bins - 1, np.searchsorted(edges, each, side="left"))
        counted.append(summed(np.ones(len(each)), codes, bins))
    return counted[0], counted[1]


def _shift(
    name: str,
    one: Numbers,
    other: Numbers,
    before: Numbers | None = None,
    after: Numbers | None = None,
) -> Shift:
    some = (one > 0) | (other > 0)
    index, chance = stability(one[some], other[some]), by_chance(one[some], other[some])
    level: Level = "steady"
    if index > chance:
        level = "slight" if index < SLIGHT else "moderate" if index < STRONG else "strong"
    return Shift(name, index, chance, level, _mean(before), _mean(after))


def _mean(values: Numbers | None) -> float | None:
    if values is None or np.isnan(values).all():
        return None
    return float(np.nanmean(values))


def stability(one: Numbers, other: Numbers) -> float:
    """The population stability index of two counts by bin; half a customer is added to each.

    >>> round(stability(np.array([50.0, 50.0]), np.array([80.0, 20.0])), 2)
    0.41
    """
    if not one.sum() or not other.sum():
        return 0.0
    first, second = ((each + 0.5) / (each + 0.5).sum() for each in (one, other))
    return float(((second - first) * np.log(second / first)).sum())


def by_chance(one: Numbers, other: Numbers) -> float:
    """What the index stays under in 99 of 100 cases when nothing changed."""
    free, sizes = len(one) - 1, (one.sum(), other.sum())
    if free < 1 or not min(sizes):
        return 0.0
    spread = 2 / (9 * free)  # Wilson and Hilferty
    square = free * (1 - spread + NORMAL.inv_cdf(CHANCE_LEVEL) * math.sqrt(spread)) ** 3
    return float(square * (1 / sizes[0] + 1 / sizes[1]))
