"""What moved since an earlier day: features and ways of dividing, beyond what chance does."""

from __future__ import annotations

from segmentry.report.charts import drift_dots
from segmentry.report.content import DriftView, ShiftView
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page
from segmentry.report.sections.value import ROW


def drift(page: Page) -> Markup | None:
    """Stability indexes beside chance; nothing where nobody was known earlier."""
    view, say, write = page.content.drift, page.say, page.write
    if not view.shifts and not view.divisions:
        return None
    shown = (*view.divisions, *view.shifts)
    chart = Chart(
        name="drift",
        title=say("drift.index"),
        draw=lambda theme: drift_dots(view, theme, write),
        table=_table(page, shown),
        height=40 + ROW * len(shown),
        empty=say("interval.nothing"),
        note=say("drift.note"),
    )
    return page.section(
        "drift", el("p", _told(page, view)), page.figure(chart), lead=_lead(page, view)
    )


def _lead(page: Page, view: DriftView) -> str:
    return page.say("drift.lead", since=page.write.date(view.since))


def _told(page: Page, view: DriftView) -> str:
    count, of = page.write.count(view.beyond), page.write.count(view.features)
    return page.say("drift.beyond", count=count, of=of)


def _table(page: Page, shown: tuple[ShiftView, ...]) -> Markup:
    say, write = page.say, page.write
    keys = ("feature", "moved", "index", "chance", "before", "after")
    rows: list[list[Child]] = [
        [
            each.label,
            each.moved,
            write.number(each.index, 3),
            write.number(each.chance, 3),
            write.number(each.before),
            write.number(each.after),
        ]
        for each in shown
    ]
    return page.table(
        [say(f"drift.{key}") for key in keys], rows, texts=2, label=say("drift.index")
    )
