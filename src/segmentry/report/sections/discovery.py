"""Groups that stand out from everyone else, as a search found them."""

from __future__ import annotations

from decimal import Decimal

from segmentry.report.charts import lift_dots
from segmentry.report.content import DiscoveryView, FoundView
from segmentry.report.interval import Written, estimated, money
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page
from segmentry.report.sections.value import ROW


def discovery(page: Page) -> Markup:
    """What was found last, and how to keep it; how to look where nobody did."""
    view, say = page.content.discovery, page.say
    if not view.as_of:
        how = page.command(say("discovery.empty"), "segmentry discover")
        return page.section("discovery", how)
    said = el("p", el("strong", view.verdict), " ", _searched(page, view), class_="lead")
    if not view.groups:
        again = page.command(say("discovery.again"), "segmentry discover --by bought_again")
        return page.section("discovery", said, again, lead=say("discovery.lead"))
    number = page.write.count(view.groups[0].number)
    save = f"segmentry discover save {view.groups[0].number} NAME"
    return page.section(
        "discovery",
        said,
        _lifts(page, view),
        el("h3", say("discovery.all")),
        _table(page, view),
        *_warnings(page, view),
        el("p", say("discovery.note"), class_="note"),
        page.command(say("discovery.save", number=number), save),
        lead=say("discovery.lead"),
    )


def _searched(page: Page, view: DiscoveryView) -> str:
    say, write = page.say, page.write
    return say(
        "discovery.searched",
        customers=say("customer_count", count=view.asked),
        cut=write.date(view.cut),
        tried=write.count(view.tried),
        tested=write.count(view.tested),
        confirmed=write.count(view.confirmed),
    )


def _lifts(page: Page, view: DiscoveryView) -> Markup:
    say, write = page.say, page.write
    rows: list[list[Child]] = [
        [_named(page, each), estimated(each.lift, write, write.index)] for each in view.groups
    ]
    return page.figure(
        Chart(
            name="discovery",
            title=say("discovery.chart", of=view.outcome),
            draw=lambda theme: lift_dots(view, theme, write),
            table=page.table([say("group"), say("discovery.lift")], rows),
            height=40 + ROW * len(view.groups),
            empty=say("interval.few"),
            note=say("interval.note"),
        )
    )


def _table(page: Page, view: DiscoveryView) -> Markup:
    say, write, written = page.say, page.write, _written(page, view)
    head: list[Child] = [say("group"), say("discovery.later"), say("customers")]
    head += [say("customer_share"), say("discovery.each"), say("discovery.others")]
    head += [say("discovery.lift"), say("discovery.part")]
    rows: list[list[Child]] = [
        [
            _named(page, each),
            each.later_sentence,
            write.count(each.customers),
            write.share(each.share),
            estimated(each.each, write, written),
            written(each.others.value) if each.others.value is not None else None,
            estimated(each.lift, write, write.index),
            estimated(each.part, write, write.share),
        ]
        for each in view.groups
    ]
    return page.table(head, rows, texts=2, label=say("discovery.all"), class_="groups")


def _named(page: Page, each: FoundView) -> str:
    return f"{page.write.count(each.number)}. {each.sentence}"


def _warnings(page: Page, view: DiscoveryView) -> list[Markup]:
    """What to bear in mind, each said once with the groups that it is said of."""
    said: dict[str, list[str]] = {}
    for each in view.groups:
        for warning in each.warnings:
            said.setdefault(warning, []).append(page.write.count(each.number))
    return [
        el(
            "p",
            page.say("discovery.warned", groups=", ".join(numbers), warning=text),
            class_="note",
        )
        for text, numbers in said.items()
    ]


def _written(page: Page, view: DiscoveryView) -> Written:
    write = page.write
    by_unit: dict[str, Written] = {
        "money": money(write),
        "share": write.share,
        "number": lambda value: write.number(Decimal(str(round(value, 2)))),
    }
    return by_unit[view.unit]
