"""How groups react to discounts and prices."""

from __future__ import annotations

from segmentry.report.charts.sensitivity import elasticity_dots
from segmentry.report.content import ReactionView, SensitivityView
from segmentry.report.interval import estimated
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page
from segmentry.report.sections.value import ROW


def sensitivity(page: Page) -> Markup | None:
    """Elasticities as dots, and all figures; nothing without groups."""
    view, say, write = page.content.sensitivity, page.say, page.write
    if not view.groups:
        return None
    chart = Chart(
        name="elasticity",
        title=say("sensitivity.elasticity"),
        draw=lambda theme: elasticity_dots(view, theme, write),
        table=_table(page, view),
        height=40 + ROW * len(view.groups),
        empty=say("interval.few"),
        note=say("sensitivity.note"),
    )
    return page.section(
        "sensitivity",
        *(el("p", each) for each in view.told),
        page.figure(chart),
        el("p", view.caveat, class_="note"),
        lead=say(
            "sensitivity.lead",
            periods=write.count(view.periods),
            count=write.count(view.products),
        ),
    )


def _table(page: Page, view: SensitivityView) -> Markup:
    keys = ("promoted", "index", "elasticity", "change", "more")
    head: list[Child] = [page.say("group"), *(page.say(f"sensitivity.{key}") for key in keys)]
    rows = [_row(page, view, each) for each in view.groups]
    return page.table(head, rows, label=page.say("sensitivity.title"))


def _row(page: Page, view: SensitivityView, each: ReactionView) -> list[Child]:
    write = page.write
    dot = page.dot(each.place, view.of)
    return [
        el("span", dot, el("span", each.label), class_="named"),
        estimated(each.promoted, write, write.share),
        estimated(each.index, write, lambda value: write.number(value, 2)),
        estimated(each.elasticity, write, lambda value: write.number(value, 2)),
        estimated(each.change, write, write.share),
        estimated(each.more, write, lambda value: write.number(value, 2)),
    ]
