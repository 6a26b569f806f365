"""Numbers with their intervals: a dot for each, and a line as far as it may lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.report.charts.parts import (
    Option,
    base,
    category_axis,
    lines,
    literal,
    tip,
    value_axis,
)
from segmentry.report.charts.theme import Theme
from segmentry.report.content import (
    AffinityView,
    BacktestView,
    DiscoveryView,
    DriftView,
    Estimated,
    FoundView,
    Migration,
    ValueView,
)
from segmentry.report.interval import Written, interval, money
from segmentry.report.writer import Writer

GAP = "-"
"""What ECharts takes for no point, so that the line ends there."""
LETTERS, LINES = 25, 3
"""What names that are sentences are broken into."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A number by its name; one without an interval is a ring.

    Args:
        whole: The name in full where `label` is cut off.
    """

    label: str
    found: Estimated
    colour: str
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """What the numbers are, how they are written, and one they are held against.

    Args:
        sentences: The names of numbers are sentences, and are broken into lines.
    """

    name: str
    written: Written
    against: float | None = None
    against_name: str = ""
    sentences: bool = False


def worth_dots(view: ValueView, theme: Theme, write: Writer) -> Option | None:
    """Revenue per customer of each group, held against that of all."""
    words = write.messages
    dots = _group_dots(view, [each.per_customer for each in view.groups], theme)
    scale = Scale(
        words("report.value.per_customer"),
        money(write),
        view.average,
        words("report.value.everybody"),
    )
    return whiskers(dots, scale, theme, write)


def retention_dots(view: ValueView, theme: Theme, write: Writer) -> Option | None:
    """Share of each group who stayed."""
    dots = _group_dots(view, [each.retention for each in view.groups], theme)
    name = write.messages("report.value.retention")
    return whiskers(dots, Scale(name, write.round_share), theme, write)


def afterwards_dots(view: BacktestView, theme: Theme, write: Writer) -> Option | None:
    """Revenue per member of each group in the days that followed."""
    dots = [Dot(each.label, each.revenue, theme.group(each.place, view.of)) for each in view.groups]
    name = write.messages("report.backtest.afterwards", days=view.days)
    return whiskers(dots, Scale(name, money(write)), theme, write)


def ranking_dots(view: BacktestView, theme: Theme, write: Writer) -> Option | None:
    """How well each way of dividing tells who will bring much; plain ways are grey."""
    dots = [
        Dot(each.label, each.gini, theme.muted if each.naive else theme.accent)
        for each in view.ranking
    ]
    name = write.messages("report.backtest.gini")
    return whiskers(dots, Scale(name, lambda value: write.number(value, 2)), theme, write)


def lift_dots(view: DiscoveryView, theme: Theme, write: Writer) -> Option | None:
    """How many times everyone else's each group found has, by number."""
    dots = [_told(_numbered(each, write), each.lift, theme) for each in view.groups]
    words = write.messages
    name, alike = words("report.discovery.lift"), words("report.discovery.alike")
    return whiskers(dots, Scale(name, write.index, 1.0, alike, sentences=True), theme, write)


def together_dots(view: AffinityView, theme: Theme, write: Writer) -> Option | None:
    """How many times as often as by chance things are bought together."""
    dots = [_told(" + ".join(each.things), each.lift, theme) for each in view.sets]
    words = write.messages
    name, chance = words("report.affinity.lift"), words("report.affinity.chance")
    return whiskers(dots, Scale(name, write.index, 1.0, chance, sentences=True), theme, write)


def drift_dots(view: DriftView, theme: Theme, write: Writer) -> Option | None:
    """How far each feature moved; the line is as far as chance alone may."""
    dots = [
        Dot(
            each.label,
            Estimated(each.index, 0.0, each.chance),
            theme.muted if each.steady else theme.accent,
        )
        for each in (*view.divisions, *view.shifts)
    ]
    name = write.messages("report.drift.index")
    return whiskers(dots, Scale(name, lambda value: write.number(value, 3)), theme, write)


def half_life_dots(view: Migration, theme: Theme, write: Writer) -> Option | None:
    """After how many days half of each group have left it."""
    places = {each.name: place for place, each in enumerate(view.groups)}
    labels = dict(view.groups)
    dots = [
        Dot(labels[each.group], each.half_life, theme.group(places[each.group], len(view.groups)))
        for each in view.stays
    ]
    name = write.messages("report.half_life.days")
    return whiskers(dots, Scale(name, lambda value: write.number(value, 0)), theme, write)


def whiskers(dots: Sequence[Dot], scale: Scale, theme: Theme, write: Writer) -> Option | None:
    """Numbers from the first on top to the last; those without a value are left out."""
    known = [each for each in dots if each.found.value is not None]
    if not known:
        return None
    strokes = [
        point
        for place, each in enumerate(known)
        if each.found.low is not None and each.found.high is not None
        for point in ([each.found.low, place], [each.found.high, place], [GAP, GAP])
    ]
    return base(
        theme,
        grid={"left": 4, "right": 30, "top": 24, "bottom": 6, "outerBoundsMode": "same"},
        xAxis=value_axis(theme),
        yAxis=category_axis(
            theme,
            [each.label for each in known],
            inverse=True,
            axisLabel=_names(scale, theme),
        ),
        series=[
            {
                "type": "line",
                "data": strokes,
                "symbol": "none",
                "silent": True,
                "lineStyle": {"color": theme.muted, "width": 2},
                "markLine": _against(scale, theme),
            },
            {
                "type": "scatter",
                "symbolSize": 11,
                "itemStyle": {"opacity": 1},
                "data": [_dot(each, at, scale, theme, write) for at, each in enumerate(known)],
            },
        ],
    )


def _numbered(each: FoundView, write: Writer) -> str:
    return f"{write.count(each.number)}. {each.sentence}"


def _told(name: str, found: Estimated, theme: Theme) -> Dot:
    """A number whose name is a sentence."""
    return Dot(lines(name, LETTERS, LINES), found, theme.accent, name)


def _group_dots(view: ValueView, found: Sequence[Estimated], theme: Theme) -> list[Dot]:
    return [
        Dot(each.label, one, theme.group(each.place, view.of))
        for each, one in zip(view.groups, found, strict=True)
    ]


def _names(scale: Scale, theme: Theme) -> Option:
    if scale.sentences:
        return {"color": theme.ink, "fontSize": 11, "lineHeight": 13}
    return {"color": theme.ink, "fontSize": 12, "width": 124, "overflow": "truncate"}


def _dot(each: Dot, place: int, scale: Scale, theme: Theme, write: Writer) -> Option:
    value = each.found.value or 0.0
    ring = each.found.low is None
    tooltip = tip(
        each.whole or each.label,
        (scale.name, scale.written(value)),
        (write.messages("report.interval.name"), interval(each.found, write, scale.written)),
    )
    return {
        "value": [value, place],
        "itemStyle": {
            "color": theme.paper if ring else each.colour,
            "borderColor": each.colour if ring else theme.paper,
            "borderWidth": 2 if ring else 1,
        },
        "label": {
            "show": True,
            "position": "top",
            "distance": 5,
            "formatter": literal(scale.written(value)),
            "color": theme.ink,
            "fontSize": 11,
        },
        "tooltip": tooltip,
    }


def _against(scale: Scale, theme: Theme) -> Option:
    if scale.against is None:
        return {"data": []}
    return {
        "silent": True,
        "symbol": "none",
        "animation": False,
        "lineStyle": {"color": theme.muted, "type": "dashed", "width": 1},
        "label": {
            "show": True,
            "position": "start",
            "distance": 4,
            "formatter": literal(scale.against_name),
            "color": theme.muted,
            "fontSize": 11,
        },
        "data": [{"xAxis": scale.against}],
    }
