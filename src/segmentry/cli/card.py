"""`segmentry segments card`: who, what, why, when and where of a set of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from segmentry.answers import card as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.door import pointing_at
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

SHOWN = 6
"""Traits of an answer that a terminal shows."""


def card(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME", help="A saved segment, a group such as 'lifecycle/At risk', or a rule."
        ),
    ],
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Answer who, what, why, when and where, against the whole base.

    Traits marked * are over-represented beyond chance.

    Examples:
      segmentry segments card lapsing -w shop
      segmentry segments card "lifecycle/At risk" -w shop
      segmentry segments card "frequency >= 3 AND recency_days > 60" -w shop
    """
    with opened(folder) as workspace, pointing_at(name):
        document = answers.card(workspace, name, instant_of(workspace, as_of), language)
        write = writer(workspace.settings.currency, language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    head = say(
        "terminal.card.told",
        customers=say("report.customer_count", count=document["customers"]),
        share=write.share(document["customer_share"]),
        revenue=write.money(document["revenue_amount"]),
        revenue_share=write.share(document["revenue_share"]),
    )
    rule = Text(clean(document["sentence"]), style="italic")
    drawn = [_drawn(each, write) for each in document["answers"]]
    bottom = footer(document, say.language)
    show(screen, rule, Text(head, "bold"), *(each for each in drawn if each), bottom)
    if not document["has_reasons"]:
        screen.print(Text(say("five_w.no_reasons"), style="dim"))


def _drawn(answer: Document, write: Writer) -> RenderableType | None:
    known = [each for each in answer["means"] if each["mean"] is not None]
    traits = sorted(answer["traits"], key=lambda each: (not each["telling"], -each["share"]))
    if not known and not traits:
        return None
    drawn = table(answer["label"], "", ">", f">{write.messages('report.cards.versus')}")
    for each in known:
        row(drawn, each["label"], "", write.number(each["mean"]), write.index(each["index"]))
    for each in traits[:SHOWN]:
        mark = Text(f"{write.index(each['index'])}{'*' if each['telling'] else ' '}")
        row(drawn, each["dimension_label"], each["label"], write.share(each["share"]), mark)
    return drawn
