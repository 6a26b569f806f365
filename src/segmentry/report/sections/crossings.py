"""Two ways of dividing at once, as a heat map and a table."""

from __future__ import annotations

from segmentry.report.charts import crossing_map
from segmentry.report.content import CrossingView
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page


def crossings(page: Page) -> Markup:
    """The pairs that tell most."""
    views, say = page.content.crossings, page.say
    if not views:
        return page.section("crossings", page.empty(say("crossings.empty")))
    return page.section(
        "crossings", *(_crossing(page, each) for each in views), lead=say("crossings.lead")
    )


def _crossing(page: Page, view: CrossingView) -> Markup:
    say, write = page.say, page.write
    title = say("crossings.of", rows=view.row_label, columns=view.column_label)
    figure = page.figure(
        Chart(
            name=f"cross_{view.name}",
            title=title,
            draw=lambda theme: crossing_map(view, theme, write),
            table=_table(page, view),
            height=40 + 46 * len(view.rows),
            empty=say("crossings.empty"),
            note=say("crossings.note"),
            wide=True,
        )
    )
    return el("div", figure, class_="part", id=f"cross-{view.name}")


def _table(page: Page, view: CrossingView) -> Markup:
    say, write = page.say, page.write
    head: list[Child] = [view.row_label, view.column_label, say("customers")]
    head += [say("crossings.share"), say("crossings.index"), say("revenue")]
    rows = [
        [
            view.rows[each.row],
            view.columns[each.column],
            write.count(each.customers),
            write.share(each.share),
            write.index(each.index),
            write.money(each.revenue),
        ]
        for each in view.cells
    ]
    return page.table(head, rows, texts=2, label=view.row_label)
