"""How many are in a segment, point by point."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.report.charts.parts import Option, base, category_axis, tip, value_axis
from segmentry.report.charts.theme import Theme
from segmentry.report.writer import Writer


def membership(points: Sequence[tuple[str, int]], theme: Theme, write: Writer) -> Option | None:
    """A bar for each (period, customers), in the order given."""
    if not points:
        return None
    label = write.messages("report.customers")
    bars = [
        {"value": customers, "tooltip": tip(period, (label, write.count(customers)))}
        for period, customers in points
    ]
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 10, "bottom": 4, "outerBoundsMode": "same"},
        xAxis=category_axis(theme, [period for period, _ in points]),
        yAxis=value_axis(theme),
        series=[{"type": "bar", "data": bars, "itemStyle": {"color": theme.accent}}],
    )
