"""Migration between groups: flows over the months, and the last step as a matrix."""

from __future__ import annotations

from segmentry.report.charts import half_life_dots, migration_sankey, transition_matrix
from segmentry.report.charts.migration import last_step, matrix_rows
from segmentry.report.content import Flow, Migration
from segmentry.report.interval import Written, estimated, interval
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page
from segmentry.report.sections.value import ROW

MOST_MOVES = 6


def migration(page: Page) -> Markup:
    """Where customers of each group went, one part for each way of dividing."""
    views, say = page.content.migrations, page.say
    moving = [each for each in views if len(each.periods) > 1 and last_step(each)]
    if not moving:
        return page.section("migration", page.empty(say("migration.empty")))
    return page.section(
        "migration", *(_migration(page, each) for each in moving), lead=say("migration.lead")
    )


def _migration(page: Page, view: Migration) -> Markup:
    return el(
        "div",
        page.subheading(f"migration-{view.name}", view.label),
        _flows(page, view),
        el("div", _matrix(page, view), _moves(page, view), class_="pair uneven"),
        el("div", _half_lives(page, view), class_="part") if view.stays else None,
        class_="part",
    )


def largest_moves(view: Migration) -> list[Flow]:
    """Flows of the last step from one group to another, most customers first."""
    moves = [
        flow
        for flow in last_step(view)
        if flow.from_group not in (None, flow.to_group) and flow.customers > 0
    ]
    return sorted(moves, key=lambda flow: -flow.customers)


def _flows(page: Page, view: Migration) -> Markup:
    say, write = page.say, page.write
    rows = [
        [
            write.date(view.periods[flow.step]),
            write.date(view.periods[flow.step + 1]),
            _label(page, view, flow.from_group),
            _label(page, view, flow.to_group),
            write.count(flow.customers),
        ]
        for flow in view.flows
        if flow.customers > 0
    ]
    head: list[Child] = [say("migration.period"), "", say("migration.from"), say("migration.to")]
    return page.figure(
        Chart(
            name=f"flows_{view.name}",
            title=say("migration.flows"),
            draw=lambda theme: migration_sankey(view, theme, write),
            table=page.table(
                [*head, say("customers")], rows, texts=4, label=say("migration.flows")
            ),
            height=340,
            empty=say("migration.empty"),
            note=say(
                "migration.flows_note",
                first=write.date(view.periods[0]),
                last=write.date(view.periods[-1]),
            ),
            wide=True,
        )
    )


def _matrix(page: Page, view: Migration) -> Markup:
    say, write = page.say, page.write
    flows = last_step(view)
    step = flows[0].step
    names, sums = matrix_rows(view, flows, write)
    counts = {(flow.from_group, flow.to_group): flow.customers for flow in flows}
    rows = [
        [
            label,
            *(write.share(counts.get((name, to.name), 0) / sums[name]) for to in view.groups),
            write.count(sums[name]),
        ]
        for name, label in names
    ]
    head = [say("migration.from"), *(group.label for group in view.groups), say("customers")]
    return page.figure(
        Chart(
            name=f"matrix_{view.name}",
            title=say(
                "migration.matrix",
                start=write.date(view.periods[step]),
                end=write.date(view.periods[step + 1]),
            ),
            draw=lambda theme: transition_matrix(view, theme, write),
            table=page.table(head, rows, label=say("migration.to")),
            height=60 + 46 * len(names),
            empty=say("migration.empty"),
            note=say("migration.matrix_note"),
            wide=True,
        )
    )


def _moves(page: Page, view: Migration) -> Markup | None:
    say = page.say
    moves = largest_moves(view)[:MOST_MOVES]
    if not moves:
        return None
    rows: list[list[Child]] = [
        [
            say(
                "migration.move",
                start=_label(page, view, flow.from_group),
                end=_label(page, view, flow.to_group),
            ),
            page.write.count(flow.customers),
        ]
        for flow in moves
    ]
    table = page.table([say("migration.direction"), say("customers")], rows)
    return el("div", el("h4", say("migration.moves"), class_="caption"), table)


def _half_lives(page: Page, view: Migration) -> Markup:
    """How long groups keep their members: in sentences, as a picture, and as a table."""
    say, write = page.say, page.write
    days = _days(page)
    rows: list[list[Child]] = [
        [
            _label(page, view, each.group),
            write.count(each.customers),
            estimated(each.stayed, write, write.share),
            estimated(each.half_life, write, days),
        ]
        for each in view.stays
    ]
    head: list[Child] = [say("group"), say("customers"), say("half_life.stayed")]
    return page.figure(
        Chart(
            name=f"half_life_{view.name}",
            title=say("half_life.title"),
            draw=lambda theme: half_life_dots(view, theme, write),
            table=page.table([*head, say("half_life.days")], rows, label=say("half_life.title")),
            height=40 + ROW * len(view.stays),
            empty=say("half_life.empty"),
            note=" ".join([*_half_life_said(page, view), say("half_life.note")]),
        )
    )


def _half_life_said(page: Page, view: Migration) -> list[str]:
    """Of the group that loses its members soonest, and of the one that keeps them longest."""
    known = [each for each in view.stays if each.half_life.low is not None]
    known = sorted(known, key=lambda each: each.half_life.value or 0.0)
    ends = dict.fromkeys([*known[:1], *known[-1:]])
    return [
        page.say(
            "half_life.said",
            group=_label(page, view, each.group),
            count=round(each.half_life.value or 0.0),
            interval=interval(each.half_life, page.write, _days(page)),
        )
        for each in ends
    ]


def _days(page: Page) -> Written:
    return lambda value: page.write.number(value, 0)


def _label(page: Page, view: Migration, name: str | None) -> str:
    if name is None:
        return page.say("migration.newcomers")
    return dict(view.groups).get(name, name)
