"""The RFM grid and what its scores mean."""

from __future__ import annotations

from segmentry.report.charts import rfm_grid
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page


def rfm(page: Page) -> Markup:
    """Customers by recency and frequency score, the means, and the limits of each score."""
    view, say, write = page.content.rfm, page.say, page.write
    head: list[Child] = [say("rfm.recency"), say("rfm.frequency"), say("customers")]
    head += [say("revenue"), say("rfm.mean_monetary")]
    rows = [
        [
            write.count(cell.r),
            write.count(cell.f),
            write.count(cell.customers),
            write.money(cell.revenue),
            write.money(cell.mean_monetary),
        ]
        for cell in sorted(view.cells, key=lambda cell: (-cell.r, -cell.f))
        if cell.customers
    ]
    grid = page.figure(
        Chart(
            name="rfm",
            title=say("rfm.grid"),
            draw=lambda theme: rfm_grid(view, theme, write),
            table=page.table(head, rows, texts=0, label=say("rfm.grid")),
            height=360,
            empty=say("rfm.empty"),
        )
    )
    if not view.cells:
        return page.section("rfm", grid)
    side = el("div", _means(page), _limits(page))
    return page.section(
        "rfm", el("div", grid, side, class_="pair"), lead=say("rfm.lead", bins=view.bins)
    )


def _means(page: Page) -> Markup:
    view, say, write = page.content.rfm, page.say, page.write

    def counted(key: str, value: float | None) -> str:
        text = write.number(value)
        return say(key, count=value, text=text) if value is not None else text

    numbers = [
        (say("rfm.mean_recency"), counted("rfm.days", view.mean_recency_days)),
        (say("rfm.mean_frequency"), counted("rfm.orders", view.mean_frequency)),
        (say("rfm.mean_monetary"), write.money(view.mean_monetary)),
    ]
    return el(
        "dl",
        *(el("div", el("dt", label), el("dd", value)) for label, value in numbers),
        class_="figures small",
    )


def _limits(page: Page) -> Markup | None:
    view, say = page.content.rfm, page.say
    if not view.limits:
        return None
    head = [say(f"rfm.{key}") for key in ("score", "recency", "frequency", "monetary")]
    rows = [
        [page.write.count(limit.score), limit.recency, limit.frequency, limit.monetary]
        for limit in view.limits
    ]
    return el(
        "div", el("h3", say("rfm.limits")), page.table(head, rows, texts=4, label=say("rfm.limits"))
    )
