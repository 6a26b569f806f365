"""Journeys: the first steps as flows, the commonest paths, and where people stop."""

from __future__ import annotations

from segmentry.report.charts.journeys import journey_flows
from segmentry.report.content import JourneysView
from segmentry.report.interval import estimated
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page


def journeys(page: Page) -> Markup | None:
    """What customers do before an order; nothing without journeys."""
    view, say = page.content.journeys, page.say
    if not view.journeys:
        return None
    return page.section(
        "journeys",
        *(el("p", each) for each in view.told),
        _flows(page, view),
        el("h3", say("journeys.paths")),
        _paths(page, view),
        el("h3", say("journeys.steps")),
        _steps(page, view),
        lead=say("journeys.lead", through=page.write.date(view.through)),
    )


def _flows(page: Page, view: JourneysView) -> Markup:
    say, write = page.say, page.write
    endings = dict(view.endings)
    rows: list[list[Child]] = [
        [
            say("journeys.place", count=each.place + 1),
            view.labels[each.start],
            endings[each.ending] if each.end is None else view.labels[each.end],
            write.count(each.journeys),
        ]
        for each in view.passes
    ]
    title = say("journeys.flows", count=write.count(view.journeys))
    head: list[Child] = [say("journeys.step"), say("journeys.from"), say("journeys.to")]
    return page.figure(
        Chart(
            name="journeys",
            title=title,
            draw=lambda theme: journey_flows(view, theme, write),
            table=page.table([*head, say("journeys.journeys")], rows, texts=3, label=title),
            height=380,
            empty=say("journeys.empty"),
            note=say("journeys.flows_note", other=view.labels[-1]),
            wide=True,
        )
    )


def _paths(page: Page, view: JourneysView) -> Markup:
    say, write = page.say, page.write
    head: list[Child] = [say("journeys.path"), say("customers"), say("journeys.journeys")]
    head += [say("journeys.share"), say("journeys.ended")]
    rows: list[list[Child]] = [
        [
            each.steps,
            write.count(each.customers),
            write.count(each.journeys),
            write.share(each.share),
            estimated(each.reached, write, write.share),
        ]
        for each in view.paths
    ]
    return page.table(head, rows, label=say("journeys.paths"))


def _steps(page: Page, view: JourneysView) -> Markup:
    say, write = page.say, page.write
    keys = ("step", "held", "ended", "visits", "stops", "stop_share")
    rows: list[list[Child]] = [
        [
            el("strong", each.label) if each.most else each.label,
            write.count(each.journeys),
            write.share(each.reached),
            write.count(each.visits),
            write.count(each.stopped),
            write.share(each.stop_share),
        ]
        for each in view.steps
    ]
    return page.table([say(f"journeys.{key}") for key in keys], rows, label=say("journeys.steps"))
