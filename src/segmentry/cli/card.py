"""`segmentry segments card`: who, what, why, when and where of a set of customers."""

from __future__ import annotations

from typing import Annotated

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
        currency = workspace.settings.currency
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, currency))


def _draw(screen: Console, document: Document, currency: str) -> None:
    write = writer(currency)
    head = Text.assemble(
        (f"{write.count(document['customers'])} customers", "bold"),
        f" ({write.share(document['customer_share'])}) bring",
        f" {write.money(document['revenue_amount'])} ({write.share(document['revenue_share'])}).",
    )
    rule = Text(clean(document["sentence"]), style="italic")
    drawn = [_drawn(each, currency) for each in document["answers"]]
    show(screen, rule, head, *(each for each in drawn if each), footer(document))
    if not document["has_reasons"]:
        screen.print(Text("The data hold no reasons: nothing says why they buy.", style="dim"))


def _drawn(answer: Document, currency: str) -> RenderableType | None:
    write = writer(currency)
    known = [each for each in answer["means"] if each["mean"] is not None]
    traits = sorted(answer["traits"], key=lambda each: (not each["telling"], -each["share"]))
    if not known and not traits:
        return None
    drawn = table(answer["label"], "", ">", ">vs base")
    for each in known:
        row(drawn, each["label"], "", write.number(each["mean"]), write.index(each["index"]))
    for each in traits[:SHOWN]:
        mark = Text(f"{write.index(each['index'])}{'*' if each['telling'] else ' '}")
        row(drawn, each["dimension_label"], each["label"], write.share(each["share"]), mark)
    return drawn
