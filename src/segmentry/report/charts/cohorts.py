"""Who came back, by the month of the first purchase."""

from __future__ import annotations

from segmentry.report.charts.parts import (
    Option,
    base,
    category_axis,
    heat_cell,
    heat_series,
    tip,
)
from segmentry.report.charts.theme import Theme
from segmentry.report.content import CohortCell, CohortsView, CohortView
from segmentry.report.interval import interval
from segmentry.report.writer import Writer


def cohort_map(view: CohortsView, theme: Theme, write: Writer) -> Option | None:
    """Cohorts as rows, months since the first as columns; months not over have a dashed edge."""
    ages = ages_of(view)
    if not ages:
        return None
    hottest = max(each.retention.value or 0.0 for row in view.cohorts for each in row.cells)
    cells = [
        _cell(cohort, cell, cell.age - ages[0], y, hottest, theme, write)
        for y, cohort in enumerate(view.cohorts)
        for cell in cohort.cells
        if cell.retention.value is not None
    ]
    label = {"color": theme.ink, "fontSize": 12, "interval": 0}
    flat: Option = {"axisLine": {"show": False}, "splitLine": {"show": False}, "axisLabel": label}
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 4, "bottom": 4, "outerBoundsMode": "same"},
        xAxis=category_axis(theme, [write.count(age) for age in ages], position="top", **flat),
        yAxis=category_axis(
            theme, [write.date(each.month) for each in view.cohorts], inverse=True, **flat
        ),
        **heat_series(theme, cells),
    )


def ages_of(view: CohortsView) -> list[int]:
    """The columns of the triangle."""
    return sorted({cell.age for each in view.cohorts for cell in each.cells})


def unfinished(text: str, cell: CohortCell) -> str:
    """A share with a mark when its month was not over."""
    return text if cell.complete else f"{text}*"


def _cell(
    cohort: CohortView,
    cell: CohortCell,
    x: int,
    y: int,
    hottest: float,
    theme: Theme,
    write: Writer,
) -> Option:
    words, share = write.messages, cell.retention.value or 0.0
    tooltip = tip(
        write.date(cohort.month),
        (words("report.cohorts.after"), write.count(cell.age)),
        (words("report.customers"), write.count(cohort.customers)),
        (words("report.cohorts.bought"), unfinished(write.share(share), cell)),
        (words("report.interval.name"), interval(cell.retention, write, write.share)),
    )
    text = unfinished(write.round_share(share), cell)
    found = heat_cell(theme, x, y, share / hottest if hottest else 0.0, text, tooltip)
    if not cell.complete:
        found["itemStyle"] = {"borderColor": theme.muted, "borderWidth": 1, "borderType": "dashed"}
    return found
