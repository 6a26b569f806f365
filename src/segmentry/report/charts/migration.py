"""Moves of customers between groups."""

from __future__ import annotations

from segmentry.report.charts.parts import (
    Option,
    base,
    category_axis,
    heat_cell,
    heat_series,
    literal,
    tip,
    value_axis,
)
from segmentry.report.charts.theme import Theme
from segmentry.report.content import Flow, Migration
from segmentry.report.writer import Writer

EDGE, ROOM = 2, 110
"""Pixels beside the outer columns, and for the labels on the right."""


def migration_sankey(view: Migration, theme: Theme, write: Writer) -> Option | None:
    """Flows between groups from period to period, groups in the same order in every column.

    Customers who were not there at the first period of a step have no flow into the column, so
    a box can be taller than what flows in.
    """
    flows = [flow for flow in view.flows if flow.from_group is not None and flow.customers > 0]
    if not flows:
        return None
    used = {(flow.step, flow.from_group) for flow in flows}
    used |= {(flow.step + 1, flow.to_group) for flow in flows}
    nodes = [
        _node(view, step, position, theme, write)
        for step in range(len(view.periods))
        for position in range(len(view.groups))
        if (step, view.groups[position].name) in used
    ]
    sides = {"left": EDGE, "right": EDGE + ROOM}
    return base(
        theme,
        **_period_axis(view, theme, write),
        series=[
            {
                "type": "sankey",
                "data": nodes,
                "links": [_link(view, flow, write) for flow in flows],
                **sides,
                "top": 4,
                "bottom": 30,
                "nodeWidth": 12,
                "nodeGap": 10,
                "layoutIterations": 0,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "source", "opacity": 0.34, "curveness": 0.5},
                "label": {"color": theme.ink, "fontSize": 12},
            }
        ],
    )


def transition_matrix(view: Migration, theme: Theme, write: Writer) -> Option | None:
    """The last step: of those in each group (row), the share now in each group (column)."""
    flows = last_step(view)
    if not flows:
        return None
    words = write.messages
    rows, sums = matrix_rows(view, flows, write)
    counts = {(flow.from_group, flow.to_group): flow.customers for flow in flows}
    cells = []
    for y, (name, label) in enumerate(rows):
        for x, column in enumerate(view.groups):
            count = counts.get((name, column.name), 0)
            share = count / sums[name]
            tooltip = tip(
                words("report.migration.move", start=label, end=column.label),
                (words("report.customers"), write.count(count)),
                (words("report.migration.row_share"), write.share(share)),
            )
            text = write.round_share(share) if count else ""
            cells.append(heat_cell(theme, x, y, share, text, tooltip))
    label_style = {"color": theme.ink, "fontSize": 12, "overflow": "truncate"}
    flat: Option = {"axisLine": {"show": False}}
    return base(
        theme,
        grid={"left": 4, "right": 4, "top": 4, "bottom": 4, "outerBoundsMode": "same"},
        xAxis=category_axis(
            theme,
            [group.label for group in view.groups],
            position="top",
            **flat | {"axisLabel": label_style | {"interval": 0, "width": 70}},
        ),
        yAxis=category_axis(
            theme,
            [label for _, label in rows],
            inverse=True,
            **flat | {"axisLabel": label_style | {"width": 120}},
        ),
        **heat_series(theme, cells),
    )


def last_step(view: Migration) -> list[Flow]:
    """Flows of the latest step that has any customers."""
    steps = [flow.step for flow in view.flows if flow.customers > 0]
    return [flow for flow in view.flows if steps and flow.step == max(steps)]


def matrix_rows(
    view: Migration, flows: list[Flow], write: Writer
) -> tuple[list[tuple[str | None, str]], dict[str | None, int]]:
    """Rows of the matrix (name, label) that have customers, and each row's sum.

    Customers who were not there before come last.
    """
    sums: dict[str | None, int] = {}
    for flow in flows:
        sums[flow.from_group] = sums.get(flow.from_group, 0) + flow.customers
    rows: list[tuple[str | None, str]] = [*view.groups]
    rows.append((None, write.messages("report.migration.newcomers")))
    return [row for row in rows if sums.get(row[0])], sums


def _period_axis(view: Migration, theme: Theme, write: Writer) -> Option:
    """The periods under their columns."""
    axis = category_axis(
        theme,
        [write.date(period) for period in view.periods],
        boundaryGap=False,
        axisLine={"show": False},
        axisLabel={
            "color": theme.muted,
            "fontSize": 11,
            "alignMinLabel": "left",
            "hideOverlap": True,
        },
    )
    return {
        "grid": {
            "left": EDGE + 6,
            "right": EDGE + ROOM + 6,
            "top": 4,
            "bottom": 26,
            "outerBoundsMode": "none",
        },
        "xAxis": axis,
        "yAxis": value_axis(theme, show=False),
    }


def _node(view: Migration, step: int, position: int, theme: Theme, write: Writer) -> Option:
    group = view.groups[position]
    colour = theme.group(position, len(view.groups))
    inward = sum(f.customers for f in view.flows if f.step == step - 1 and f.to_group == group.name)
    outward = sum(f.customers for f in view.flows if f.step == step and f.from_group == group.name)
    size = inward if step else outward
    return {
        "name": _key(step, group.name),
        "depth": step,
        "value": size,
        "itemStyle": {"color": colour, "borderWidth": 0},
        "label": {
            "show": step == len(view.periods) - 1,
            "formatter": literal(f"{group.label} {write.count(size)}"),
        },
        "tooltip": tip(
            f"{group.label}, {write.date(view.periods[step])}",
            (write.messages("report.customers"), write.count(size)),
        ),
    }


def _link(view: Migration, flow: Flow, write: Writer) -> Option:
    labels = dict(view.groups)
    words = write.messages
    start = labels.get(flow.from_group or "", flow.from_group or "")
    end = labels.get(flow.to_group, flow.to_group)
    period = words(
        "report.migration.step",
        start=write.date(view.periods[flow.step]),
        end=write.date(view.periods[flow.step + 1]),
    )
    return {
        "source": _key(flow.step, flow.from_group or ""),
        "target": _key(flow.step + 1, flow.to_group),
        "value": flow.customers,
        "tooltip": tip(
            words("report.migration.move", start=start, end=end),
            (period, write.count(flow.customers)),
        ),
    }


def _key(step: int, group: str) -> str:
    return f"{step}:{group}"
