"""Groups by size and by worth."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

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
from segmentry.report.content import GroupView
from segmentry.report.writer import Writer

_ZERO = Decimal(0)
NAMED, DETAILED = 0.04, 0.12
"""Shares of the area from which a tile has room for its name, and for its numbers too."""


def group_treemap(groups: Sequence[GroupView], theme: Theme, write: Writer) -> Option | None:
    """Each group as an area of its revenue. Groups without positive revenue have no area."""
    total = sum((group.revenue for group in groups if group.revenue > 0), start=_ZERO)
    if total <= 0:
        return None
    tiles = []
    for position, group in enumerate(groups):
        if group.revenue <= 0:
            continue
        colour = theme.group(position, len(groups))
        area = group.revenue / total
        lines = [group.label]
        if area >= DETAILED:
            lines += [
                write.short_money(group.revenue),
                write.round_share(group.revenue_share),
            ]
        tiles.append(
            {
                "name": group.name,
                "value": float(group.revenue),
                "itemStyle": {"color": colour},
                "label": {
                    "show": area >= NAMED,
                    "formatter": literal("\n".join(lines)),
                    "color": theme.ink_on(colour),
                },
                "tooltip": group_tip(group, write),
            }
        )
    return base(
        theme,
        series=[
            {
                "type": "treemap",
                "data": tiles,
                "roam": False,
                "nodeClick": False,
                "breadcrumb": {"show": False},
                "left": 0,
                "right": 0,
                "top": 0,
                "bottom": 0,
                "itemStyle": {"borderColor": theme.paper, "borderWidth": 0, "gapWidth": 2},
                "label": {
                    "position": [10, 10],
                    "fontSize": 13,
                    "lineHeight": 18,
                    "overflow": "truncate",
                },
            }
        ],
    )


def group_bars(groups: Sequence[GroupView], theme: Theme, write: Writer) -> Option | None:
    """Each group's share of customers beside its share of revenue, first group on top."""
    if not any(group.customers for group in groups):
        return None
    words = write.messages
    customers = [
        _bar(group, group.customer_share, write.share(group.customer_share), write)
        for group in groups
    ]
    revenue = [
        _bar(group, group.revenue_share, write.share(group.revenue_share), write)
        for group in groups
    ]
    widest = max(
        [0.01]
        + [group.customer_share for group in groups]
        + [group.revenue_share or 0.0 for group in groups]
    )
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 30, "bottom": 4, "outerBoundsMode": "same"},
        legend=legend(theme, left=0, top=0),
        xAxis=value_axis(theme, max=widest * 1.15, splitLine={"show": False}),
        yAxis=category_axis(
            theme,
            [group.label for group in groups],
            inverse=True,
            axisLabel={"color": theme.ink, "fontSize": 12, "width": 116, "overflow": "truncate"},
        ),
        series=[
            _bars(words("report.customer_share"), customers, theme.quiet, theme),
            _bars(words("report.revenue_share"), revenue, theme.accent, theme),
        ],
    )


def group_tip(group: GroupView, write: Writer) -> Option:
    """What a group's item says when pointed at."""
    words = write.messages
    return tip(
        group.label,
        (
            words("report.customers"),
            f"{write.count(group.customers)} · {write.share(group.customer_share)}",
        ),
        (
            words("report.revenue"),
            f"{write.money(group.revenue)} · {write.share(group.revenue_share)}",
        ),
        (words("report.average_order"), write.money(group.average_order)),
    )


def _bars(name: str, data: list[Option], colour: str, theme: Theme) -> Option:
    return {
        "type": "bar",
        "name": name,
        "data": data,
        "barMaxWidth": 13,
        "barGap": "15%",
        "barCategoryGap": "34%",
        "itemStyle": {"color": colour, "borderRadius": [0, 2, 2, 0]},
        "label": {"show": True, "position": "right", "color": theme.muted, "fontSize": 11},
    }


def _bar(group: GroupView, share: float | None, text: str, write: Writer) -> Option:
    return {
        "value": max(share or 0.0, 0.0),
        "label": {"formatter": literal(text)},
        "tooltip": group_tip(group, write),
    }
