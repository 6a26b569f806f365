"""Does a rule say anything about what comes? Segments as of past instants, and what followed.

Customers are in several cuts, and what one does after one cut is near to what the same one does
after the next. So the customer is what varies: a customer's cuts are added up before anything is
said about certainty. Groups are put in order by what their members did after *earlier* cuts, whose
time was over by then, and are judged by what they did after later ones: as one would have used
them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from segmentry.insights.estimate import Codes, Estimate, Numbers, Spreads, summed, tails
from segmentry.insights.future import CHANCE, SPEND, Cut

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
    names = sorted({name for each in cuts for name in each.divisions[division].names})
    past = _Stack(cuts, division, names).against([each.past for each in cuts])
    horizons = sorted({days for each in cuts for days in each.sales})
    by_horizon = [_outcomes(cuts, division, names, days) for days in horizons]
    whole = _Stack(cuts, division, names)
    return [
        Tried(
            name=name,
            customers=int((whole.times[:, place] > 0).sum()),
            memberships=int(whole.times[:, place].sum()),
            past_more=past[1].estimates()[place],
            outcomes=tuple(outcomes[place][0] for outcomes in by_horizon),
            verdict=_verdict(
                past[1].estimates()[place],
                next((one[place][1] for one, days in zip(by_horizon, horizons, strict=True)
                      if days == min(MAIN, horizons[-1])), None),
            ),
        )
        for place, name in enumerate(names)
    ]  # fmt: skip


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
    usable = [each for each in cuts if days in each.sales]
    stack = _Stack(usable, division, names)
    sales = [each.sales[days] for each in usable]
    revenue, revenue_more = stack.against([each.revenue for each in sales])
    orders, orders_more = stack.against([each.orders for each in sales])
    bought, bought_more = stack.against([(each.orders > 0).astype(np.float64) for each in sales])
    columns = (revenue, revenue_more, orders, orders_more, bought, bought_more)
    rows = zip(*(each.estimates() for each in columns), strict=True)
    strict = zip(bought_more.estimates(STRICT), revenue_more.estimates(STRICT), strict=True)
    return [(Outcome(days, *row), pair) for row, pair in zip(rows, strict, strict=True)]


class _Stack:
    """Cuts on one another, a customer's rows added up.

    Args:
        times: At how many cuts each customer was in each group; the last column is no group.
    """

    def __init__(self, cuts: Sequence[Cut], division: str, names: Sequence[str]) -> None:
        self._size = len(names) + 1
        self._numbers, inverse = np.unique(
            np.concatenate([each.numbers for each in cuts] or [np.zeros(0, np.int64)]),
            return_inverse=True,
        )
        codes = [_codes(each, division, names) for each in cuts] or [np.zeros(0, np.int64)]
        self._cells: Codes = inverse * self._size + np.concatenate(codes)
        self.times = self._added(np.ones(len(self._cells)))

    def _added(self, values: Numbers) -> NDArray[np.float64]:
        shape = (len(self._numbers), self._size)
        return summed(values, self._cells, shape[0] * shape[1]).reshape(shape)

    def against(self, values: Sequence[Numbers]) -> tuple[Spreads, Spreads]:
        """The mean of a member at a cut, and that less the mean of everyone else, by group."""
        added = self._added(np.concatenate([*values, np.zeros(0)]))
        all_values, all_times = added.sum(axis=1), self.times.sum(axis=1)
        own, more = [], []
        for group in range(self._size - 1):
            mine = _Mean(added[:, group], self.times[:, group])
            rest = _Mean(all_values - mine.values, all_times - mine.times)
            own.append(_spread(mine.mean, mine.influence, [mine]))
            more.append(
                _spread(mine.mean - rest.mean, mine.influence - rest.influence, [mine, rest])
            )
        return _together(own), _together(more)


class _Mean:
    """A mean over memberships of which a customer may have several."""

    def __init__(self, values: Numbers, times: Numbers) -> None:
        self.values, self.times = values, times
        with np.errstate(all="ignore"):
            self.mean = float(np.divide(values.sum(), times.sum()))
            self.influence = (values - self.mean * times) / times.mean()


def _spread(value: float, influence: Numbers, means: Sequence[_Mean]) -> tuple[float, ...]:
    size = len(influence)
    strains, customers, bringing = [0.0], [], []
    for each in means:
        held = each.times > 0
        count = np.array([float(held.sum())])
        strain, some = tails(each.values[held], np.zeros(int(count[0]), np.int64), 1, count)
        strains.append(float(strain[0]))
        customers.append(float(count[0]))
        bringing.append(float(some[0]))
    with np.errstate(all="ignore"):
        variance = float((influence**2).sum() / np.float64(size) / (size - 1)) if size > 1 else 0.0
        third = float((influence**3).sum() / np.float64(size) ** 3) if size else 0.0
    return value, variance, third, max(strains), min(customers), min(bringing)


def _together(rows: Sequence[tuple[float, ...]]) -> Spreads:
    return Spreads(*np.array(rows, np.float64).reshape(len(rows), 6).T)


def _codes(cut: Cut, division: str, names: Sequence[str]) -> Codes:
    """Places among all names; behind them for those who are in no group."""
    own = cut.divisions[division]
    place = {name: each for each, name in enumerate(names)}
    places = np.array([*(place[name] for name in own.names), len(names)], np.int64)
    found: Codes = places[own.codes]
    return found


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
    kept = {name: _judged(judged, name, horizon) for name in judged[0][0].divisions}
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


def _judged(
    judged: Sequence[tuple[Cut, list[Cut]]], division: str, horizon: int
) -> tuple[Numbers, Numbers]:
    """Gini and share explained, of all buyers and then with each bucket of them left out."""
    areas, errors = [], []
    for each, earlier in judged:
        revenue = each.sales[horizon].revenue
        expected, average = _expected(each, earlier, division, horizon)
        bucket = _bucket(each.numbers)
        place, best = _middle(expected), _middle(revenue)
        areas.append([_left_out(one, bucket) for one in (revenue * place, revenue * best, revenue)])
        errors.append(
            [_left_out((revenue - one) ** 2, bucket) for one in (expected, np.full(1, average))]
        )
    with np.errstate(all="ignore"):
        found = [(2 * one / all_ - 1, 2 * best / all_ - 1) for one, best, all_ in areas]
        gini: Numbers = sum((one for one, _ in found), np.zeros(1)) / sum(
            (best for _, best in found), np.zeros(1)
        )
        missed = sum((one for one, _ in errors), np.zeros(1))
        explained: Numbers = 1 - missed / sum((plain for _, plain in errors), np.zeros(1))
    return gini, explained


def _expected(
    when: Cut, earlier: Sequence[Cut], division: str, horizon: int
) -> tuple[Numbers, float]:
    """For each customer what members of the same group brought after earlier cuts, and all."""
    names = sorted({name for each in (when, *earlier) for name in each.divisions[division].names})
    size = len(names) + 1
    brought, count = np.zeros(size), np.zeros(size)
    for each in earlier:
        codes = _codes(each, division, names)
        brought += summed(each.sales[horizon].revenue, codes, size)
        count += summed(np.ones(len(codes)), codes, size)
    average = float(brought.sum() / max(count.sum(), 1.0))
    mean = np.where(count > 0, brought / np.maximum(count, 1), average)
    found: Numbers = mean[_codes(when, division, names)]
    return found, average


def _middle(values: Numbers) -> Numbers:
    """Each value's place from 0 to 1 among all, equal ones in the middle of theirs."""
    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, side="left")
    place: Numbers = (below + np.searchsorted(ordered, values, side="right")) / 2 / len(values)
    return place


def _bucket(numbers: NDArray[np.int64]) -> Codes:
    """A part of customers by chance, the same at every cut."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return ((mixed >> np.uint64(33)) % np.uint64(BUCKETS)).astype(np.int64)


def _left_out(values: Numbers, bucket: Codes) -> Numbers:
    """The sum of all, then the sums without each bucket."""
    parts = summed(values, bucket, BUCKETS)
    return float(parts.sum()) - np.concatenate([[0.0], parts])


def _jackknifed(values: Numbers) -> Estimate:
    """The first value with an interval from those with a bucket left out."""
    value, rest = float(values[0]), values[1:]
    if not np.isfinite(values).all():
        return Estimate(None, reason="nothing")
    error = float(np.sqrt((BUCKETS - 1) / BUCKETS * ((rest - rest.mean()) ** 2).sum()))
    return Estimate(value, value - STUDENT * error, value + STUDENT * error)
