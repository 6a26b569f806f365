"""What a budget leaves after it is spent, the best way each time."""

from __future__ import annotations

from decimal import Decimal

from segmentry.report.charts.parts import Option, base, literal, tip, value_axis
from segmentry.report.charts.theme import Theme
from segmentry.report.content import AllocationView
from segmentry.report.writer import Writer


def budget_curve(view: AllocationView, theme: Theme, write: Writer) -> Option | None:
    """What is left by budget; a dot for each, the budget that was asked about marked."""
    if len(view.curve) < 2:
        return None
    words = write.messages
    label = {"show": True, "color": theme.muted, "fontSize": 11, "hideOverlap": True}
    axis = {"axisLabel": label, "nameLocation": "middle"}
    axis |= {"nameTextStyle": {"color": theme.muted, "fontSize": 12}}
    return base(
        theme,
        grid={"left": 24, "right": 24, "top": 24, "bottom": 26, "outerBoundsMode": "same"},
        xAxis=value_axis(theme, name=words("report.allocation.budget"), nameGap=28, **axis),
        yAxis=value_axis(theme, scale=True, axisLabel=label),
        series=[
            {
                "type": "line",
                "symbolSize": 5,
                "itemStyle": {"color": theme.accent},
                "lineStyle": {"color": theme.accent, "width": 2},
                "data": [_point(each.budget, each.left, write) for each in view.curve],
            },
            {
                "type": "scatter",
                "symbolSize": 13,
                "itemStyle": {"color": theme.accent, "borderColor": theme.paper, "opacity": 1},
                "data": [
                    _point(float(view.spent), float(view.left), write)
                    | {
                        "label": {
                            "show": True,
                            "position": "top",
                            "formatter": literal(write.money(view.left)),
                            "color": theme.ink,
                            "fontSize": 12,
                        }
                    }
                ],
            },
        ],
    )


def _point(budget: float, left: float, write: Writer) -> Option:
    words = write.messages
    return {
        "value": [round(budget, 2), round(left, 2)],
        "tooltip": tip(
            words("report.allocation.left"),
            (words("report.allocation.budget"), _money(budget, write)),
            (words("report.allocation.left"), _money(left, write)),
        ),
    }


def _money(value: float, write: Writer) -> str:
    return write.money(Decimal(str(round(value, 2))))
