"""What is likely to come: each fitted model's card."""

from __future__ import annotations

from segmentry.report.charts import tenth_bars
from segmentry.report.charts.models import written
from segmentry.report.content import Estimated, ModelView
from segmentry.report.interval import estimated
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page

AS_SHARE = ("bias", "ece")
"""Measures written as shares."""


def models(page: Page) -> Markup:
    """Cards of the models; how to fit one where there is none."""
    views = page.content.models
    if not views:
        ask = "segmentry models add clv --question clv"
        return page.section("models", page.command(page.say("models.empty"), ask))
    return page.section(
        "models", *(_model(page, each) for each in views), lead=page.say("models.lead")
    )


def _model(page: Page, view: ModelView) -> Markup:
    say, write = page.say, page.write
    asked = say(
        "models.asked",
        days=view.days,
        as_of=write.date(view.as_of),
        customers=say("customer_count", count=view.scored),
    )
    return el(
        "div",
        page.subheading(f"model-{view.name}", view.label),
        el("p", " ".join([asked, *_expected(page, view), *view.sentences]), class_="lead"),
        el("div", _tenths(page, view), _ways(page, view), class_="pair"),
        class_="part",
    )


def _expected(page: Page, view: ModelView) -> list[str]:
    if view.expected is None:
        return []
    return [
        page.say(
            "models.total",
            amount=page.write.short_money(view.expected),
            top=page.write.round_share(0.2),
            share=page.write.round_share(view.top_share),
        )
    ]


def _tenths(page: Page, view: ModelView) -> Markup:
    say, write = page.say, page.write
    head: list[Child] = [say("models.tenths"), say("models.expected"), say("models.came")]
    rows: list[list[Child]] = [
        [
            write.count(place),
            written(view, write, each.expected),
            written(view, write, each.came),
        ]
        for place, each in enumerate(view.tenths, 1)
    ]
    notes = [say("models.chart_note")] + [say("models.uncorrected")] * view.uncorrected
    return page.figure(
        Chart(
            name=f"tenths_{view.name}",
            title=say("models.chart"),
            draw=lambda theme: tenth_bars(view, theme, write),
            table=page.table(head, rows),
            height=260,
            empty=say("models.untested"),
            note=" ".join(notes),
        )
    )


def _ways(page: Page, view: ModelView) -> Markup | None:
    say = page.say
    if not view.ways:
        return None
    head: list[Child] = [say("models.way_head")]
    head += [say(f"models.measure.{each}") for each in view.measures]
    rows: list[list[Child]] = []
    for each in view.ways:
        label = say("models.used", way=each.label) if each.used else each.label
        name = el("strong", label) if each.used else label
        pairs = zip(view.measures, each.figures, strict=True)
        rows.append([name, *(_figure(page, measure, one) for measure, one in pairs)])
    return el(
        "div",
        el("h4", say("models.ways"), class_="caption"),
        page.table(head, rows, label=say("models.ways")),
        el("p", *(say(f"models.about.{each}") + " " for each in view.measures), class_="note"),
    )


def _figure(page: Page, measure: str, found: Estimated) -> Markup:
    write = page.write
    if found.value is not None and found.low is None:
        text = write.share(found.value) if measure in AS_SHARE else write.number(found.value, 2)
        return el("span", text)
    return estimated(
        found,
        write,
        write.share if measure in AS_SHARE else lambda value: write.number(value, 3),
    )
