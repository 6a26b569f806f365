"""`segmentry recommend`: what a customer will buy next, and what a segment buys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import buying as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

HEADS = {"anything": "recommend.next", "new": "recommend.fresh"}


def recommend(  # noqa: PLR0913 - its options
    customer: Annotated[
        str | None, typer.Argument(metavar="CUSTOMER", help="Id of a customer.")
    ] = None,
    *,
    segment: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A segment, group or rule: what its members buy."),
    ] = None,
    of: Annotated[
        str, typer.Option("--of", metavar="COLUMN", help="product_id, or a column of products.")
    ] = "product_id",
    top: Annotated[int, typer.Option(min=1, help="How many things of a segment to show.")] = 10,
    as_of: AsOf = None,
    language: Language = None,
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
        write = writer("", language or workspace.settings.language)
    draw = _draw_segment if segment is not None else _draw
    emit(document, as_json=as_json, draw=lambda screen, _: draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    for name, head in HEADS.items():
        drawn = table(*heads(write, head, ">recommend.times", ">recommend.since",
                             ">recommend.gap", ""))  # fmt: skip
        for each in document[name]["items"]:
            days = (write.number(_whole(each[part])) for part in ("since_days", "gap_days"))
            due = write.messages("terminal.recommend.due") if each["due"] else ""
            row(drawn, Text(_shown(each), "bold"), write.count(each["times"]), *days, due)
        show(screen, drawn)
        screen.print(Text(_said(document, name, write), style="dim"))
        screen.print()
    screen.print(footer(document, write.messages.language))


def _shown(item: Document) -> str:
    name = f" ({clean(item['product_name'])})" if item["product_name"] else ""
    return clean(item["item"]) + name


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _said(document: Document, name: str, write: Writer) -> str:
    """Which way was chosen, beside those it was tried against."""
    from segmentry.insights.recommendation import FEWEST, HORIZON, NEEDED_DAYS, SHOWN

    say = write.messages
    if document["missing"]:
        need = {"least": FEWEST, "days": HORIZON, "needed": NEEDED_DAYS}
        texts = {name: write.count(value) for name, value in need.items()}
        return say("terminal.recommend.untried", **texts)
    ways = [
        say(
            "terminal.recommend.one",
            way=_way(each["way"], write),
            share=write.share(each["hit_rate"]["value"]),
        )
        for each in document[name]["tried"]
    ]
    return say(
        "terminal.recommend.tried",
        way=_way(document[name]["by"], write),
        shown=write.count(SHOWN),
        days=write.count(HORIZON),
        customers=say("report.customer_count", count=document["tried_customers"]),
        list=", ".join(ways),
    )


def _way(name: str, write: Writer) -> str:
    return write.messages(f"terminal.recommend.way.{name}")


def _draw_segment(screen: Console, document: Document, write: Writer) -> None:
    parts = {"top": "most", "above": "above", "missing": "left"}
    columns = (">recommend.members", ">share", ">interval", ">affinity.of_others", ">index", "")
    for name, head in parts.items():
        drawn = table(*heads(write, f"recommend.{head}", *columns))
        for each in document[name]:
            row(
                drawn,
                Text(_shown(each), "bold"),
                write.count(each["customers"]),
                write.share(each["share"]["value"]),
                span(each["share"], write.share, write.messages.language),
                write.share(each["other_share"]),
                write.number(each["index"]),
                write.messages("terminal.affinity.certain") if each["certain"] else "",
            )
        below(screen, drawn)
    below(screen, footer(document, write.messages.language))
