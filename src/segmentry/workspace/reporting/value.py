"""What the RFM groups are worth."""

from __future__ import annotations

from segmentry.insights.estimate import Estimate
from segmentry.insights.value import Worth, worth
from segmentry.language.value import Name
from segmentry.report.content import Estimated, ValueView, WorthView
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.value import PERIOD_DAYS


def value(asked: Asking) -> ValueView:
    """The groups that have customers, in their order; none without orders."""
    segmentation = asked.available.get("rfm")
    if segmentation is None:
        return ValueView()
    divisions = {"rfm": Name(segmentation.feature)}
    found = worth(asked.customers, divisions, period_days=PERIOD_DAYS)["rfm"]
    by_name = {each.name: each for each in found}
    order = segmentation.in_order({each.name: each.customers for each in found})
    customers = sum(each.customers for each in found)
    revenue = float(sum(each.revenue_amount for each in found))
    return ValueView(
        label=asked.wording.segmentation(segmentation),
        of=len(order),
        period_days=PERIOD_DAYS,
        average=revenue / customers if customers else None,
        groups=tuple(
            _view(by_name[name], place, asked.wording.group(segmentation, name))
            for place, name in enumerate(order)
            if name in by_name
        ),
    )


def estimated(found: Estimate) -> Estimated:
    """A number as the report shows it."""
    return Estimated(found.value, found.low, found.high, found.reason)


def _view(found: Worth, place: int, label: str) -> WorthView:
    return WorthView(
        label=label,
        place=place,
        customers=found.customers,
        customer_share=found.customer_share,
        revenue=found.revenue_amount,
        revenue_share=estimated(found.revenue_share),
        index=found.index,
        per_customer=estimated(found.revenue),
        order_value=estimated(found.order_value),
        orders_per_customer=estimated(found.orders_per_customer),
        retention=estimated(found.retention),
        profit=found.profit_amount,
        expected=estimated(found.clv) if found.clv else None,
    )
