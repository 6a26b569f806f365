"""`segmentry recommend`: what a customer will buy next, and what a segment buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.basis import basis, instant_of
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import below, clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.insights.assortment import Kept
    from segmentry.insights.recommendation import Next, Tried
    from segmentry.workspace.recommendation import Assortment, Recommended

MOST_MISSING = 0.8
"""An index below this, and certain, is something that members leave to others."""
HEADS = {"anything": "Likely next", "new": "Likely next, never bought before"}


def recommend(
    customer: Annotated[
        str | None, typer.Argument(metavar="CUSTOMER", help="Id of a customer.")
    ] = None,
    segment: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A segment, group or rule: what its members buy."),
    ] = None,
    of: Annotated[
        str, typer.Option("--of", metavar="COLUMN", help="product_id, or a column of products.")
    ] = "product_id",
    top: Annotated[int, typer.Option(min=1, help="How many things of a segment to show.")] = 10,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show what a customer is likely to buy next, or what a segment buys and what it does not.

    Examples:
      segmentry recommend C004 -w shop
      segmentry recommend --segment rfm/VIP --of category -w shop --json
    """
    if (customer is None) == (segment is None):
        raise UsageError("name a customer or a segment.", fix="segmentry recommend CUSTOMER")
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        document: Document = {
            "customer": customer,
            "segment": segment,
            **basis(workspace, instant),
            "of": of,
        }
        if customer is not None:
            document |= _recommended(workspace.insights.recommend(customer, of, instant))
        if segment is not None:
            document |= _assortment(workspace.insights.assortment(segment, of, instant), top)
    emit(document, as_json=as_json, draw=_draw_segment if segment is not None else _draw)


def _recommended(found: Recommended) -> Document:
    return {
        "tried_customers": found.trial.customers,
        "missing": found.trial.missing or None,
        **{
            name: {
                "by": by,
                "tried": [_tried(each) for each in tried],
                "items": [_next(each, found.names) for each in items],
            }
            for name, by, tried, items in (
                ("anything", found.anything_by, found.trial.anything, found.anything),
                ("new", found.new_by, found.trial.new, found.new),
            )
        },
    }


def _tried(found: Tried) -> Document:
    return {"way": found.way, "hit_rate": estimate(found.hit_rate), "mrr": found.rank}


def _next(found: Next, names: dict[str, str]) -> Document:
    return {
        "item": found.item,
        "product_name": names.get(found.item),
        "score": found.score,
        "times": found.times,
        "since_days": found.since_days,
        "gap_days": found.gap_days,
        "due": None
        if found.since_days is None or found.gap_days is None
        else found.since_days >= found.gap_days,
    }


def _assortment(found: Assortment, top: int) -> Document:
    sure = [each for each in found.things if each.certain and each.index is not None]
    above = sorted(sure, key=lambda each: -(each.index or 0.0))
    missing = sorted(
        (each for each in sure if (each.index or 0.0) < MOST_MISSING),
        key=lambda each: -(each.other_share or 0.0),
    )
    return {
        "members": found.members,
        "others": found.others,
        "top": [_kept(each, found.names) for each in found.things[:top]],
        "above": [_kept(each, found.names) for each in above[:top] if (each.index or 0.0) > 1],
        "missing": [_kept(each, found.names) for each in missing[:top]],
    }


def _kept(found: Kept, names: dict[str, str]) -> Document:
    return {
        "item": found.item,
        "product_name": names.get(found.item),
        "customers": found.customers,
        "share": estimate(found.share),
        "other_share": found.other_share,
        "index": found.index,
        "certain": found.certain,
    }


def _shown(item: Document) -> str:
    name = f" ({clean(item['product_name'])})" if item["product_name"] else ""
    return clean(item["item"]) + name


def _draw(screen: Console, document: Document) -> None:
    write = writer("")
    for name, head in HEADS.items():
        drawn = table(head, ">Days bought", ">Days since", ">Usual gap", "")
        for each in document[name]["items"]:
            cells = (write.count(each["times"]), _days(each["since_days"]), _days(each["gap_days"]))
            row(drawn, Text(_shown(each), "bold"), *cells, Text("due" if each["due"] else ""))
        show(screen, drawn)
        screen.print(Text(_said(document, name), style="dim"))
        screen.print()
    screen.print(footer(document))


def _days(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def _said(document: Document, name: str) -> str:
    if document["missing"]:
        return f"By what is popular; nothing could be tried: {clean(document['missing'])}."
    ways = ", ".join(
        f"{each['way']} {each['hit_rate']['value'] or 0:.1%} (MRR {each['mrr']:.3f})"
        for each in document[name]["tried"]
    )
    return (
        f"By `{document[name]['by']}`. In the last 30 days one of ten was right for so many of"
        f" {document['tried_customers']:,} customers: {ways}."
    )


def _draw_segment(screen: Console, document: Document) -> None:
    write = writer("")
    heads = {"top": "Most bought", "above": "More than others", "missing": "Left to others"}
    for name, head in heads.items():
        drawn = table(head, ">Members", ">Share", ">95 %", ">Of others", ">×", "")
        for each in document[name]:
            row(
                drawn,
                Text(_shown(each), "bold"),
                write.count(each["customers"]),
                write.share(each["share"]["value"]),
                span(each["share"], write.share),
                write.share(each["other_share"]),
                write.number(each["index"]),
                "certain" if each["certain"] else "",
            )
        below(screen, drawn)
    below(screen, footer(document))
