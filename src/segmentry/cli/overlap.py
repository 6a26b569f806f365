"""`segmentry overlap`: how many customers are in both of any two segments, and in exactly which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import overlap as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import bar, below, clean, emit, footer, heads, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

MOST_COLUMNS, MOST_COMBINATIONS = 8, 12
"""Of the table for people; the others are in --json."""


def overlap(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Saved segments, groups (rfm/VIP) and rules.",
            show_default="all saved segments",
        ),
    ] = None,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show how many customers are in both of any two segments, and in exactly which at once.

    Examples:
      segmentry overlap -w shop
      segmentry overlap rfm/VIP "discount_depth > 0.3" "recency_days > 60" -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.overlap(workspace, names or (), instant_of(workspace, as_of))
        write = writer("", language or workspace.settings.language)
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, write))


def _draw(screen: Console, document: Document, write: Writer) -> None:
    say = write.messages
    if len(document["sets"]) < 2:
        show(screen, Text(say("report.overlap.empty")), footer(document, say.language))
        return
    show(screen, _pairs(document, write), Text(say("report.overlap.note"), "dim"))
    if document["combinations"]:
        below(screen, _combinations(document, write))
    below(screen, Text(say("report.overlap.none", count=document["none"]), "dim"))
    below(screen, footer(document, say.language))


def _pairs(document: Document, write: Writer) -> Any:
    """Of the members of a row, the share who are in each column too."""
    shares = {}
    for each in document["pairs"]:
        shares[each["one"], each["other"]] = each["share_of_one"]
        shares[each["other"], each["one"]] = each["share_of_other"]
    across = document["sets"][:MOST_COLUMNS]
    columns = (f">{clean(each['label'])}" for each in across)
    drawn = table(*heads(write, "name.segment", ">customers"), *columns)
    for each in document["sets"]:
        own = each["name"]
        cells = (
            "·" if other["name"] == own else write.round_share(shares[own, other["name"]])
            for other in across
        )
        row(drawn, Text(clean(each["label"]), "bold"), write.count(each["customers"]), *cells)
    return drawn


def _combinations(document: Document, write: Writer) -> Any:
    """Customers who are in exactly these, the largest first."""
    labels = {each["name"]: each["label"] for each in document["sets"]}
    title = write.messages("report.combinations.title")
    drawn = table(*heads(write, "", ">customers", ">share", ""), title=title)
    for each in document["combinations"][:MOST_COMBINATIONS]:
        names = " + ".join(clean(labels[one]) for one in each["sets"])
        share = each["customers"] / max(document["of"], 1)
        row(drawn, names, write.count(each["customers"]), write.share(share), bar(share))
    return drawn
