"""`segmentry drift`: what moved between two instants, and who stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import drift as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.estimate import span
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import below, clean, emit, footer, row, show, table, writer
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.report.writer import Writer

STYLES = {"steady": "dim", "slight": "", "moderate": "yellow", "strong": "bold red"}
SHOWN = 12
"""Features in the table; the others are in --json."""


def drift(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="NAME",
            help="Features, segmentations, saved segments, groups (rfm/VIP) and rules.",
            show_default="all numbers, the usual segmentations and all that is saved",
        ),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option(
            "--since", metavar="DAY", help="The earlier day.", show_default="90 days before"
        ),
    ] = None,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show which features and groups moved between two days, beyond what chance does.

    Examples:
      segmentry drift -w shop
      segmentry drift rfm monetary --since 2011-06-01 -w shop --json
    """
    with opened(folder) as workspace:
        document = answers.drift(workspace, names or (), instant_of(workspace, as_of), since)
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    write = writer("")
    show(screen, Text(f"From {document['since']} to {document['as_of']}", style="bold"))
    if document["features"]:
        below(screen, _features(document["features"], write))
    for each in document["segmentations"]:
        below(screen, _groups(each, write))
    left = len(document["features"]) - SHOWN
    if left > 0:
        screen.print(Text(f"{left} further features in --json.", style="dim"))
    below(screen, footer(document))


def _features(shifts: list[Document], write: Writer) -> Any:
    drawn = table("Feature", ">Stability index", ">By chance", "Moved", ">Mean before", ">After")
    for each in shifts[:SHOWN]:
        row(
            drawn,
            Text(clean(each["name"]), style="bold"),
            write.number(each["index"], 3),
            write.number(each["chance"], 3),
            Text(each["level"], style=STYLES[each["level"]]),
            write.number(each["before"]),
            write.number(each["after"]),
        )
    return drawn


def _groups(document: Document, write: Writer) -> Any:
    index = f"{write.number(document['index'], 3)} {document['level']}"
    drawn = table(
        "Group", ">Before", ">After", ">Share", ">After", ">Stayed", ">Half-life", ">95 %",
        title=f"{clean(document['name'])}: {index}",
    )  # fmt: skip
    for each in document["groups"]:
        half = each["half_life_days"]
        row(
            drawn,
            Text(clean(each["name"]), style="bold"),
            write.count(each["before"]),
            write.count(each["after"]),
            write.share(each["before_share"]),
            write.share(each["after_share"]),
            write.share(each["stayed"]["value"]),
            "–" if half["value"] is None else f"{half['value']:,.0f} d",
            span(half, lambda value: "∞" if value is None else f"{value:,.0f}"),
        )
    return drawn
