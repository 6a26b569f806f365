"""`segmentry recommend`: what a customer will buy next, and what a segment buys."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import buying as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import below, clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

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
        if segment is not None:
            document = answers.assortment(workspace, segment, of, top, instant)
        else:
            document = answers.recommendations(workspace, customer or "", of, instant)
    emit(document, as_json=as_json, draw=_draw_segment if segment is not None else _draw)


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
