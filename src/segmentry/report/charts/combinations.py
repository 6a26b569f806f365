"""Which segments customers are in at once (UpSet; Lex and others 2014, IEEE TVCG 20: 1983)."""

from __future__ import annotations

from segmentry.report.charts.parts import Option, base, category_axis, literal, tip, value_axis
from segmentry.report.charts.theme import Theme
from segmentry.report.content import CombinationsView, CombinationView
from segmentry.report.writer import Writer

NAMES, ROW = 150, 34
"""Pixels for the names of segments, and for a row of dots."""
BARS = 170
"""Pixels for the bars."""
GAP = "-"


def combination_bars(view: CombinationsView, theme: Theme, write: Writer) -> Option | None:
    """Above, customers of each combination; below, a dot for each segment that is part of it."""
    if not view.combinations:
        return None
    columns = [str(place) for place in range(len(view.combinations))]
    rows = [
        f"{label}\n{write.count(size)}" for label, size in zip(view.labels, view.sizes, strict=True)
    ]
    side = {"left": NAMES, "right": 8, "outerBoundsMode": "none"}
    hidden = {"axisLabel": {"show": False}, "axisLine": {"show": False}}
    name = {"color": theme.ink, "fontSize": 12, "lineHeight": 15, "interval": 0}
    return base(
        theme,
        grid=[
            side | {"top": 22, "height": BARS - 30},
            side | {"top": BARS, "height": ROW * len(rows)},
        ],
        xAxis=[category_axis(theme, columns, gridIndex=grid, **hidden) for grid in (0, 1)],
        yAxis=[
            value_axis(theme, gridIndex=0, splitLine={"show": False}),
            category_axis(
                theme,
                rows,
                gridIndex=1,
                inverse=True,
                axisLine={"show": False},
                axisLabel=name | {"width": NAMES - 16, "overflow": "truncate"},
            ),
        ],
        series=[
            _bars(view, theme, write),
            _dots([(x, y) for x in range(len(columns)) for y in range(len(rows))], 7, theme.line),
            _strokes(view, theme),
            _dots(_members(view), 11, theme.accent),
        ],
    )


def height_of(view: CombinationsView) -> int:
    """Pixels that the whole takes."""
    return BARS + ROW * len(view.labels) + 8


def named(view: CombinationsView, each: CombinationView, write: Writer) -> str:
    """The segments of a combination, in words."""
    return write.messages.listed([view.labels[place] for place in each.segments], "and")


def _bars(view: CombinationsView, theme: Theme, write: Writer) -> Option:
    words = write.messages
    return {
        "type": "bar",
        "xAxisIndex": 0,
        "yAxisIndex": 0,
        "barMaxWidth": 26,
        "barMinHeight": 1,
        "labelLayout": {"hideOverlap": True},
        "itemStyle": {"color": theme.accent},
        "data": [
            {
                "value": each.customers,
                "label": {
                    "show": True,
                    "position": "top",
                    "distance": 4,
                    "formatter": literal(write.count(each.customers)),
                    "color": theme.ink,
                    "fontSize": 11,
                },
                "tooltip": tip(
                    words("report.combinations.only", list=named(view, each, write)),
                    (words("report.customers"), write.count(each.customers)),
                ),
            }
            for each in view.combinations
        ],
    }


def _members(view: CombinationsView) -> list[tuple[int, int]]:
    return [(x, y) for x, each in enumerate(view.combinations) for y in each.segments]


def _dots(places: list[tuple[int, int]], size: int, colour: str) -> Option:
    return {
        "type": "scatter",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbolSize": size,
        "silent": True,
        "itemStyle": {"color": colour, "opacity": 1},
        "data": [list(each) for each in places],
    }


def _strokes(view: CombinationsView, theme: Theme) -> Option:
    """A line from the first to the last dot of each combination."""
    ends = [(x, min(each.segments), max(each.segments)) for x, each in enumerate(view.combinations)]
    return {
        "type": "line",
        "xAxisIndex": 1,
        "yAxisIndex": 1,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": theme.accent, "width": 2},
        "data": [one for x, top, last in ends for one in ([x, top], [x, last], [GAP, GAP])],
    }
