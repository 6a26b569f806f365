"""Natural groups of customers, or that there are none."""

from __future__ import annotations

from segmentry.report.charts import cluster_map
from segmentry.report.content import ClusteringView, ClusterView
from segmentry.report.markup import Child, Markup, el
from segmentry.report.page import Chart, Page


def clusters(page: Page) -> Markup:
    """What was found, one part for each time it was kept; how to look where nobody did."""
    views, say = page.content.clusters, page.say
    if not views:
        how = page.command(say("clusters.empty"), "segmentry clusters find")
        return page.section("clusters", how)
    return page.section(
        "clusters",
        *(_clustering(page, each, place) for place, each in enumerate(views)),
        lead=say("clusters.lead"),
    )


def _clustering(page: Page, view: ClusteringView, place: int) -> Markup:
    head = page.subheading(f"clusters-{view.name}", view.label) if view.name else None
    sure = " ".join([_asked(page, view), *_sure(page, view)])
    said = el("p", el("strong", view.verdict), " ", sure, class_="lead")
    if not view.clusters:
        return el("div", head, said, class_="part")
    save = page.command(page.say("clusters.save"), "segmentry clusters save NAME")
    return el(
        "div",
        head,
        said,
        _map(page, view, place),
        el(
            "div",
            el("h4", page.say("clusters.all"), class_="caption"),
            _table(page, view),
            el("p", _note(page, view), class_="note"),
            class_="part",
        ),
        None if view.name else save,
        class_="part",
    )


def _asked(page: Page, view: ClusteringView) -> str:
    return page.say(
        "clusters.asked",
        as_of=page.write.date(view.as_of),
        customers=page.say("customer_count", count=view.customers),
        list=page.words.listed(view.compared_by, "and"),
    )


def _sure(page: Page, view: ClusteringView) -> list[str]:
    """How far the groups stand apart, and what speaks against them."""
    say, write = page.say, page.write
    found = say("clusters.nearest", count=view.nearest, apart=write.number(view.silhouette, 2))
    said = [found]
    if view.null is not None:
        said.append(say("clusters.null", apart=write.number(view.null, 2)))
    if view.strength is not None:
        said.append(say("clusters.strength", value=write.number(view.strength, 2)))
    if view.lacking:
        reasons = [say(f"clusters.lacking.{each}") for each in view.lacking]
        said.append(say("clusters.against", list=page.words.listed(reasons, "and")))
    return said


def _map(page: Page, view: ClusteringView, place: int) -> Markup:
    say, write = page.say, page.write
    cells = {(each.feature, each.cluster): each for each in view.apart}
    bases = {each.feature: each.base for each in view.apart}
    rows: list[list[Child]] = [
        [
            name,
            *(
                cells[feature, cluster].own if (feature, cluster) in cells else None
                for cluster in range(len(view.clusters))
            ),
            bases.get(feature),
        ]
        for feature, name in enumerate(view.features)
    ]
    head = [say("clusters.feature"), *(each.label for each in view.clusters), say("clusters.base")]
    return page.figure(
        Chart(
            name=f"clusters_{place}",
            title=say("clusters.map"),
            draw=lambda theme: cluster_map(view, theme, write),
            table=page.table(head, rows, label=say("clusters.map")),
            height=70 + 32 * len(view.features),
            empty=say("interval.nothing"),
            note=say("clusters.map_note"),
            wide=True,
        )
    )


def _table(page: Page, view: ClusteringView) -> Markup:
    say = page.say
    head: list[Child] = [say("group"), say("segments.rule"), say("customers")]
    head += [say("customer_share"), say("clusters.stability"), say("clusters.hits")]
    head += [say("clusters.finds")]
    rows = [_row(page, each) for each in view.clusters]
    return page.table(head, rows, texts=2, label=say("clusters.all"), class_="sentences groups own")


def _row(page: Page, each: ClusterView) -> list[Child]:
    write = page.write
    traits = [one for one in each.traits if one not in each.label]
    more = (
        el("small", page.words.listed(traits, "and"), class_="spread withheld") if traits else None
    )
    return [
        el("span", each.label, more),
        each.sentence,
        write.count(each.customers),
        write.share(each.share),
        write.number(each.stability, 2),
        write.round_share(each.precision),
        write.round_share(each.recall),
    ]


def _note(page: Page, view: ClusteringView) -> str:
    said = [page.say("clusters.note")]
    if view.accuracy is not None:
        said.append(page.say("clusters.accuracy", share=page.write.round_share(view.accuracy)))
    return " ".join(said)
