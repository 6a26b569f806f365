"""Pieces every chart is put together from.

ECharts writes tooltips as HTML and expands braces in them, and does not escape. Whatever a
person named goes through `tip` (tooltips) or `literal` (labels) and nowhere else.
"""

from __future__ import annotations

from html import escape
from textwrap import wrap
from typing import Any

from segmentry.report.charts.theme import Theme

Option = dict[str, Any]
"""What `setOption` of ECharts takes: plain values, no functions."""


def tip(title: str, *rows: tuple[str, str]) -> Option:
    """The tooltip of one item: a title, then label and value on each line."""
    lines = [f"<b>{_inert(title)}</b>"]
    lines += [f"{_inert(label)}: <b>{_inert(value)}</b>" for label, value in rows]
    return {"formatter": "<br>".join(lines)}


def literal(text: str) -> str:
    """`text` as a label formatter that shows just that: no braces are left to expand."""
    return text.replace("{", "❴").replace("}", "❵")


def lines(text: str, letters: int, most: int) -> str:
    r"""`text` in at most so many lines of at most so many letters, `…` where it is cut off.

    Broken here, because ECharts takes letters of other scripts for twice as wide.

    >>> lines("days since last order", 12, 2)
    'days since\nlast order'
    """
    return "\n".join(wrap(text, letters, max_lines=most, placeholder="…"))


def base(theme: Theme, **option: Any) -> Option:
    """An option with what all charts share; `option` is added to it."""
    return {
        "animation": False,
        "backgroundColor": "transparent",
        "textStyle": {"fontFamily": theme.font, "color": theme.ink, "fontSize": 12},
        "tooltip": {
            "trigger": "item",
            "confine": True,
            "backgroundColor": theme.paper,
            "borderColor": theme.line,
            "padding": [8, 10],
            "textStyle": {"color": theme.ink, "fontSize": 12, "fontFamily": theme.font},
        },
    } | option


def legend(theme: Theme, **place: Any) -> Option:
    """What colours mean; nothing can be switched off by it."""
    return {
        "icon": "roundRect",
        "itemWidth": 12,
        "itemHeight": 8,
        "selectedMode": False,
        "textStyle": {"color": theme.muted, "fontSize": 12},
    } | place


def category_axis(theme: Theme, names: list[str], **axis: Any) -> Option:
    """An axis of names: hairline, no ticks."""
    return {
        "type": "category",
        "data": names,
        "axisTick": {"show": False},
        "axisLine": {"show": True, "lineStyle": {"color": theme.line}},
        "axisLabel": {"color": theme.muted, "fontSize": 11},
    } | axis


def value_axis(theme: Theme, **axis: Any) -> Option:
    """An axis of numbers: faint grid lines and nothing else."""
    return {
        "type": "value",
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": theme.line}},
        "axisLabel": {"show": False},
        "splitNumber": 3,
    } | axis


def heat_series(theme: Theme, cells: list[Option]) -> Option:
    """Heat map series and its colour scale; each cell's third value is its heat, 0..1."""
    return {
        "visualMap": {
            "show": False,
            "min": 0,
            "max": 1,
            "dimension": 2,
            "inRange": {"color": [theme.low, theme.high]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "itemStyle": {"borderColor": theme.paper, "borderWidth": 2, "borderRadius": 3},
                "emphasis": {"itemStyle": {"borderColor": theme.ink, "borderWidth": 1}},
            }
        ],
    }


def heat_cell(theme: Theme, x: int, y: int, heat: float, text: str, tooltip: Option) -> Option:
    """One cell of a heat map, labelled in whatever reads best on its colour."""
    return {
        "value": [x, y, round(heat, 4)],
        "label": {
            "show": bool(text),
            "formatter": literal(text),
            "color": theme.ink_on(theme.heat(heat)),
            "fontSize": 12,
            "lineHeight": 15,
        },
        "tooltip": tooltip,
    }


def _inert(text: str) -> str:
    return escape(text).replace("{", "&#123;").replace("}", "&#125;")
