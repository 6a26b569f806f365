"""`segmentry audit`: what was done, by whom, and whether the log of it is whole."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import access as answers
from segmentry.answers.page import Page
from segmentry.answers.plain import Document
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, counted, emit, row, show, table
from segmentry.cli.session import opened
from segmentry.core.errors import CheckFailedError


def audit(
    limit: Annotated[
        int, typer.Option(min=1, max=1000, metavar="N", help="How many entries to show.")
    ] = 20,
    head: Annotated[
        str | None,
        typer.Option(
            metavar="HASH",
            help="The head as it was noted before: it has to be in the log still.",
            show_default="none",
        ),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show what was done over the API, and check that nobody changed the log.

    Each entry holds the hash of the one before. Note the head elsewhere, and give it later with
    --head: then entries that were cut off at the end show too.

    Examples:
      segmentry audit -w shop
      segmentry audit --limit 100 --json -w shop
    """
    with opened(folder) as workspace:
        access = workspace.access
        document = answers.chain(access) | answers.audit(access, Page(limit))
        gone = head is not None and not access.audit.has(head)
    if not document["whole"]:
        raise CheckFailedError(
            f"the log was changed: entry {document['broken_at']} is not as it was written.",
            fix="Compare it with a backup; what is before that entry is whole.",
            **document,
        )
    if gone:
        raise CheckFailedError(
            "the log was changed: the head that was noted is not in it.",
            fix="Compare it with a backup.",
            **document,
        )
    emit(document, as_json=as_json, draw=_draw)


def _draw(screen: Console, document: Document) -> None:
    if not document["entries_count"]:
        screen.print("Nothing was noted yet.")
        return
    drawn = table(">No", "When (UTC)", "Who", "What", "To", ">Customers", "Outcome")
    for each in document["entries"]:
        row(
            drawn,
            each["number"],
            each["at"][:19].replace("T", " "),
            Text(clean(each["name"] or each["who"]), style="bold"),
            each["what"],
            ", ".join(f"{part} {value}" for part, value in each["object"].items()),
            "" if each["customers"] is None else f"{each['customers']:,}",
            Text(each["outcome"], style="" if each["outcome"] == "done" else "yellow"),
        )
    count = counted(document["entries_count"], "entry").replace("entrys", "entries")
    show(screen, drawn, Text(f"The log is whole: {count}. Head: {document['head']}"))
