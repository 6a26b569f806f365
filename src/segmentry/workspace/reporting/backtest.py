"""What RFM groups as of past months did afterwards, and which way of dividing tells most."""

from __future__ import annotations

from segmentry.core.errors import UsageError
from segmentry.insights.backtest import MAIN, Ranked, Tried
from segmentry.insights.future import CHANCE, SPEND
from segmentry.report.content import BacktestView, RankedView, TriedView
from segmentry.segments.segment import Segmentation
from segmentry.workspace.backtest import USUAL, backtest
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated

CUTS = 6
"""Months looked at: each is a customer table of its own."""
NAIVE = {CHANCE: "chance", SPEND: "spend"}


def tried(asked: Asking) -> BacktestView:
    """The groups of RFM and the ranking; no groups where the orders do not reach back."""
    segmentation = asked.available.get("rfm")
    if segmentation is None:
        return BacktestView()
    names = [name for name in USUAL if name in asked.available]
    try:
        found = backtest(asked.workspace, names, asked.as_of, CUTS, shown=["rfm"])
    except UsageError:
        return BacktestView()
    by_name = {each.name: each for each in found.groups["rfm"] if each.outcomes}
    order = segmentation.in_order({name: each.customers for name, each in by_name.items()})
    days = min(MAIN, max(one.days for each in by_name.values() for one in each.outcomes))
    return BacktestView(
        label=asked.wording.segmentation(segmentation),
        of=len(order),
        days=days,
        cuts=tuple(each[:10] for each in found.cuts),
        groups=tuple(
            _tried(asked, segmentation, by_name[name], place, days)
            for place, name in enumerate(order)
            if name in by_name
        ),
        ranking=tuple(_ranked(asked, each) for each in found.ranking),
    )


def _tried(
    asked: Asking, segmentation: Segmentation, found: Tried, place: int, days: int
) -> TriedView:
    [after] = [each for each in found.outcomes if each.days == days]
    return TriedView(
        label=asked.wording.group(segmentation, found.name),
        place=place,
        customers=found.customers,
        revenue=estimated(after.revenue),
        more=estimated(after.revenue_more),
        bought=estimated(after.bought),
        bought_more=estimated(after.bought_more),
        verdict=found.verdict,
    )


def _ranked(asked: Asking, found: Ranked) -> RankedView:
    if found.name in NAIVE:
        label = asked.words(f"report.backtest.{NAIVE[found.name]}")
    else:
        label = asked.wording.segmentation(asked.available[found.name])
    return RankedView(
        label=label,
        groups=found.groups,
        gini=estimated(found.gini),
        over_naive=estimated(found.over_naive),
        naive=found.naive,
    )
