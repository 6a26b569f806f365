"""`segmentry runs`: what was done, when, and how long it took."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import document as shape
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import emit, row, show, table
from segmentry.cli.session import opened

STYLES = {"done": "green", "failed": "red", "interrupted": "yellow", "running": "cyan"}


def runs(
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="How many.")] = 20,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """List the latest refreshes, newest first, with their steps.

    Example:
      segmentry runs -w shop
    """
    with opened(folder) as workspace:
        document = {"runs": [shape.run(each) for each in workspace.catalogue.runs.latest(limit)]}
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    if not document["runs"]:
        screen.print("No runs yet.")
        return
    drawn = table(">Run", "What", "As of", "Status", "Started (UTC)", ">Seconds", "Steps")
    for each in document["runs"]:
        steps = ", ".join(f"{one['name']} {one['seconds']:.1f}" for one in each["steps"])
        seconds = "" if each["seconds"] is None else f"{each['seconds']:.1f}"
        row(
            drawn,
            each["id"],
            each["kind"],
            each["as_of"] or "",
            Text(each["status"], style=STYLES.get(each["status"], "")),
            each["started_at"][:19].replace("T", " "),
            seconds,
            Text(each["problem"] or steps, style="dim"),
        )
    show(screen, drawn)
