"""What is bought, and where customers are."""

from __future__ import annotations

from segmentry.report.charts import category_map, upcoming_map
from segmentry.report.content import PlaceView
from segmentry.report.markup import Child, Markup, el, join
from segmentry.report.page import Chart, Page, bar_cell

NARROW = 5
"""Up to so many groups fit beside the table."""


def categories(page: Page) -> Markup:
    """The largest categories by spend, and which groups favour them."""
    view, say, write = page.content.categories, page.say, page.write
    if not view.categories:
        return page.section("categories", page.empty(say("categories.empty")))
    head: list[Child] = [say("categories.category"), *view.groups]
    rows = [[each.name, *map(write.index, each.indexes)] for each in view.categories]
    figure = page.figure(
        Chart(
            name="categories",
            title=say("categories.map"),
            draw=lambda theme: category_map(view, theme, write),
            table=page.table(head, rows, label=say("categories.map")),
            height=60 + 30 * len(view.categories),
            empty=say("categories.empty"),
            note=say("categories.note"),
            wide=len(view.groups) > NARROW,
        )
    )
    return page.section(
        "categories", el("div", _spend(page), figure, class_="pair"), lead=say("categories.lead")
    )


def upcoming(page: Page) -> Markup | None:
    """How likely each group's next purchase holds each category; nothing without categories."""
    view, say, write = page.content.upcoming, page.say, page.write
    if not view.things:
        return None
    head: list[Child] = [say("upcoming.thing"), say("upcoming.everyone"), *view.groups]
    rows = [
        [each.name, write.share(each.share), *map(write.share, each.shares)] for each in view.things
    ]
    figure = page.figure(
        Chart(
            name="upcoming",
            title=say("upcoming.map"),
            draw=lambda theme: upcoming_map(view, theme, write),
            table=page.table(head, rows, label=say("upcoming.map")),
            height=60 + 30 * len(view.things),
            empty=say("categories.empty"),
            note=say("upcoming.note"),
            wide=True,
        )
    )
    told = (el("p", each) for each in view.told)
    return page.section("upcoming", *told, figure, lead=say("upcoming.lead"))


def _spend(page: Page) -> Markup:
    view, say, write = page.content.categories, page.say, page.write
    mains = any(each.main_for is not None for each in view.categories)
    head: list[Child] = [say("categories.category"), say("categories.share")]
    head += [say("categories.buyers"), *([say("categories.main")] if mains else [])]
    widest = max(each.share for each in view.categories)
    rows = [
        [
            each.name,
            bar_cell(write.share(each.share), each.share, widest, "accent"),
            write.count(each.buyers),
            *([write.count(each.main_for)] if mains else []),
        ]
        for each in view.categories
    ]
    title = say("categories.spend")
    return el("div", el("h3", title), page.table(head, rows, label=title))


def geography(page: Page) -> Markup:
    """Countries with their regions and cities."""
    view, say, write = page.content.geography, page.say, page.write
    if not view.places:
        return page.section("geography", page.empty(say("geography.empty")))
    head: list[Child] = [say("geography.place"), say("customers"), say("customer_share")]
    head += [say("revenue"), say("revenue_share"), say("average_order")]
    widest = max(max(each.customer_share, each.revenue_share or 0.0) for each in view.places)
    rows = [
        [
            _name(each),
            write.count(each.customers),
            bar_cell(write.share(each.customer_share), each.customer_share, widest, "quiet"),
            write.money(each.revenue),
            bar_cell(write.share(each.revenue_share), each.revenue_share, widest, "accent"),
            write.money(each.average_order),
        ]
        for each in view.places
    ]
    unknown = say("geography.unknown", count=view.unknown) if view.unknown else None
    return page.section(
        "geography",
        page.table(head, rows, label=say("geography.title"), class_="groups places"),
        el("p", unknown, class_="note") if unknown else None,
        lead=say("geography.lead", levels=page.words.listed(view.levels, "and")),
    )


def _name(each: PlaceView) -> Markup:
    kind = f"depth{each.depth} together" if each.together else f"depth{each.depth}"
    return el("span", join(each.label), class_=kind)
