"""`segmentry drift`: what moved between two instants, and who stayed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from segmentry.insights.drift import Divided, Shift
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
        instant = instant_of(workspace, as_of)
        found = workspace.insights.drift(*(names or ()), when=instant, since=since)
        document: Document = {
            **basis(workspace, instant),
            "since": found.since,
            "customers_before": found.customers_before,
            "customers_after": found.customers_after,
            "features": [_shift(each) for each in found.features],
            "segmentations": [_divided(each) for each in found.segmentations],
        }
    emit(document, as_json=as_json, draw=_draw)


def _shift(found: Shift) -> Document:
    return {
        "name": found.name,
        "index": found.index,
        "chance": found.chance,
        "level": found.level,
        "before": found.before,
        "after": found.after,
    }


def _divided(found: Divided) -> Document:
    return {
        **_shift(found.shift),
        "groups": [
            {
                "name": each.name,
                "before": each.before,
                "after": each.after,
                "before_share": each.before_share,
                "after_share": each.after_share,
                "stayed": estimate(each.stayed),
                "half_life_days": estimate(each.half_life_days),
            }
            for each in found.groups
        ],
    }


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
