"""`segmentry init`: a new workspace."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, Engine, Folder, Json
from segmentry.cli.output import clean, emit

Language = Literal["en", "uk", "ru", "pl", "fa"]
Unit = Literal["person", "company"]


def init(  # noqa: PLR0913, PLR0917 - options
    directory: Annotated[
        Path | None,
        typer.Argument(
            metavar="DIR", help="A new or empty folder.", show_default="the workspace option"
        ),
    ] = None,
    currency: Annotated[
        str, typer.Option(metavar="CODE", help="Currency in which amounts are kept.")
    ] = "EUR",
    timezone: Annotated[
        str, typer.Option(metavar="ZONE", help="Zone of days and hours, an IANA name.")
    ] = "UTC",
    language: Annotated[Language, typer.Option(help="Language of sentences and reports.")] = "en",
    unit: Annotated[
        Unit, typer.Option(help="Who is one customer: a person, or a company with its contacts.")
    ] = "person",
    engine: Engine = "duckdb",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Make a workspace: a folder that holds a shop's settings, data and segments.

    Currency and time zone are fixed once data is loaded.

    Example:
      segmentry init shop --currency UAH --timezone Europe/Kyiv
    """
    from segmentry.workspace.workspace import Workspace

    chosen = directory or folder
    with Workspace.create(
        chosen, currency=currency, timezone=timezone, language=language, unit=unit, engine=engine
    ) as workspace:
        settings = workspace.settings
    document = {
        "workspace": str(chosen),
        "name": settings.name,
        "currency": settings.currency,
        "timezone": settings.timezone,
        "language": settings.language,
        "unit": settings.unit.value,
        "engine": settings.engine,
    }
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    screen.print(
        Text.assemble(
            ("Made the workspace ", ""),
            (clean(document["workspace"]), "bold"),
            f" (currency {document['currency']}, time zone {document['timezone']}).",
        )
    )
    screen.print(
        Text.assemble(
            ("Next: ", "dim"), f"segmentry load FILE -w {shlex.quote(document['workspace'])}"
        ),
        soft_wrap=True,
    )
