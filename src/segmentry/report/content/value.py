"""What groups are worth."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from segmentry.report.content.estimated import Estimated


@dataclass(frozen=True, slots=True, kw_only=True)
class WorthView:
    """What one group is worth.

    Args:
        place: From 0, among all groups; its colour goes by it.
        index: Share of revenue over share of customers.
        per_customer: Revenue.
        retention: Who bought in the period, of those who bought in the one before.
        profit: `None` where costs are not known.
        expected: What a customer is expected to bring; `None` without a fitted model.
    """

    label: str
    place: int
    customers: int
    customer_share: float
    revenue: Decimal
    revenue_share: Estimated
    index: float | None
    per_customer: Estimated
    order_value: Estimated
    orders_per_customer: Estimated
    retention: Estimated
    profit: Decimal | None = None
    expected: Estimated | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueView:
    """What the groups of one way of dividing are worth; without groups it is not shown.

    Args:
        of: Number of groups, those without customers too.
        period_days: How long the periods are by which retention is judged.
        average: Revenue per customer, of all who are in a group.
    """

    label: str = ""
    of: int = 0
    period_days: int = 0
    average: float | None = None
    groups: tuple[WorthView, ...] = ()
