"""Clusters against everybody: how far each lies above or below the base."""

from __future__ import annotations

from segmentry.report.charts.parts import (
    Option,
    base,
    category_axis,
    heat_cell,
    heat_series,
    lines,
    tip,
)
from segmentry.report.charts.theme import Theme, mix
from segmentry.report.content import ApartView, ClusteringView
from segmentry.report.writer import Writer

FAR = 2.0
"""So many spreads from the base, or more, have the full colour."""
BELOW = 3
"""Which of the theme's anchors says below."""


def cluster_map(view: ClusteringView, theme: Theme, write: Writer) -> Option | None:
    """Features as rows, clusters as columns; one colour above the base, another below."""
    if not view.apart:
        return None
    label = {"color": theme.ink, "fontSize": 12, "interval": 0}
    flat: Option = {"axisLine": {"show": False}, "splitLine": {"show": False}}
    letters = max(8, 66 // len(view.clusters))
    drawn = heat_series(theme, [_cell(view, each, theme, write) for each in view.apart])
    drawn["visualMap"] |= {"min": -1, "inRange": {"color": [_colour(theme, -1), theme.low]}}
    drawn["visualMap"]["inRange"]["color"].append(_colour(theme, 1))
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 4, "bottom": 4, "outerBoundsMode": "same"},
        xAxis=category_axis(
            theme,
            [lines(each.label, letters, 4) for each in view.clusters],
            position="top",
            **flat | {"axisLabel": label | {"lineHeight": 14}},
        ),
        yAxis=category_axis(
            theme,
            [lines(each, 22, 2) for each in view.features],
            inverse=True,
            **flat | {"axisLabel": label | {"lineHeight": 13}},
        ),
        **drawn,
    )


def _cell(view: ClusteringView, each: ApartView, theme: Theme, write: Writer) -> Option:
    heat = max(-1.0, min(each.apart / FAR, 1.0))
    words = write.messages
    tooltip = tip(
        view.clusters[each.cluster].label,
        (view.features[each.feature], each.own),
        (words("report.clusters.base"), each.base),
    )
    found = heat_cell(theme, each.cluster, each.feature, heat, each.own, tooltip)
    found["label"]["color"] = theme.ink_on(_colour(theme, heat))
    return found


def _colour(theme: Theme, heat: float) -> str:
    return mix(theme.low, theme.accent if heat > 0 else theme.anchors[BELOW], abs(heat))
