"""What is bought together, and where a budget goes."""

from __future__ import annotations

from segmentry.report.charts import budget_curve, together_dots
from segmentry.report.content import AffinityView, AllocationView, SpendView
from segmentry.report.interval import estimated
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page
from segmentry.report.sections.value import ROW


def affinity(page: Page) -> Markup:
    """The sets that go together most; how to ask where nobody did."""
    view, say, write = page.content.affinity, page.say, page.write
    if not view.as_of:
        how = page.command(say("affinity.empty"), "segmentry affinity --of category")
        return page.section("affinity", how)
    lead = say(
        "affinity.lead",
        as_of=write.date(view.as_of),
        certain=write.count(view.certain),
        found=write.count(view.found),
        least=write.count(view.least),
        orders=write.count(view.orders),
    )
    return page.section("affinity", _together(page, view), lead=lead)


def _together(page: Page, view: AffinityView) -> Markup:
    say, write = page.say, page.write
    head: list[Child] = [say("affinity.things"), say("affinity.certain"), say("orders")]
    head += [say("affinity.share"), say("affinity.lift")]
    rows: list[list[Child]] = [
        [
            " + ".join(each.things),
            say("affinity.sure") if each.certain else None,
            write.count(each.orders),
            write.share(each.share),
            estimated(each.lift, write, write.index),
        ]
        for each in view.sets
    ]
    return page.figure(
        Chart(
            name="affinity",
            title=say("affinity.chart", of=view.of),
            draw=lambda theme: together_dots(view, theme, write),
            table=page.table(head, rows, texts=2, label=say("affinity.title"), class_="groups"),
            height=40 + ROW * len(view.sets),
            empty=say("affinity.none"),
            note=say("affinity.note"),
        )
    )


def allocation(page: Page) -> Markup:
    """The last split of a budget; what has to be stated where there was none."""
    view, say, write = page.content.allocation, page.say, page.write
    if not view.shares:
        ask = "segmentry allocate 10000 --responses responses.yaml"
        return page.section("allocation", page.command(say("allocation.empty"), ask))
    said = [
        say(
            "allocation.lead",
            budget=write.money(view.budget),
            spent=write.money(view.spent),
            left=write.money(view.left),
        )
    ]
    if view.low is not None and view.high is not None:
        ends = {"low": write.money(view.low), "high": write.money(view.high)}
        said.append(say("allocation.between", **ends))
    said.append(say("allocation.next", value=write.number(view.next_unit, 2)))
    return page.section(
        "allocation",
        el("div", _curve(page, view), _split(page, view), class_="pair"),
        el("p", say("allocation.note"), class_="note"),
        lead=" ".join(said),
    )


def _curve(page: Page, view: AllocationView) -> Markup:
    say, write = page.say, page.write
    rows: list[list[Child]] = [
        [write.number(round(each.budget)), write.number(round(each.left))] for each in view.curve
    ]
    return page.figure(
        Chart(
            name="allocation",
            title=say("allocation.curve"),
            draw=lambda theme: budget_curve(view, theme, write),
            table=page.table([say("allocation.budget"), say("allocation.left")], rows, texts=0),
            height=260,
            empty=say("interval.nothing"),
        )
    )


def _split(page: Page, view: AllocationView) -> Markup:
    say = page.say
    head: list[Child] = [say("name"), say("allocation.spend"), say("allocation.brings")]
    head += [say("allocation.next_unit"), say("allocation.span")]
    rows = [_spend(page, each) for each in view.shares]
    table = page.table(head, rows, label=say("allocation.split"))
    return el("div", el("h4", say("allocation.split"), class_="caption"), table)


def _spend(page: Page, each: SpendView) -> list[Child]:
    write = page.write
    span = write.count(None)
    if each.between is not None:
        low, high = map(write.money, each.between)
        span = low if low == high else page.say("interval.span", low=low, high=high)
    return [
        each.label,
        write.money(each.spent),
        write.money(each.brings),
        write.number(each.next_unit, 2),
        span,
    ]
