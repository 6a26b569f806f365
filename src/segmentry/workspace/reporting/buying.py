"""What is bought together and where a budget goes, as it was asked last; nothing is asked anew."""

from __future__ import annotations

from decimal import Decimal

from segmentry.data.checks.texts import column_name
from segmentry.insights.affinity import Together
from segmentry.insights.allocation import Allocation, Share
from segmentry.report.content import (
    AffinityView,
    AllocationView,
    BudgetPoint,
    SpendView,
    TogetherView,
)
from segmentry.workspace import affinity as affinities
from segmentry.workspace import allocation as allocations
from segmentry.workspace.affinity import Affinity
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.reporting.value import estimated

MOST = 12
"""Sets shown, those that go together most."""


def affinity(asked: Asking) -> AffinityView:
    """The last answer by the instant about all orders; an empty one where there is none."""
    found = affinities.latest(asked.workspace, asked.as_of)
    if found is None:
        return AffinityView()
    return AffinityView(
        as_of=asked.day(asked.workspace.as_of(found.as_of).instant),
        of=column_name(asked.words, "products", found.of),
        orders=found.orders,
        least=found.least_orders,
        found=len(found.sets),
        certain=sum(each.certain for each in found.sets),
        sets=tuple(_together(found, each) for each in found.sets[:MOST]),
    )


def _together(found: Affinity, each: Together) -> TogetherView:
    return TogetherView(
        things=tuple(found.names.get(one.item, one.item) for one in each.things),
        orders=each.orders,
        share=each.support,
        lift=estimated(each.lift),
        certain=each.certain,
    )


def allocation(asked: Asking) -> AllocationView:
    """The last split by the instant; an empty one where there is none."""
    found = allocations.latest(asked.workspace, asked.as_of)
    if found is None:
        return AllocationView()
    return AllocationView(
        budget=_money(found.budget),
        spent=_money(found.spent),
        left=_money(found.net),
        low=None if found.low is None else _money(found.low),
        high=None if found.high is None else _money(found.high),
        next_unit=found.marginal,
        shares=tuple(_spend(asked, found, each) for each in found.shares),
        curve=tuple(BudgetPoint(budget, left) for budget, left in found.curve),
    )


def _spend(asked: Asking, found: Allocation, each: Share) -> SpendView:
    ends = found.spent_between.get(each.segment)
    return SpendView(
        label=_label(asked, each.segment),
        spent=_money(each.spent),
        brings=_money(each.profit),
        next_unit=each.marginal,
        between=None if ends is None else (_money(ends[0]), _money(ends[1])),
    )


def _label(asked: Asking, segment: str) -> str:
    """What a segment or a group (`rfm/VIP`) is called."""
    name, _, group = segment.partition("/")
    if group and name in asked.available:
        return asked.wording.group(asked.available[name], group)
    return asked.wording.segments.get(segment, segment)


def _money(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))
