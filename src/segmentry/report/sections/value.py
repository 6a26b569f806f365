"""What each group is worth, and how sure that is."""

from __future__ import annotations

from segmentry.report.charts import retention_dots, worth_dots
from segmentry.report.content import Estimated, ValueView, WorthView
from segmentry.report.interval import estimated, interval, money
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page, bar_cell

ROW = 46
"""Pixels of a line of a chart."""
NOTHING = Estimated(None)


def value(page: Page) -> Markup | None:
    """Money per customer, shares, orders and who stayed, of each group; nothing without groups."""
    view, say = page.content.value, page.say
    if not view.groups:
        return None
    lead = say("value.lead", of=view.label)
    return page.section(
        "value",
        el("div", _per_customer(page, view), _retention(page, view), class_="pair"),
        el("h3", say("value.all")),
        _table(page, view),
        el("p", say("value.note", days=view.period_days), class_="note"),
        lead=" ".join([lead, *_worthiest(page, view)]),
    )


def _worthiest(page: Page, view: ValueView) -> list[str]:
    """The group with the most certain advantage, in a sentence."""
    known = [each for each in view.groups if each.per_customer.low is not None]
    if not known:
        return []
    best = max(known, key=lambda each: each.per_customer.low or 0.0)
    written = money(page.write)
    sentence = page.say(
        "value.worthiest",
        group=best.label,
        amount=written(best.per_customer.value or 0.0),
        interval=interval(best.per_customer, page.write, written),
        index=page.write.index(best.index),
    )
    return [sentence]


def _per_customer(page: Page, view: ValueView) -> Markup:
    say, write = page.say, page.write
    rows: list[list[Child]] = [
        [_named(page, view, each), estimated(each.per_customer, write, money(write))]
        for each in view.groups
    ]
    return page.figure(
        Chart(
            name="worth",
            title=say("value.per_customer"),
            draw=lambda theme: worth_dots(view, theme, write),
            table=page.table([say("group"), say("value.per_customer")], rows),
            height=40 + ROW * len(view.groups),
            empty=say("interval.few"),
            note=say("interval.note"),
        )
    )


def _retention(page: Page, view: ValueView) -> Markup:
    say, write = page.say, page.write
    rows: list[list[Child]] = [
        [_named(page, view, each), estimated(each.retention, write, write.share)]
        for each in view.groups
    ]
    return page.figure(
        Chart(
            name="retention",
            title=say("value.retention"),
            draw=lambda theme: retention_dots(view, theme, write),
            table=page.table([say("group"), say("value.retention")], rows),
            height=40 + ROW * len(view.groups),
            empty=say("interval.few"),
            note=say("value.retention_note", days=view.period_days),
        )
    )


def _table(page: Page, view: ValueView) -> Markup:
    say = page.say
    expected = any(each.expected for each in view.groups)
    profit = any(each.profit is not None for each in view.groups)
    head: list[Child] = [say("group"), say("customers"), say("customer_share")]
    head += [say("revenue_share"), say("value.per_customer"), say("value.index")]
    head += [say("average_order"), say("orders_per_customer")]
    head += [say("value.profit")] if profit else []
    head += [say("value.expected")] if expected else []
    widest = max(max(each.customer_share, each.revenue_share.value or 0.0) for each in view.groups)
    rows: list[list[Child]] = []
    for each in view.groups:
        row = [_named(page, view, each), *_numbers(page, each, widest)]
        row += [page.write.money(each.profit)] if profit else []
        if expected:
            row.append(estimated(each.expected or NOTHING, page.write, money(page.write)))
        rows.append(row)
    return page.table(head, rows, label=say("value.all"), class_="groups")


def _numbers(page: Page, each: WorthView, widest: float) -> list[Child]:
    write = page.write
    return [
        write.count(each.customers),
        bar_cell(write.share(each.customer_share), each.customer_share, widest, "quiet"),
        estimated(each.revenue_share, write, write.share),
        estimated(each.per_customer, write, money(write)),
        write.index(each.index),
        estimated(each.order_value, write, money(write)),
        estimated(each.orders_per_customer, write, write.number),
    ]


def _named(page: Page, view: ValueView, each: WorthView) -> Markup:
    dot = page.dot(each.place, view.of)
    return el("span", dot, el("span", each.label), class_="named")
