"""What segments are worth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.named import labels, rules
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.value import Worth
    from segmentry.workspace.workspace import Workspace


def value(
    workspace: Workspace,
    names: Sequence[str],
    as_of: AsOf,
    period_days: int,
    language: str | None = None,
) -> Document:
    """Revenue, profit, retention and lifetime value of segments or groups, with intervals.

    Without names, all that is saved.
    """
    found = workspace.remembered(
        "value",
        lambda: workspace.insights.value(*names, when=as_of, period_days=period_days),
        as_of,
        period_days,
        about=names,
    )
    rule, label = rules(workspace, found.name, names), labels(workspace, found.name, language)
    return {
        "name": found.name,
        **basis(workspace, as_of),
        "period_days": found.period_days,
        "segments": [
            _worth(each) | {"label": label(each.name), "rule": rule(each.name)}
            for each in found.worths
        ],
        "missing": list(found.missing),
    }


def _worth(found: Worth) -> Document:
    won = found.acquisition
    return {
        "name": found.name,
        "customers": found.customers,
        "buyers": found.buyers,
        "customer_share": found.customer_share,
        "revenue_amount": found.revenue_amount,
        "revenue_share": estimate(found.revenue_share),
        "index": found.index,
        "best_share": estimate(found.best_share),
        "profit_amount": found.profit_amount,
        "profit_share": found.profit_share,
        "orders": found.orders,
        "revenue_per_customer": estimate(found.revenue),
        "more_than_others": estimate(found.more),
        "order_value": estimate(found.order_value),
        "orders_per_customer": estimate(found.orders_per_customer),
        "retention": estimate(found.retention),
        "clv": estimate(found.clv) if found.clv else None,
        "acquisition": None
        if won is None
        else {
            "new_customers": won.new_customers,
            "cost_amount": won.cost_amount,
            "revenue_amount": won.revenue_amount,
            "cac_amount": won.cac_amount,
            "roi": won.roi,
            "clv": won.clv,
        },
        "clv_to_cac": found.clv_to_cac,
    }
