"""Intervals for what customers bring: means, ratios, shares, differences; or why there is none.

What customers bring has a long tail: a few bring most of it. The usual interval then misses the
truth far more often than it says, always on the same side. Here the skewness of an estimate is
taken into account (Hall 1992, JRSS B 54: 221), and where a few customers decide it all there is no
interval but a reason. Which *strain* is too much was found by simulation
(`tests/validation/estimate.py`): of the intervals that are shown, 93 to 97 % hold the truth, also
where they are shown in one case of twenty.

An estimate is carried with its variance and third central moment, so that the difference of two
independent ones is a subtraction. Everything is computed for many groups at once, always in the
order of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.signedinteger[Any]]
Reason = Literal["", "nothing", "few", "heavy"]
"""Why there is no interval: no customers; too few of them; a few of them decide it all."""

LEVEL = 0.95
NORMAL = NormalDist()
FEW = 200
"""Fewer customers than this have no interval of an amount."""
FEW_COUNTED = 30
"""Fewer customers than this have no interval of a share."""
FEW_BRINGING = 30
"""Fewer than this who bring anything at all say little about how much the others might."""
BEYOND = 0.7979
"""By how much the logarithm of the better half of a log-normal amount goes beyond its median, on
average, in standard deviations of the logarithm."""
MOST_STRAIN = 0.8
"""Above this a few customers decide an amount."""
SHY = 1.15
"""Skewness over that of a sample, which shows too little of it."""
UNSEEN = 0.6
"""How much farther it reaches to the side of the long tail, for each unit of strain squared. An
interval is shown where a sample shows little of the tail, and there most is missing of it."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval; without one, why.

    Args:
        value: `None` when there is nothing that it could be computed from.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    reason: Reason = ""

    @property
    def sign(self) -> int:
        """1 when the interval lies above 0, -1 when below, else 0."""
        if self.low is None or self.high is None:
            return 0
        return int(self.low > 0) - int(self.high < 0)


NOTHING = Estimate(None, reason="nothing")


@dataclass(frozen=True)
class Spreads:
    """Estimates of several groups before their intervals.

    Args:
        variance: Of the estimate, not of the customers.
        third: Third central moment of the estimate.
        strain: How far a few customers decide it.
        customers: How many it rests on.
        bringing: How many of them bring anything.
    """

    value: Numbers
    variance: Numbers
    third: Numbers
    strain: Numbers
    customers: Numbers
    bringing: Numbers

    def __sub__(self, other: Spreads) -> Spreads:
        """Differences of estimates that rest on different customers."""
        return Spreads(
            self.value - other.value,
            self.variance + other.variance,
            self.third - other.third,
            np.maximum(self.strain, other.strain),
            np.minimum(self.customers, other.customers),
            np.minimum(self.bringing, other.bringing),
        )

    def first(self, groups: int) -> Spreads:
        """Those of the first groups."""
        return Spreads(*(each[:groups] for each in vars(self).values()))

    def estimates(self, level: float = LEVEL) -> list[Estimate]:
        """The numbers with their intervals, which hold the truth in that share of cases."""
        low, high = self._limits(level)
        reasons = np.select(
            [
                ~np.isfinite(self.value),
                (self.customers < FEW) | (self.bringing < FEW_BRINGING) | ~np.isfinite(low + high),
                self.strain > MOST_STRAIN,
            ],
            ["nothing", "few", "heavy"],
            "",
        )
        columns = (self.value, low, high, reasons)
        return [_estimate(*row) for row in zip(*(each.tolist() for each in columns), strict=True)]

    def _limits(self, level: float) -> tuple[Numbers, Numbers]:
        """Ends of the intervals by inverting a cubic transformation that takes skewness out."""
        with np.errstate(all="ignore"):
            error = np.sqrt(self.variance)
            skew = SHY * self.third / error**3
            skew = np.where(np.abs(skew) < 1e-9, 1e-9, skew)
            near = _reach(self.customers, level)
            far = near * (1 + UNSEEN * np.minimum(self.strain, 1) ** 2)
            ends = np.where(skew > 0, near, far), -np.where(skew > 0, far, near)
            turned = [3 / skew * (np.cbrt(1 + skew * (each - skew / 6)) - 1) for each in ends]
            turned = [np.where(error > 0, each, 0.0) for each in turned]
            return self.value - turned[0] * error, self.value - turned[1] * error


def _reach(customers: Numbers, level: float) -> Numbers:
    """The quantile of Student's distribution, from the normal one (Cornish and Fisher)."""
    normal, free = NORMAL.inv_cdf((1 + level) / 2), np.maximum(customers - 1, 1)
    reach: Numbers = normal + (normal**3 + normal) / (4 * free)
    return reach


def _estimate(value: float, low: float, high: float, reason: Reason) -> Estimate:
    if reason == "nothing":
        return NOTHING
    return Estimate(value, reason=reason) if reason else Estimate(value, low, high)


# from customers


def ratios(above: Numbers, below: Numbers, codes: Codes, groups: int) -> Spreads:
    """The sum of one amount over the sum of another, by group: the delta method.

    Args:
        above: One value per customer.
        below: Likewise; ones make the ratio a mean.
        codes: Each customer's group, from 0; those of -1 are in none.
    """
    inside = codes >= 0
    above, below, codes = above[inside], below[inside], codes[inside]
    count = summed(np.ones(len(codes)), codes, groups)
    with np.errstate(all="ignore"):
        whole = summed(below, codes, groups)
        value = summed(above, codes, groups) / whole
        mean = whole / count
        rest = above - value[codes] * below
        square, cube = (summed(rest**power, codes, groups) for power in (2, 3))
        variance = square / (count - 1) / count / mean**2
        third = cube / count**3 / mean**3
    strain, bringing = tails(above, codes, groups, count)
    return Spreads(value, variance, third, strain, count, bringing)


def means(values: Numbers, codes: Codes, groups: int) -> Spreads:
    """Means of one value per customer, by group."""
    return ratios(values, np.ones(len(values)), codes, groups)


def means_of_others(values: Numbers, codes: Codes, groups: int) -> Spreads:
    """For each group the mean of all customers who are not in it, those of no group among them."""
    whole = np.zeros(len(values), np.int64)
    inside = codes >= 0
    rest = values - values.mean() if len(values) else values
    count = len(values) - summed(np.ones(int(inside.sum())), codes[inside], groups)
    first, second, third = (
        float((rest**power).sum()) - summed(rest[inside] ** power, codes[inside], groups)
        for power in (1, 2, 3)
    )
    with np.errstate(all="ignore"):
        mean = first / count
        square = second / count - mean**2
        cube = third / count - 3 * mean * second / count + 2 * mean**3
        value = mean + (values.mean() if len(values) else np.nan)
        strain, bringing = tails(values, whole, 1, np.array([float(len(values))]))
        return Spreads(
            value,
            np.maximum(square, 0) / (count - 1),
            cube / count**2,
            strain * np.sqrt(len(values) / count),
            count,
            np.full(groups, bringing[0]),
        )


def portions(values: Numbers, codes: Codes, groups: int) -> Spreads:
    """What each group brings of all that all customers bring, by the delta method.

    What varies is who is a customer: those of the group and the others alike.
    """
    whole, size = np.zeros(len(values), np.int64), float(len(values))
    inside, total = codes >= 0, float(values.sum())
    own = [summed(values[inside] ** power, codes[inside], groups) for power in (1, 2, 3)]
    count = summed(np.ones(int(inside.sum())), codes[inside], groups)
    strain, bringing = tails(values[inside], codes[inside], groups, count)
    with np.errstate(all="ignore"):
        value = own[0] / total
        square = (1 - 2 * value) * own[1] + value**2 * float((values**2).sum())
        cube = ((1 - value) ** 3 + value**3) * own[2] - value**3 * float((values**3).sum())
        base, _ = tails(values, whole, 1, np.array([size]))
        scale = np.float64(total)
        return Spreads(
            value,
            np.maximum(square, 0) / scale**2,
            cube / scale**3,
            np.maximum(strain, base[0]),
            np.minimum(count, size),
            bringing,
        )


def shares(customers: NDArray[Any], of: NDArray[Any]) -> list[Estimate]:
    """Shares of customers with Wilson's interval (1927, JASA 22: 209).

    Args:
        customers: How many it is true of, by group.
        of: How many there are.
    """
    return [share(one, all_) for one, all_ in zip(customers.tolist(), of.tolist(), strict=True)]


def share(customers: float, of: float) -> Estimate:
    """A share of customers with Wilson's interval.

    >>> found = share(30, 100)
    >>> round(found.low, 3), round(found.high, 3)
    (0.219, 0.396)
    """
    if not of:
        return NOTHING
    value = customers / of
    if of < FEW_COUNTED:
        return Estimate(value, reason="few")
    z = NORMAL.inv_cdf((1 + LEVEL) / 2)
    middle = (value + z * z / 2 / of) / (1 + z * z / of)
    half = z / (1 + z * z / of) * float(np.sqrt(value * (1 - value) / of + (z / 2 / of) ** 2))
    low, high = (middle - half if customers else 0.0), (middle + half if customers < of else 1.0)
    return Estimate(value, low, high)


def summed(values: Numbers, codes: Codes, groups: int) -> Numbers:
    """Sums by group, always in the order of the rows; no code may be negative."""
    found: Numbers = np.bincount(codes, values, groups).astype(np.float64)
    return found


def tails(values: Numbers, codes: Codes, groups: int, count: Numbers) -> tuple[Numbers, Numbers]:
    """The skewness that a mean would have if amounts were log-normal; how many bring anything.

    A sample shows less of a tail than there is, and least where there is most. So the better half
    says how far amounts reach out, and a log-normal amount that reaches as far, how skew it is.
    """
    strain, bringing = np.zeros(groups), np.zeros(groups)
    for group, own in _by_group(values, codes, groups):
        strain[group], bringing[group] = tail(own, float(count[group]))
    return strain, bringing


def tail(values: Numbers, count: float) -> tuple[float, float]:
    """The same of one group.

    Args:
        values: Of those who bring anything, in any order; others may be among them.
        count: How many customers there are.
    """
    some = np.abs(values[values != 0])
    better = len(some) // 2
    if not better:
        return 0.0, float(len(some))
    middle = len(some) - better - 1
    reach = np.log(np.partition(some, middle)[middle:])
    spread = (float(reach[1:].mean()) - float(reach[0])) / BEYOND
    return _skewness(spread, len(some) / count) / float(np.sqrt(count)), float(len(some))


def _by_group(values: Numbers, codes: Codes, groups: int) -> Iterator[tuple[int, Numbers]]:
    """The values of each group, in the order of the rows."""
    order = np.argsort(codes, kind="stable")
    ends = np.searchsorted(codes, np.arange(groups + 1), sorter=order)
    for group in range(groups):
        yield group, values[order[ends[group] : ends[group + 1]]]


def _skewness(spread: float, share: float) -> float:
    """Skewness of an amount that is log-normal for a share of customers and 0 for the others."""
    first, second, third = (
        share * float(np.exp(min(power**2 * spread**2 / 2, 600.0))) for power in (1, 2, 3)
    )
    variance = second - first**2
    return (third - 3 * first * second + 2 * first**3) / variance**1.5 if variance > 0 else 0.0
