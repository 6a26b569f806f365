"""The base at a glance."""

from __future__ import annotations

from segmentry.insights import base as bases
from segmentry.report.content import Base, CurvePoint, MonthPoint
from segmentry.workspace.reporting.asking import TABLE, Asking


def base(asked: Asking) -> Base:
    """All customers together."""
    found = bases.base(asked.engine, asked.as_of)
    curve, top = (
        bases.concentration(asked.engine, TABLE) if "monetary" in asked.features else ([], None)
    )
    return Base(
        customers=found.customers,
        buyers=found.buyers,
        orders=found.orders,
        revenue=found.revenue_amount,
        average_order=found.revenue_amount / found.orders if found.orders else None,
        first_order_on=found.first_order_on.isoformat() if found.first_order_on else None,
        last_order_on=found.last_order_on.isoformat() if found.last_order_on else None,
        months=tuple(
            MonthPoint(
                month=each.month,
                revenue=each.revenue_amount,
                orders=each.orders,
                customers=each.customers,
                new_customers=each.new_customers,
                complete=each.complete,
            )
            for each in found.months
        ),
        concentration=tuple(CurvePoint(*point) for point in curve),
        top20_share=top,
    )
