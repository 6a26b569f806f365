"""`segmentry report`: one HTML file to send to one's boss."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from segmentry.answers.basis import basis, instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language
from segmentry.cli.output import clean, emit, footer
from segmentry.cli.progress import watched
from segmentry.cli.session import opened


def report(
    to: Annotated[Path, typer.Option(metavar="FILE", help="File to write.")] = Path("report.html"),
    as_of: AsOf = None,
    language: Language = None,
    sections: Annotated[
        str | None,
        typer.Option(
            metavar="NAMES",
            help="Only these sections, with commas between: base, rfm, groups, value, "
            "backtest, cards, methods, crossings, categories, geography, segments, migration, "
            "cohorts, journeys, sensitivity, models, trust, locked, reading.",
        ),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Write the report: the base, every way of dividing, cards, trust; one HTML file, no network.

    Examples:
      segmentry report -w shop --to report.html
      segmentry report -w shop --to report.html --language fa
      segmentry report -w shop --to cards.html --sections cards,segments
    """
    with opened(folder) as workspace:
        instant = instant_of(workspace, as_of)
        with watched("Writing the report", quiet=as_json, share_done=workspace.share_done):
            written = workspace.report(to, instant, language, _names(sections))
        document = basis(workspace, instant) | {"file": str(written)}
    emit(document, as_json=as_json, draw=_draw)


def _names(sections: str | None) -> list[str]:
    return [each.strip() for each in (sections or "").split(",") if each.strip()]


def _draw(screen: Console, document: Document) -> None:
    screen.print(f"Wrote {clean(document['file'])}")
    screen.print(footer(document))
