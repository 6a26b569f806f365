"""The RFM grid."""

from __future__ import annotations

from decimal import Decimal
from math import sqrt

from segmentry.report.charts.parts import Option, base, category_axis, heat_cell, heat_series, tip
from segmentry.report.charts.theme import Theme
from segmentry.report.content import RfmCell, RfmView
from segmentry.report.writer import Writer

_NOTHING = Decimal(0)


def rfm_grid(view: RfmView, theme: Theme, write: Writer) -> Option | None:
    """Customers by recency score (best on top) and frequency score (best on the right).

    Heat is the square root of the count, so that one crowded cell does not pale the rest.
    """
    if not any(cell.customers for cell in view.cells):
        return None
    most = max(cell.customers for cell in view.cells)
    known = {(cell.r, cell.f): cell for cell in view.cells}
    cells = []
    for r in range(1, view.bins + 1):
        for f in range(1, view.bins + 1):
            cell = known.get((r, f)) or RfmCell(r=r, f=f, customers=0, revenue=_NOTHING)
            text = write.count(cell.customers) if cell.customers else ""
            heat = sqrt(cell.customers / most)
            cells.append(heat_cell(theme, f - 1, r - 1, heat, text, _tip(cell, write)))
    words = write.messages
    scores = [write.count(score) for score in range(1, view.bins + 1)]
    title = {"nameLocation": "middle", "nameTextStyle": {"color": theme.muted, "fontSize": 12}}
    return base(
        theme,
        grid={"left": 46, "right": 2, "top": 2, "bottom": 44, "outerBoundsMode": "none"},
        xAxis=category_axis(
            theme, scores, name=words("report.rfm.axis_f"), nameGap=26, **title, **_bare()
        ),
        yAxis=category_axis(
            theme, scores, name=words("report.rfm.axis_r"), nameGap=28, **title, **_bare()
        ),
        **heat_series(theme, cells),
    )


def _bare() -> Option:
    return {"axisLine": {"show": False}, "splitLine": {"show": False}}


def _tip(cell: RfmCell, write: Writer) -> Option:
    words = write.messages
    return tip(
        words("report.rfm.cell", r=cell.r, f=cell.f),
        (words("report.customers"), write.count(cell.customers)),
        (words("report.revenue"), write.money(cell.revenue)),
        (words("report.rfm.mean_monetary"), write.money(cell.mean_monetary)),
    )
