"""`segmentry erase` and `segmentry erasures`: people are forgotten for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import erasure as answers
from segmentry.answers.plain import Document
from segmentry.cli.asking import may_ask
from segmentry.cli.door import DeclinedError
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, console, counted, emit, listed, row, show, table
from segmentry.cli.progress import watched
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

WORD = "erase"
SHOWN_HASHES = 50
"""For how many the log says who they were, as hashes that only this workspace can make."""


def erase(  # noqa: PLR0913, PLR0917 - one for each option
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID…", help="Ids of customers.")
    ] = None,
    file: Annotated[
        str | None, typer.Option(metavar="FILE", help="A file with their ids.", show_default="none")
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Where they stand in the file.", show_default="found"),
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept, so without names.")] = "",
    again: Annotated[
        bool,
        typer.Option(
            "--again", metavar="", help="Whom an older copy of the warehouse brought back."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", metavar="", help="Only show what would go.")
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", metavar="", help="Do it without asking.")
    ] = False,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Forget customers for good: everything about them, in every store of the workspace.

    Their facts, features, memberships, lists, rejected records and files that were sent go; what
    of them is loaded later is refused and counted. Keyed hashes of their ids stay for that. Numbers
    of the past about many stay. Refresh afterwards.

    Examples:
      segmentry erase 17850 --reason "asked on 3 May" -w shop
      segmentry erase --file ids.csv --dry-run -w shop
      segmentry erase --again -w shop
    """
    with opened(folder) as workspace:
        if again:
            with watched("Erasing", quiet=as_json) as progress:
                document = answers.done(workspace, workspace.erasure.again(progress))
            emit(document, as_json=as_json, draw=_draw_done)
            return
        wanted = [*(ids or []), *(workspace.erasure.ids_in(file, column) if file else [])]
        found = answers.preview(workspace, wanted)
        if dry_run:
            emit(found, as_json=as_json, draw=_draw_preview)
            return
        _confirm(found, sure=yes)
        with watched("Erasing", quiet=as_json) as progress:
            done = workspace.erasure.erase(wanted, by="shell", reason=reason, progress=progress)
        document = answers.done(workspace, done)
        _note(workspace, wanted, document)
    emit(document, as_json=as_json, draw=_draw_done)


def erasures(folder: Folder = HERE, as_json: Json = False) -> None:
    """List what was erased: when, by whom, how many and why; nothing in it names anybody.

    Example:
      segmentry erasures -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw_list)


def _confirm(found: Document, *, sure: bool) -> None:
    """Go on only if a person typed the word.

    Raises:
        UsageError: Nobody is there to be asked.
        DeclinedError: They did not.
    """
    if sure:
        return
    if not may_ask():
        raise UsageError("nobody is there to confirm this.", fix="Say --yes, or --dry-run first.")
    screen = console(stderr=True)
    _draw_preview(screen, found)
    screen.print(f"\nThis cannot be taken back. Type {WORD} to go on: ", end="")
    if input().strip() != WORD:
        raise DeclinedError("nothing was erased.", fix="`--dry-run` shows what would go.")


def _note(workspace: Workspace, ids: list[str], document: Document) -> None:
    access = workspace.access
    hashes = [access.named("customer_id", each, done=True) for each in ids[:SHOWN_HASHES]]
    told = {"erasure": document["erasures"][-1]["id"], "customers": hashes}
    access.audit.note("shell", "erasures_erase", told, customers=len(ids))


def _draw_preview(screen: Console, document: Document) -> None:
    screen.print(Text(f"To be forgotten: {counted(document['asked'], 'id')}", style="bold"))
    if document["same"]:
        screen.print(f"The same people under other ids: {listed(document['same'])}")
    if document["unknown"]:
        screen.print(f"Nobody has these ids: {listed(document['unknown'])}")
    if document["tables"]:
        drawn = table("Table", ">Rows")
        for each in document["tables"]:
            row(drawn, each["table"], f"{each['rows']:,}")
        show(screen, drawn)
    if document["elsewhere"]:
        files = listed([clean(each) for each in document["elsewhere"]])
        screen.print(
            Text(f"Files that name them and are not ours, so they stay: {files}", "yellow")
        )


def _draw_done(screen: Console, document: Document) -> None:
    count = sum(each["ids_count"] for each in document["erasures"])
    if not count:
        screen.print("Nobody had to be forgotten.")
        return
    screen.print(f"Forgotten: {counted(count, 'id')}. Compute everything anew: segmentry refresh")


def _draw_list(screen: Console, document: Document) -> None:
    if not document["erasures"]:
        screen.print("Nobody was erased.")
        return
    drawn = table("When (UTC)", "Who", ">Ids", "Why")
    for each in document["erasures"]:
        when = each["at"][:16].replace("T", " ")
        row(drawn, when, each["name"] or each["who"], f"{each['ids_count']:,}", each["reason"])
    show(screen, drawn)


__all__ = ["erase", "erasures"]
