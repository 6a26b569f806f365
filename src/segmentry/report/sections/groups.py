"""Groups by size and revenue, in both schemes of RFM."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.report.charts import group_bars, group_treemap, sparkline
from segmentry.report.content import GroupView, TrendPoint
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page, bar_cell


def groups(page: Page) -> Markup:
    """The five groups as areas, as bars and as a table; the eleven as a table with bars."""
    five, eleven, say = page.content.groups, page.content.eleven, page.say
    if not five and not eleven:
        return page.section("groups", page.empty(say("groups.empty")))
    charts = el("div", _treemap(page, five), _bars(page, five), class_="pair") if five else None
    return page.section(
        "groups",
        charts,
        _block(page, say("groups.five"), five),
        _folded(page, eleven),
        lead=say("groups.lead"),
    )


def group_table(page: Page, groups: Sequence[GroupView], label: str) -> Markup:
    """Groups with all their numbers, and a line of totals."""
    say, write = page.say, page.write
    head: list[Child] = [say("group"), say("customers"), say("customer_share")]
    head += [say("revenue"), say("revenue_share"), say("average_order")]
    head += [say("orders_per_customer"), say("recency_median")]
    widest = max(max(group.customer_share, group.revenue_share or 0.0) for group in groups)
    trends = any(len(group.trend) > 1 for group in groups)
    rows: list[list[Child]] = []
    for position, group in enumerate(groups):
        row: list[Child] = [
            page.group_name(groups, position),
            write.count(group.customers),
            bar_cell(write.share(group.customer_share), group.customer_share, widest, "quiet"),
            write.money(group.revenue),
            bar_cell(write.share(group.revenue_share), group.revenue_share, widest, "accent"),
            write.money(group.average_order),
            write.number(group.orders_per_customer),
            write.number(group.recency_days_median, 0),
        ]
        rows.append([*row, trend(page, group.trend)] if trends else row)
    total: list[Child] = [
        say("total"),
        write.count(sum(group.customers for group in groups)),
        None,
        write.money(sum((group.revenue for group in groups), start=type(groups[0].revenue)(0))),
    ]
    width = len(head) + trends
    total += [None] * (width - len(total))
    return page.table(
        [*head, say("trend")] if trends else head, rows, label=label, foot=total, class_="groups"
    )


def _block(page: Page, title: str, groups: Sequence[GroupView]) -> Markup | None:
    return el("div", el("h3", title), group_table(page, groups, title)) if groups else None


def _folded(page: Page, groups: Sequence[GroupView]) -> Markup | None:
    if not groups:
        return None
    title = page.say("groups.eleven")
    return el(
        "details",
        el("summary", el("span", title, class_="name")),
        el("p", page.say("groups.eleven_lead"), class_="note"),
        group_table(page, groups, title),
        class_="method",
    )


def _treemap(page: Page, groups: Sequence[GroupView]) -> Markup:
    say, write = page.say, page.write
    rows = [
        [
            page.group_name(groups, at),
            write.money(group.revenue),
            write.share(group.revenue_share),
        ]
        for at, group in enumerate(groups)
    ]
    return page.figure(
        Chart(
            name="treemap",
            title=say("groups.treemap"),
            draw=lambda theme: group_treemap(groups, theme, write),
            table=page.table([say("group"), say("revenue"), say("revenue_share")], rows),
            height=300,
            empty=say("groups.no_revenue"),
            note=say("groups.treemap_note"),
        )
    )


def _bars(page: Page, groups: Sequence[GroupView]) -> Markup:
    say, write = page.say, page.write
    rows = [
        [
            page.group_name(groups, at),
            write.share(group.customer_share),
            write.share(group.revenue_share),
        ]
        for at, group in enumerate(groups)
    ]
    return page.figure(
        Chart(
            name="bars",
            title=say("groups.bars"),
            draw=lambda theme: group_bars(groups, theme, write),
            table=page.table([say("group"), say("customer_share"), say("revenue_share")], rows),
            height=max(120, 40 + 52 * len(groups)),
            empty=say("groups.empty"),
        )
    )


def trend(page: Page, points: Sequence[TrendPoint]) -> Markup:
    """Sizes over time as a small line; nothing for fewer than two."""
    if len(points) < 2:
        return Markup("")
    label = page.say(
        "trend_label",
        first=page.write.count(points[0].customers),
        last=page.write.count(points[-1].customers),
    )
    return sparkline([point.customers for point in points], label)
