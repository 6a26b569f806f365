"""Groups by size and revenue, in both schemes, and other segmentations."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.report.charts import group_bars, group_treemap, share_bar, sparkline
from segmentry.report.charts.theme import DARK, LIGHT
from segmentry.report.content import GroupView, SegmentationView
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page


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
        _block(page, say("groups.eleven"), eleven, say("groups.eleven_lead")),
        lead=say("groups.lead"),
    )


def other(page: Page) -> Markup:
    """Lifecycle, temperature and the like, each a bar and a table."""
    views, say = page.content.segmentations, page.say
    if not views:
        return page.section("other", page.empty(say("other.empty")))
    return page.section(
        "other", *(_segmentation(page, view) for view in views), lead=say("other.lead")
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
            _bar_cell(write.share(group.customer_share), group.customer_share, widest, "quiet"),
            write.money(group.revenue),
            _bar_cell(write.share(group.revenue_share), group.revenue_share, widest, "accent"),
            write.money(group.average_order),
            write.number(group.orders_per_customer),
            write.number(group.recency_days_median, 0),
        ]
        rows.append([*row, _trend(page, group)] if trends else row)
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


def _block(
    page: Page, title: str, groups: Sequence[GroupView], lead: str | None = None
) -> Markup | None:
    if not groups:
        return None
    note = el("p", lead, class_="note") if lead else None
    return el("div", el("h3", title), note, group_table(page, groups, title))


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


def _segmentation(page: Page, view: SegmentationView) -> Markup:
    parts = [
        (group.customer_share, LIGHT.group(at, len(view.groups)), DARK.group(at, len(view.groups)))
        for at, group in enumerate(view.groups)
    ]
    table = group_table(page, view.groups, view.label) if view.groups else None
    note = el("p", view.description, class_="note") if view.description else None
    return el(
        "div",
        el("h3", view.label),
        note,
        share_bar(parts),
        table or page.empty(page.say("groups.empty")),
        class_="segmentation",
    )


def _bar_cell(text: str, share: float | None, widest: float, colour: str) -> Markup:
    """A share with a bar beside it; the widest bar of the table leaves room for the number."""
    width = max(share or 0.0, 0.0) / widest * 55 if widest > 0 else 0.0
    bar = el("i", class_=f"inbar {colour}", style=f"width:{width:.1f}%", aria_hidden="true")
    return el("span", bar, el("span", text), class_="barcell")


def _trend(page: Page, group: GroupView) -> Markup:
    if len(group.trend) < 2:
        return Markup("")
    label = page.say(
        "trend_label",
        first=page.write.count(group.trend[0].customers),
        last=page.write.count(group.trend[-1].customers),
    )
    return sparkline([point.customers for point in group.trend], label)
