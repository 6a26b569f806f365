"""`segmentry profile`: what stands in each column of a file or of a loaded table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.plain import Document
from segmentry.answers.profile import profile as shaped
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, emit, fact, row, show, table, writer
from segmentry.cli.reading import reads, with_option
from segmentry.cli.session import opened
from segmentry.core.errors import InputError, UsageError

if TYPE_CHECKING:
    from segmentry.data.staged import ReadOptions

SHOWN = 3
"""Frequent values in the table; JSON has all that are known."""


@reads
def profile(
    source: Annotated[
        str | None, typer.Argument(metavar="[SOURCE]", help="A file, or the URL of a database.")
    ] = None,
    entity: Annotated[
        str | None,
        typer.Option(metavar="ENTITY", help="What is loaded instead: customers, orders …"),
    ] = None,
    *,
    options: ReadOptions,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show each column: type, fill, extremes, frequent values, forms, and what looks wrong.

    A file is read but not loaded. Values of personal columns are masked.

    Examples:
      segmentry profile export.csv -w shop
      segmentry profile --entity customers -w shop --json
    """
    if (source is None) == (entity is None):
        raise UsageError("name a file, or what is loaded.", fix="As in `profile orders.csv`.")
    with opened(folder) as workspace:
        try:
            found = (
                workspace.profiling.source(source, options)
                if source is not None
                else workspace.profiling.entity(entity or "")
            )
        except InputError as error:
            raise with_option(error) from None
    emit(shaped(found), as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    write = writer("")
    title = f"{clean(document['source'])} ({document['rows']:,} rows)"
    drawn = table("Column", "Type", ">Filled", ">Distinct", "Least", "Most", "Frequent")
    for each in document["columns"]:
        frequent = ", ".join(f"{v['value']} ({v['count']:,})" for v in each["frequent"][:SHOWN])
        row(
            drawn,
            each["name"],
            each["type"],
            write.share(each["filled_share"]),
            write.count(each["distinct"]),
            _short(each["least"]),
            _short(each["most"]),
            Text(clean(frequent), style="dim"),
        )
    show(screen, Text(title, style="bold"), drawn)
    for each in document["findings"]:
        where = f"{each['column']}: " if each["column"] else ""
        told = f"{where}{each['count']:,} {each['meaning']}"
        shown = f" ({', '.join(each['examples'])})" if each["examples"] else ""
        screen.print(Text.assemble(("! ", "yellow"), clean(told + shown)))
        screen.print(Text(f"  {each['check']}. {clean(each['fix'])}", style="dim"))


def _short(value: object) -> str:
    return "" if value is None else clean(fact("", value))[:20]
