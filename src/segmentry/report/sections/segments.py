"""The reader's own segments: how large, what they bring, how far they overlap."""

from __future__ import annotations

from collections.abc import Sequence

from segmentry.report.charts import combination_bars, overlap_map
from segmentry.report.charts.combinations import height_of, named
from segmentry.report.content import OverlapView, SegmentRow
from segmentry.report.markup import Child, Markup, el, join
from segmentry.report.page import Chart, Page, bar_cell
from segmentry.report.sections.groups import trend

IN_FULL = 50
"""Segments whose rule and trend are shown; of more, the others stand in a short table."""


def segments(page: Page) -> Markup:
    """Segments people saved and all their pairs: the largest in full, the others folded away.

    Segments whose rule no longer holds stand first, so that they are seen among many.
    """
    say = page.say
    saved = sorted(page.content.segments, key=_order)
    if not saved:
        how = page.command(say("segments.empty"), 'segmentry segments save NAME "frequency >= 3"')
        return page.section("segments", how)
    return page.section(
        "segments",
        _table(page, saved[:IN_FULL]),
        _smaller(page, saved[IN_FULL:]),
        _overlap(page),
        _combinations(page),
        lead=say("segments.lead"),
    )


def _order(each: SegmentRow) -> tuple[bool, int, str]:
    return each.state != "broken", -each.customers, each.name


def _table(page: Page, segments: Sequence[SegmentRow]) -> Markup:
    say = page.say
    head: list[Child] = [say("name"), say("segments.rule"), say("customers")]
    head += [say("customer_share"), say("revenue"), say("revenue_share"), say("trend")]
    widest = max(max(each.customer_share, each.revenue_share or 0.0) for each in segments)
    rows: list[list[Child]] = []
    for each in segments:
        customers, customer_share, revenue, revenue_share = _figures(page, each)
        rows.append(
            [
                join(each.label, _state(page, each)),
                each.sentence,
                customers,
                bar_cell(customer_share, each.customer_share, widest, "quiet"),
                revenue,
                bar_cell(revenue_share, each.revenue_share, widest, "accent"),
                trend(page, each.trend),
            ]
        )
    return page.table(
        head, rows, texts=2, label=say("segments.title"), class_="sentences groups own"
    )


def _smaller(page: Page, segments: Sequence[SegmentRow]) -> Markup | None:
    say = page.say
    if not segments:
        return None
    title = say("segments.smaller", count=len(segments))
    head = [say("name"), say("customers"), say("customer_share"), say("revenue")]
    rows: list[list[Child]] = [
        [join(each.label, _state(page, each)), *_figures(page, each)] for each in segments
    ]
    return el(
        "details",
        el("summary", el("span", title, class_="name")),
        page.table([*head, say("revenue_share")], rows, label=title),
        class_="method smaller",
    )


def _figures(page: Page, each: SegmentRow) -> tuple[str, str, str, str]:
    """Customers, their share, revenue, its share; of a rule that does not hold none is known."""
    write = page.write
    if each.state == "broken":
        return (write.count(None), write.share(None), write.money(None), write.share(None))
    return (
        write.count(each.customers),
        write.share(each.customer_share),
        write.money(each.revenue),
        write.share(each.revenue_share),
    )


def _state(page: Page, each: SegmentRow) -> Markup | None:
    if each.state == "fresh":
        return None
    return el("small", page.say(f"segments.state.{each.state}"), class_=f"state {each.state}")


def _overlap(page: Page) -> Markup | None:
    view, say, write = page.content.overlap, page.say, page.write
    if not view.labels:
        return None
    notes = [
        say("overlap.note"),
        say("overlap.none", count=view.none),
        say("overlap.left_out", count=view.left_out) if view.left_out else "",
    ]
    figure = page.figure(
        Chart(
            name="overlap",
            title=say("overlap.title"),
            draw=lambda theme: overlap_map(view, theme, write),
            table=_counts(page, view),
            height=60 + 44 * len(view.labels),
            empty=say("overlap.empty"),
            note=" ".join(filter(None, notes)),
            wide=True,
        )
    )
    return el("div", figure, class_="part")


def _counts(page: Page, view: OverlapView) -> Markup:
    head: list[Child] = [page.say("name"), *view.labels]
    rows = [
        [label, *map(page.write.count, row)]
        for label, row in zip(view.labels, view.customers, strict=True)
    ]
    return page.table(head, rows, label=page.say("overlap.title"))


def _combinations(page: Page) -> Markup | None:
    view, say, write = page.content.combinations, page.say, page.write
    if not view.combinations:
        return None
    notes = [
        say("combinations.note"),
        say("combinations.left_out", count=view.left_out) if view.left_out else "",
    ]
    rows: list[list[Child]] = [
        [named(view, each, write), write.count(each.customers)] for each in view.combinations
    ]
    figure = page.figure(
        Chart(
            name="combinations",
            title=say("combinations.title"),
            draw=lambda theme: combination_bars(view, theme, write),
            table=page.table([say("combinations.segments"), say("customers")], rows),
            height=height_of(view),
            empty=say("overlap.empty"),
            note=" ".join(filter(None, notes)),
            wide=True,
        )
    )
    return el("div", figure, class_="part")
