"""Does a rule say anything about what comes? Segments as of past instants, and what followed.

Customers are in several cuts. The customer is what varies: a customer's cuts are added up before
anything is said about certainty (`stack`). Groups are put in order by what their members did after
*earlier* cuts, whose time was over by then, and are judged by what they did after later ones: as
one would have used them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.insights.estimate import Codes, Estimate, Numbers, summed
from segmentry.insights.future import CHANCE, SPEND, Cut
from segmentry.insights.stack import Stack, places

HORIZONS = (30, 90, 180)
MAIN = 90
"""The horizon of verdicts and of the ranking, in days."""
STRICT = 0.975
"""Level of the two intervals of which either may carry a verdict, so that 5 % is for both."""
SMALL = 0.05
"""A difference in who buys again below this, and an interval within it, is as good as none."""
BUCKETS = 50
"""Parts of customers that are left out in turn to see how far a figure varies."""
STUDENT = 2.0096
"""Quantile of Student's distribution with 49 degrees of freedom."""
ENOUGH = 500
"""Buyers below which segmentations are not ranked."""

Verdict = Literal["more", "less", "past", "unsaid"]
"""Buy more afterwards than everyone else, or less; differ before and not afterwards; or the
customers are too few or too different to say."""


@dataclass(frozen=True)
class Outcome:
    """What members did in some days after a cut, and how much more that is than everyone else.

    Args:
        revenue: Per member.
        bought: Share of members who bought at all.
    """

    days: int
    revenue: Estimate
    revenue_more: Estimate
    orders: Estimate
    orders_more: Estimate
    bought: Estimate
    bought_more: Estimate


@dataclass(frozen=True)
class Tried:
    """One group, tried on the past.

    Args:
        customers: Different customers who were in it at any cut.
        memberships: Customers added up over cuts.
        past_more: Revenue in the 90 days before a cut, less everyone else's.
        outcomes: By horizon; only those for which there are cuts.
    """

    name: str
    customers: int
    memberships: int
    past_more: Estimate
    outcomes: tuple[Outcome, ...]
    verdict: Verdict


@dataclass(frozen=True)
class Ranked:
    """How well a division tells who will bring much in the 90 days to come.

    Args:
        gini: 1 when its order of groups is the order of what customers will bring, 0 when it is as
            good as none (normalised Gini coefficient).
        explained: Share of the variance of what customers brought that its groups foretold; below
            0 it is worse than taking everybody for average.
        over_naive: `gini` less that of tenths by what was spent in the last 90 days.
        naive: Whether it is one of the rows to beat.
    """

    name: str
    groups: int
    gini: Estimate
    explained: Estimate
    over_naive: Estimate
    naive: bool


def tried(cuts: Sequence[Cut], division: str) -> list[Tried]:
    """Every group of a division, against everyone else who had bought."""
    names = _names(cuts, division)
    whole = Stack.of(cuts, division, names)
    [(own, more)] = whole.against([lambda cut, some: cut.past[some]])
    horizons = sorted({days for each in cuts for days in each.sales})
    by_horizon = [_outcomes(cuts, division, names, days) for days in horizons]
    main = min(MAIN, horizons[-1]) if horizons else None
    strict = dict(zip(horizons, by_horizon, strict=True)).get(main or 0)
    return [
        Tried(
            name=name,
            customers=int(own.customers[place]),
            memberships=int(whole.times[place]),
            past_more=past,
            outcomes=tuple(outcomes[place][0] for outcomes in by_horizon),
            verdict=_verdict(past, strict[place][1] if strict else None),
        )
        for place, (name, past) in enumerate(zip(names, more.estimates(), strict=True))
    ]


def _verdict(past: Estimate, strict: tuple[Estimate, Estimate] | None) -> Verdict:
    if strict is None:
        return "unsaid"
    bought, revenue = strict
    for each in (bought, revenue):
        if each.sign:
            return "more" if each.sign > 0 else "less"
    if bought.low is None or bought.high is None:
        return "unsaid"
    return "past" if past.sign and bought.low > -SMALL and bought.high < SMALL else "unsaid"


def _outcomes(
    cuts: Sequence[Cut], division: str, names: Sequence[str], days: int
) -> list[tuple[Outcome, tuple[Estimate, Estimate]]]:
    """Of each group, and of its strict differences in who bought and in revenue."""
    stack = Stack.of([each for each in cuts if days in each.sales], division, names)
    found = stack.against(
        [
            lambda cut, some: cut.sales[days].revenue[some],
            lambda cut, some: cut.sales[days].orders[some].astype(np.float64),
            lambda cut, some: (cut.sales[days].orders[some] > 0).astype(np.float64),
        ]
    )
    rows = zip(*(each.estimates() for pair in found for each in pair), strict=True)
    revenue, bought = found[0][1], found[2][1]
    strict = zip(bought.estimates(STRICT), revenue.estimates(STRICT), strict=True)
    return [(Outcome(days, *row), pair) for row, pair in zip(rows, strict, strict=True)]


# the ranking


def ranked(cuts: Sequence[Cut], horizon: int = MAIN) -> list[Ranked]:
    """All divisions by how well they tell who will bring much, best first.

    None when no cut has an earlier one whose horizon was over by then, or there are too few buyers.
    """
    usable = [each for each in cuts if horizon in each.sales]
    pairs = [(each, _over_by(usable, each, horizon)) for each in usable]
    judged = [(each, earlier) for each, earlier in pairs if earlier]
    if not judged or min(len(each.numbers) for each, _ in judged) < ENOUGH:
        return []
    sums = [_Judged.of(each, earlier, horizon) for each, earlier in judged]
    kept = {name: _gini_and_explained(sums, name) for name in judged[0][0].divisions}
    naive = kept[SPEND][0]
    made = [
        Ranked(
            name=name,
            groups=len({one for each, _ in judged for one in each.divisions[name].names}),
            gini=_jackknifed(gini),
            explained=_jackknifed(explained),
            over_naive=_jackknifed(gini - naive),
            naive=name in (CHANCE, SPEND),
        )
        for name, (gini, explained) in kept.items()
    ]
    return sorted(made, key=lambda each: (-(each.gini.value or 0.0), each.name))


def _over_by(cuts: Sequence[Cut], when: Cut, horizon: int) -> list[Cut]:
    days = horizon * 86_400
    return [
        each for each in cuts if (when.as_of.instant - each.as_of.instant).total_seconds() >= days
    ]


@dataclass(frozen=True)
class _Judged:
    """What customers of a cut brought, by buckets of them.

    Args:
        bucket: Of each customer.
        best: What they brought, times their place among all by what they brought.
        brought: What they brought; `squares` are its squares.
    """

    cut: Cut
    earlier: Sequence[Cut]
    horizon: int
    bucket: Codes
    best: Numbers
    brought: Numbers
    squares: Numbers

    @classmethod
    def of(cls, cut: Cut, earlier: Sequence[Cut], horizon: int) -> _Judged:
        """A cut that is judged by what came of it, given what came of earlier ones by then."""
        revenue, bucket = cut.sales[horizon].revenue, _bucket(cut.numbers)
        sums = (revenue * _middle(revenue), revenue, revenue * revenue)
        return cls(cut, earlier, horizon, bucket, *(summed(each, bucket, BUCKETS) for each in sums))

    def areas(self, division: str) -> tuple[Numbers, ...]:
        """Areas under both curves and squares of what was missed, with each bucket left out.

        Expected is alike for all members of a group, so that sums by group are enough.
        """
        names = _names([self.cut, *self.earlier], division)
        size = len(names) + 1
        codes = places(self.cut, division, names)
        keys = self.bucket.astype(np.int64) * size + codes
        revenue = self.cut.sales[self.horizon].revenue
        brought = summed(revenue, keys, BUCKETS * size).reshape(BUCKETS, size)
        count = np.bincount(keys, minlength=BUCKETS * size).reshape(BUCKETS, size)
        mean, average = _expected(self.earlier, division, names, self.horizon)
        missed, plain = (
            self.squares + (each * each * count - 2 * each * brought).sum(axis=1)
            for each in (mean, np.full(size, average))
        )
        place = _middle_of(mean, count.sum(axis=0))
        sums = (brought @ place, self.best, self.brought, missed, plain)
        return tuple(_left_out(each) for each in sums)


def _gini_and_explained(judged: Sequence[_Judged], division: str) -> tuple[Numbers, Numbers]:
    """Gini and share explained, of all buyers and then with each bucket of them left out."""
    areas = [each.areas(division) for each in judged]
    with np.errstate(all="ignore"):
        found = sum((2 * one / all_ - 1 for one, _, all_, _, _ in areas), np.zeros(1))
        most = sum((2 * best / all_ - 1 for _, best, all_, _, _ in areas), np.zeros(1))
        missed = sum((each[3] for each in areas), np.zeros(1))
        gini: Numbers = found / most
        explained: Numbers = 1 - missed / sum((each[4] for each in areas), np.zeros(1))
    return gini, explained


def _expected(
    earlier: Sequence[Cut], division: str, names: Sequence[str], horizon: int
) -> tuple[Numbers, float]:
    """What a member of each group brought on average after earlier cuts, and a customer."""
    size = len(names) + 1
    brought, count = np.zeros(size), np.zeros(size)
    for each in earlier:
        codes = places(each, division, names)
        brought += summed(each.sales[horizon].revenue, codes, size)
        count += np.bincount(codes, minlength=size)
    average = float(brought.sum() / max(count.sum(), 1.0))
    return np.where(count > 0, brought / np.maximum(count, 1), average), average


def _names(cuts: Sequence[Cut], division: str) -> list[str]:
    return sorted({name for each in cuts for name in each.divisions[division].names})


def _middle(values: Numbers) -> Numbers:
    """Each value's place from 0 to 1 among all, equal ones in the middle of theirs."""
    order = np.argsort(values)
    ordered = values[order]
    starts = np.flatnonzero(np.diff(ordered, prepend=np.nan) != 0)
    ends = np.append(starts[1:], len(ordered))
    place = np.empty(len(values))
    place[order] = np.repeat((starts + ends) / 2 / max(len(values), 1), ends - starts)
    return place


def _middle_of(values: Numbers, count: NDArray[np.int64]) -> Numbers:
    """The same for values of which there are several each."""
    distinct, where = np.unique(values, return_inverse=True)
    several = summed(count.astype(np.float64), where, len(distinct))
    upto = np.cumsum(several)
    place: Numbers = ((upto - several / 2) / max(float(count.sum()), 1.0))[where]
    return place


def _bucket(numbers: NDArray[np.integer[Any]]) -> Codes:
    """A part of customers by chance, the same at every cut."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(33)) % np.uint64(BUCKETS)).astype(np.int8)


def _left_out(parts: Numbers) -> Numbers:
    """The sum of all, then the sums without each bucket."""
    return float(parts.sum()) - np.concatenate([[0.0], parts])


def _jackknifed(values: Numbers) -> Estimate:
    """The first value with an interval from those with a bucket left out."""
    value, rest = float(values[0]), values[1:]
    if not np.isfinite(values).all():
        return Estimate(None, reason="nothing")
    error = float(np.sqrt((BUCKETS - 1) / BUCKETS * ((rest - rest.mean()) ** 2).sum()))
    return Estimate(value, value - STUDENT * error, value + STUDENT * error)
