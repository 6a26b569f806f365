"""Cohorts: who came back after the first purchase."""

from __future__ import annotations

from segmentry.report.charts import cohort_map
from segmentry.report.charts.cohorts import ages_of, unfinished
from segmentry.report.content import CohortsView, CohortView
from segmentry.report.interval import interval
from segmentry.report.markup import Child, Markup
from segmentry.report.page import Chart, Page

TOLD = (1, 3, 6, 12)
"""Months after the first of which the lead speaks."""


def cohorts(page: Page) -> Markup | None:
    """The triangle as a heat map and a table; nothing without a second month."""
    view = page.content.cohorts
    if not ages_of(view):
        return None
    return page.section("cohorts", _triangle(page, view), lead=_lead(page, view))


def _lead(page: Page, view: CohortsView) -> str:
    say, write = page.say, page.write
    told = [
        say(
            "cohorts.told",
            count=each.age,
            share=write.round_share(each.retention.value),
            interval=interval(each.retention, write, write.share),
        )
        for each in view.whole
        if each.age in TOLD and each.retention.value is not None
    ]
    lead = say("cohorts.lead")
    return f"{lead} {say('cohorts.whole', list=page.words.listed(told, 'and'))}" if told else lead


def _triangle(page: Page, view: CohortsView) -> Markup:
    say, write = page.say, page.write
    notes = [say("cohorts.note")]
    notes += [
        say("cohorts.from_start", month=write.date(each.month))
        for each in view.cohorts
        if each.from_start
    ]
    return page.figure(
        Chart(
            name="cohorts",
            title=say("cohorts.map"),
            draw=lambda theme: cohort_map(view, theme, write),
            table=_table(page, view),
            height=40 + 30 * len(view.cohorts),
            empty=say("interval.few"),
            note=" ".join(notes),
            wide=True,
        )
    )


def _table(page: Page, view: CohortsView) -> Markup:
    ages = ages_of(view)
    head: list[Child] = [page.say("cohorts.cohort"), page.say("customers")]
    head += [page.write.count(age) for age in ages]
    rows = [_row(page, each, ages) for each in view.cohorts]
    return page.table(head, rows, label=page.say("cohorts.map"))


def _row(page: Page, cohort: CohortView, ages: list[int]) -> list[Child]:
    write = page.write
    cells = {each.age: each for each in cohort.cells}
    shares: list[Child] = [
        unfinished(write.share(cells[age].retention.value), cells[age]) if age in cells else None
        for age in ages
    ]
    return [write.date(cohort.month), write.count(cohort.customers), *shares]
