"""What a model expected beside what came."""

from __future__ import annotations

from segmentry.report.charts.parts import (
    Option,
    base,
    category_axis,
    legend,
    tip,
    value_axis,
)
from segmentry.report.charts.theme import Theme
from segmentry.report.content import ModelView
from segmentry.report.writer import Writer


def tenth_bars(view: ModelView, theme: Theme, write: Writer) -> Option | None:
    """Each tenth of the customers, the highest expectation first: expected beside came."""
    if not view.tenths:
        return None
    words = write.messages
    names = [write.count(place) for place in range(1, len(view.tenths) + 1)]
    scale = 100 if view.shares else 1
    expected = [round(each.expected * scale, 3) for each in view.tenths]
    came = [round(each.came * scale, 3) for each in view.tenths]
    tips = [
        tip(
            words("report.models.tenth", count=place),
            (words("report.models.expected"), written(view, write, each.expected)),
            (words("report.models.came"), written(view, write, each.came)),
        )
        for place, each in enumerate(view.tenths, 1)
    ]
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 34, "bottom": 4, "outerBoundsMode": "same"},
        legend=legend(theme, left=0, top=0),
        xAxis=category_axis(theme, names),
        yAxis=value_axis(
            theme,
            axisLabel={
                "show": True,
                "color": theme.muted,
                "fontSize": 11,
                "formatter": words("number.share", value="{value}") if view.shares else "{value}",
            },
        ),
        series=[
            _bars(words("report.models.expected"), expected, tips, theme.quiet),
            _bars(words("report.models.came"), came, tips, theme.accent),
        ],
    )


def written(view: ModelView, write: Writer, value: float) -> str:
    """An expectation, or what came of it."""
    return write.share(value) if view.shares else write.number(round(value, 2))


def _bars(name: str, values: list[float], tips: list[Option], colour: str) -> Option:
    return {
        "type": "bar",
        "name": name,
        "data": [
            {"value": value, "tooltip": tooltip}
            for value, tooltip in zip(values, tips, strict=True)
        ],
        "barMaxWidth": 18,
        "barGap": "10%",
        "itemStyle": {"color": colour},
    }
