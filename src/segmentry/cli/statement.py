"""`segmentry segments sql`: a segment as SQL of an engine."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import statement as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import clean, emit
from segmentry.cli.session import opened

NOT_EXECUTED = "-- For reading: Segmentry does not execute {dialect}; try it before use.\n"


def sql(
    which: Annotated[
        str, typer.Argument(metavar="NAME", help="A saved segment, a group (rfm/VIP) or a rule.")
    ],
    dialect: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="duckdb, postgresql or spark; for reading only: bigquery, clickhouse, snowflake.",
        ),
    ] = "duckdb",
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show the SQL that gives a segment's members, from the facts alone.

    Examples:
      segmentry segments sql rfm/VIP -w shop
      segmentry segments sql lapsing --dialect bigquery -w shop
    """
    with opened(folder) as workspace:
        document = answers.statement(workspace, which, dialect, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    if not document["executed"]:
        screen.print(Text(NOT_EXECUTED.format(dialect=document["dialect"])), end="", soft_wrap=True)
    screen.print(Text(clean(document["sql"])), soft_wrap=True)
