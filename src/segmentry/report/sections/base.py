"""The base at a glance: a row of figures, months, concentration."""

from __future__ import annotations

from segmentry.report.charts import pareto, revenue_by_month
from segmentry.report.charts.base import revenue_share_at
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page

PARETO_STEPS = (0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0)


def base(page: Page) -> Markup:
    """All customers together."""
    view, say, write = page.content.base, page.say, page.write
    if view.orders:
        lead = say(
            "base.lead",
            buyers=view.buyers,
            customers=view.customers,
            first=write.date(view.first_order_on),
            last=write.date(view.last_order_on),
        )
    else:
        lead = say("base.lead_empty", customers=say("customer_count", count=view.customers))
    return page.section(
        "base",
        figures(page),
        el("div", _months(page), _pareto(page), class_="pair uneven"),
        lead=lead,
    )


def figures(page: Page) -> Markup:
    """The six numbers everybody asks for first."""
    view, say, write = page.content.base, page.say, page.write
    numbers = [
        (say("customers"), write.count(view.customers)),
        (say("base.buyers"), write.count(view.buyers)),
        (say("orders"), write.count(view.orders)),
        (say("revenue"), write.short_money(view.revenue)),
        (say("average_order"), write.money(view.average_order)),
        (say("base.top20"), write.round_share(view.top20_share)),
    ]
    return el(
        "dl",
        *(el("div", el("dt", label), el("dd", value)) for label, value in numbers),
        class_="figures",
    )


def _months(page: Page) -> Markup:
    months, say, write = page.content.base.months, page.say, page.write
    head: list[Child] = [say("month"), say("revenue"), say("orders")]
    head += [say("base.customers_who_ordered"), say("base.new")]
    rows = []
    for month in months:
        name = write.date(month.month)
        rows.append(
            [
                name if month.complete else say("base.partial", month=name),
                write.money(month.revenue),
                write.count(month.orders),
                write.count(month.customers),
                write.count(month.new_customers),
            ]
        )
    partial = any(not month.complete for month in months)
    return page.figure(
        Chart(
            name="months",
            title=say("base.months"),
            draw=lambda theme: revenue_by_month(months, theme, write),
            table=page.table(head, rows, label=say("base.months")),
            height=360,
            empty=say("base.no_months"),
            note=say("base.partial_note") if partial else None,
        )
    )


def _pareto(page: Page) -> Markup:
    points, say, write = page.content.base.concentration, page.say, page.write
    rows = [
        [write.share(step, 0), write.share(revenue_share_at(points, step))]
        for step in PARETO_STEPS
        if points
    ]
    return page.figure(
        Chart(
            name="pareto",
            title=say("base.pareto"),
            draw=lambda theme: pareto(points, theme, write),
            table=page.table([say("base.axis_customers"), say("base.axis_revenue")], rows),
            height=360,
            empty=say("base.no_pareto"),
            note=say("base.pareto_note"),
        )
    )
