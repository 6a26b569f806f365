"""Journeys as flows from step to step."""

from __future__ import annotations

from segmentry.report.charts.parts import Option, base, literal, tip
from segmentry.report.charts.theme import Theme
from segmentry.report.content import JourneysView, PassView
from segmentry.report.writer import Writer

ROOM = 120


def journey_flows(view: JourneysView, theme: Theme, write: Writer) -> Option | None:
    """A column for each place in journeys, and where they end in the next column."""
    if not view.passes:
        return None
    sizes: dict[str, int] = {}
    for each in view.passes:
        if not each.place:
            sizes[_start(each)] = sizes.get(_start(each), 0) + each.journeys
        sizes[_end(each)] = sizes.get(_end(each), 0) + each.journeys
    return base(
        theme,
        series=[
            {
                "type": "sankey",
                "data": [_node(view, key, sizes[key], theme, write) for key in sorted(sizes)],
                "links": [_link(view, each, write) for each in view.passes],
                "left": 2,
                "right": ROOM,
                "top": 4,
                "bottom": 4,
                "nodeWidth": 12,
                "nodeGap": 10,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "source", "opacity": 0.34, "curveness": 0.5},
                "label": {"color": theme.ink, "fontSize": 12},
            }
        ],
    )


def _start(each: PassView) -> str:
    return f"{each.place}:{each.start}"


def _end(each: PassView) -> str:
    return f"{each.place + 1}:{each.ending or each.end}"


def _label(view: JourneysView, key: str) -> str:
    _, _, which = key.partition(":")
    return view.labels[int(which)] if which.isdigit() else dict(view.endings)[which]  # type: ignore[index]


def _node(view: JourneysView, key: str, size: int, theme: Theme, write: Writer) -> Option:
    place, _, which = key.partition(":")
    colour = theme.muted
    if which.isdigit():
        colour = theme.group(int(which), len(view.labels))
    elif which == "reached":
        colour = theme.accent
    label = _label(view, key)
    words = write.messages
    return {
        "name": key,
        "depth": int(place),
        "value": size,
        "itemStyle": {"color": colour, "borderWidth": 0},
        "label": {"formatter": literal(f"{label} {write.count(size)}")},
        "tooltip": tip(
            f"{label}, {words('report.journeys.place', count=int(place) + 1)}",
            (words("report.journeys.journeys"), write.count(size)),
        ),
    }


def _link(view: JourneysView, each: PassView, write: Writer) -> Option:
    words = write.messages
    start, end = _label(view, _start(each)), _label(view, _end(each))
    return {
        "source": _start(each),
        "target": _end(each),
        "value": each.journeys,
        "tooltip": tip(
            words("report.migration.move", start=start, end=end),
            (words("report.journeys.journeys"), write.count(each.journeys)),
        ),
    }
