"""Heat maps of indexes: crossings, categories by group, overlaps."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.report.charts.parts import Option, base, category_axis, heat_cell, heat_series, tip
from segmentry.report.charts.theme import Theme
from segmentry.report.content import (
    CategoriesView,
    CrossingView,
    OverlapView,
    QualityView,
    UpcomingView,
)
from segmentry.report.writer import Writer

HOT = 4.0
"""An index this high or higher has the full colour."""


def crossing_map(view: CrossingView, theme: Theme, write: Writer) -> Option | None:
    """Each cell coloured by its index, and labelled with it and with its customers."""
    if not view.cells:
        return None
    words = write.messages
    cells = [
        heat_cell(
            theme,
            each.column,
            each.row,
            min(each.index / HOT, 1.0),
            f"{write.index(each.index)}\n{write.count(each.customers)}",
            tip(
                words(
                    "report.crossings.of",
                    rows=view.rows[each.row],
                    columns=view.columns[each.column],
                ),
                (words("report.customers"), write.count(each.customers)),
                (words("report.crossings.index"), write.index(each.index)),
                (words("report.revenue"), write.money(each.revenue)),
            ),
        )
        for each in view.cells
    ]
    return _heat_map(theme, view.rows, view.columns, cells)


def category_map(view: CategoriesView, theme: Theme, write: Writer) -> Option | None:
    """Each group's share of spend on each category, over the base's."""
    words = write.messages
    cells = [
        heat_cell(
            theme,
            x,
            y,
            min(index / HOT, 1.0),
            write.index(index),
            tip(
                words("report.crossings.of", rows=each.name, columns=view.groups[x]),
                (words("report.categories.index"), write.index(index)),
            ),
        )
        for y, each in enumerate(view.categories)
        for x, index in enumerate(each.indexes)
        if index is not None
    ]
    names = [each.name for each in view.categories]
    return _heat_map(theme, names, view.groups, cells) if cells else None


def upcoming_map(view: UpcomingView, theme: Theme, write: Writer) -> Option | None:
    """How likely each group's next purchase holds a thing, coloured by how that compares."""
    words = write.messages
    cells = [
        heat_cell(
            theme,
            x,
            y,
            min(share / each.share / HOT, 1.0),
            write.round_share(share),
            tip(
                words("report.crossings.of", rows=each.name, columns=view.groups[x]),
                (words("report.upcoming.chance"), write.share(share)),
                (words("report.upcoming.index"), write.index(share / each.share)),
            ),
        )
        for y, each in enumerate(view.things)
        for x, share in enumerate(each.shares)
        if share is not None and each.share > 0
    ]
    names = [each.name for each in view.things]
    return _heat_map(theme, names, view.groups, cells) if cells else None


def quality_map(view: QualityView, theme: Theme, write: Writer) -> Option | None:
    """Each group (row) by each criterion: the better the darker; blank where it cannot be said."""
    words = write.messages
    cells = [
        heat_cell(
            theme,
            x,
            y,
            each.points,
            each.grade,
            tip(
                words("report.crossings.of", rows=group, columns=view.criteria[x]),
                *((evidence, "") for evidence in each.evidence),
            ),
        )
        for y, (group, row) in enumerate(zip(view.groups, view.grades, strict=True))
        for x, each in enumerate(row)
        if each.points is not None
    ]
    return _heat_map(theme, view.groups, view.criteria, cells) if cells else None


def overlap_map(view: OverlapView, theme: Theme, write: Writer) -> Option | None:
    """Of each segment (row), the share who are in another (column); itself is left out."""
    words = write.messages
    cells = []
    for y, row in enumerate(view.customers):
        for x, both in enumerate(row):
            if x == y or not row[y]:
                continue
            share = both / row[y]
            tooltip = tip(
                words("report.overlap.in_both", one=view.labels[y], other=view.labels[x]),
                (words("report.customers"), write.count(both)),
                (words("report.overlap.share"), write.share(share)),
            )
            cells.append(heat_cell(theme, x, y, share, write.round_share(share), tooltip))
    return _heat_map(theme, view.labels, view.labels, cells) if cells else None


def _heat_map(
    theme: Theme, rows: Sequence[str], columns: Sequence[str], cells: list[Option]
) -> Option:
    label = {"color": theme.ink, "fontSize": 12, "overflow": "truncate", "interval": 0}
    flat: Option = {"axisLine": {"show": False}, "splitLine": {"show": False}}
    width = max(44, 560 // max(len(columns), 1) - 8)
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 4, "bottom": 4, "outerBoundsMode": "same"},
        xAxis=category_axis(
            theme,
            list(columns),
            position="top",
            **flat | {"axisLabel": label | {"width": width}},
        ),
        yAxis=category_axis(
            theme, list(rows), inverse=True, **flat | {"axisLabel": label | {"width": 130}}
        ),
        **heat_series(theme, cells),
    )
