"""The whole base: revenue over time, and how concentrated it is."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from segmentry.report.charts.parts import (
    Option,
    base,
    category_axis,
    legend,
    literal,
    tip,
    value_axis,
)
from segmentry.report.charts.theme import Theme
from segmentry.report.content import CurvePoint, MonthPoint
from segmentry.report.writer import Writer

PARTIAL_OPACITY = 0.45
ROOM = 52
"""Pixels for the numbers beside an axis; more where the currency has a long name."""


def revenue_by_month(months: Sequence[MonthPoint], theme: Theme, write: Writer) -> Option | None:
    """Revenue above, customers who ordered below (new and returning), on one time axis.

    A month the data covers only in part is paler, and its tooltip says so.
    """
    if not months:
        return None
    words = write.messages
    names = [write.date(month.month) for month in months]
    divisor, unit = _money_unit(max(month.revenue for month in months), write)
    hidden = {"axisLabel": {"show": False}}
    room = max(ROOM, 12 + 6 * len(unit.replace("{value}", "000")))
    side = {"left": room, "right": 2, "outerBoundsMode": "none"}
    label = {"show": True, "color": theme.muted, "fontSize": 11, "hideOverlap": True}
    ticks = {"nameLocation": "end", "nameGap": 12, "splitNumber": 3}
    return base(
        theme,
        grid=[side | {"top": 26, "height": "46%"}, side | {"bottom": 24, "height": "24%"}],
        legend=legend(
            theme,
            right=0,
            top="58%",
            data=[words("report.base.returning"), words("report.base.new")],
        ),
        xAxis=[
            category_axis(theme, names, gridIndex=0, **hidden),
            category_axis(theme, names, gridIndex=1, axisLabel=_edge_labels(theme)),
        ],
        yAxis=[
            value_axis(
                theme,
                gridIndex=0,
                name=words("report.revenue"),
                axisLabel=label | {"formatter": unit, "showMinLabel": False},
                nameTextStyle=_name(theme, room),
                **ticks,
            ),
            value_axis(
                theme,
                gridIndex=1,
                name=words("report.base.customers_who_ordered"),
                axisLabel=label,
                nameTextStyle=_name(theme, room),
                minInterval=1,
                **ticks,
            ),
        ],
        series=_month_series(months, divisor, theme, write),
    )


def _month_series(
    months: Sequence[MonthPoint], divisor: int, theme: Theme, write: Writer
) -> list[Option]:
    words = write.messages
    tips = [_month_tip(month, write) for month in months]

    def bars(name: str, values: list[float], colour: str, grid: int) -> Option:
        data = [
            {
                "value": value,
                "tooltip": tooltip,
                "itemStyle": {"opacity": 1 if month.complete else PARTIAL_OPACITY},
            }
            for month, value, tooltip in zip(months, values, tips, strict=True)
        ]
        return {
            "type": "bar",
            "name": name,
            "data": data,
            "xAxisIndex": grid,
            "yAxisIndex": grid,
            "stack": f"grid{grid}",
            "barMaxWidth": 44,
            "barCategoryGap": "28%",
            "itemStyle": {"color": colour},
        }

    returning = [float(month.customers - month.new_customers) for month in months]
    new = [float(month.new_customers) for month in months]
    revenue = [float(month.revenue) / divisor for month in months]
    return [
        bars(words("report.revenue"), revenue, theme.accent, 0),
        bars(words("report.base.returning"), returning, theme.quiet, 1),
        bars(words("report.base.new"), new, theme.accent, 1),
    ]


def pareto(points: Sequence[CurvePoint], theme: Theme, write: Writer) -> Option | None:
    """Share of revenue brought by the best customers, against a base where all bring the same.

    The point at 20 % of customers is marked, interpolated between the points given.
    """
    if len(points) < 3:
        return None
    words = write.messages
    top = revenue_share_at(points, 0.2)
    text = words(
        "report.base.pareto_point", share=write.round_share(top), top=write.round_share(0.2)
    )
    axis = {
        "type": "value",
        "min": 0,
        "max": 100,
        "interval": 20,
        "nameLocation": "middle",
        "nameTextStyle": {"color": theme.muted, "fontSize": 12},
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": theme.line}},
        "axisLabel": {
            "color": theme.muted,
            "fontSize": 11,
            "formatter": words("number.share", value="{value}"),
        },
    }
    curve = [[round(p.customer_share * 100, 3), round(p.revenue_share * 100, 3)] for p in points]
    return base(
        theme,
        grid={"left": 62, "right": 18, "top": 10, "bottom": 44, "outerBoundsMode": "none"},
        xAxis=axis | {"name": words("report.base.axis_customers"), "nameGap": 28},
        yAxis=axis | {"name": words("report.base.axis_revenue"), "nameGap": 40},
        series=[
            _line([[0, 0], [100, 100]], theme.muted, {"type": "dashed", "width": 1}),
            _line(curve, theme.accent, {"width": 2})
            | {"areaStyle": {"color": theme.accent, "opacity": 0.08}},
            _mark(top, text, theme),
        ],
    )


def revenue_share_at(points: Sequence[CurvePoint], customer_share: float) -> float:
    """The curve's height at `customer_share`, on the straight line between its neighbours."""
    for left, right in pairwise(points):
        if left.customer_share <= customer_share <= right.customer_share:
            width = right.customer_share - left.customer_share
            part = (customer_share - left.customer_share) / width if width else 1.0
            return left.revenue_share + part * (right.revenue_share - left.revenue_share)
    return points[-1].revenue_share


def _mark(top: float, text: str, theme: Theme) -> Option:
    return {
        "type": "line",
        "data": [{"value": [20, round(top * 100, 3)], "tooltip": tip(text)}],
        "symbol": "circle",
        "symbolSize": 9,
        "itemStyle": {"color": theme.accent, "borderColor": theme.paper, "borderWidth": 2},
        "label": {
            "show": True,
            "position": "right",
            "distance": 10,
            "formatter": literal(text),
            "color": theme.ink,
            "fontSize": 12,
            "backgroundColor": theme.paper,
            "padding": [3, 5],
        },
    }


def _line(data: list[list[float]], colour: str, style: Option) -> Option:
    return {
        "type": "line",
        "data": data,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": colour} | style,
    }


def _month_tip(month: MonthPoint, write: Writer) -> Option:
    words = write.messages
    title = write.date(month.month)
    if not month.complete:
        title = words("report.base.partial", month=title)
    return tip(
        title,
        (words("report.revenue"), write.money(month.revenue)),
        (words("report.orders"), write.count(month.orders)),
        (words("report.base.customers_who_ordered"), write.count(month.customers)),
        (words("report.base.new"), write.count(month.new_customers)),
    )


def _money_unit(most: Decimal, write: Writer) -> tuple[int, str]:
    """What to divide money by so that axis numbers stay short, and the pattern that says so."""
    words = write.messages
    for size, name in ((10**9, "billion"), (10**6, "million"), (10**3, "thousand")):
        if most >= 3 * size:
            return size, write.unit(words(f"number.{name}", value="{value}"))
    return 1, write.unit("{value}")


def _edge_labels(theme: Theme) -> Option:
    return {
        "color": theme.muted,
        "fontSize": 11,
        "alignMinLabel": "left",
        "alignMaxLabel": "right",
        "hideOverlap": True,
    }


def _name(theme: Theme, room: int) -> Option:
    return {"color": theme.muted, "fontSize": 12, "align": "left", "padding": [0, 0, 0, -room]}
