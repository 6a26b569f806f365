"""`segmentry plan`, `apply` and `export definitions`: a workspace's declarations as text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import definitions as answers
from segmentry.answers.plain import Document
from segmentry.cli.asking import agrees, may_ask
from segmentry.cli.door import DeclinedError
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import (
    below,
    clean,
    console,
    counted,
    emit,
    listed,
    row,
    show,
    table,
    writer,
)
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

Directory = Annotated[
    Path | None,
    typer.Argument(
        metavar="DIR",
        help="Folder of the definitions.",
        show_default="`definitions` in the workspace",
    ),
]
Prune = Annotated[
    bool, typer.Option("--prune", metavar="", help="Remove what has no file in the folder.")
]
ACTIONS = {"new": ("+", "green"), "changed": ("~", "yellow"), "removed": ("-", "red")}
MOST_GROUP_MOVES = 5


def plan(
    directory: Directory = None,
    prune: Prune = False,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show what bringing definitions in would do: what is new or changed, and whom it moves.

    Everything that is wrong is said at once, with file and line; then the exit code is 2.

    Examples:
      segmentry plan -w shop
      segmentry plan definitions --prune -w shop
    """
    with opened(folder) as workspace:
        found = workspace.definitions.plan(directory, prune=prune, when=as_of)
        document, currency = answers.plan(workspace, found), workspace.settings.currency
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, currency))
    if found.problems:
        raise typer.Exit(2)


def apply(
    directory: Directory = None,
    prune: Prune = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", metavar="", help="Do it without asking.")
    ] = False,
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Bring definitions in: all of them, or nothing.

    Shows the plan and asks first; without a terminal, say --yes.

    Example:
      segmentry apply --yes -w shop
    """
    with opened(folder) as workspace:
        found = workspace.definitions.plan(directory, prune=prune, when=as_of)
        document, currency = answers.plan(workspace, found), workspace.settings.currency
        if found.changes and not found.problems and not yes:
            _ask(document, currency)
        workspace.definitions.carry_out(found)
        document |= {"applied": bool(found.changes)}
    emit(document, as_json=as_json, draw=lambda screen, _: _draw(screen, document, currency))


def definitions(directory: Directory = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Write every declaration as a text file of its own, for version control.

    The same declarations give the same bytes. `segmentry apply` brings them in again.

    Example:
      segmentry export definitions -w shop
    """
    with opened(folder) as workspace:
        found = workspace.definitions.export(directory)
        document = {
            "files": [str(each) for each in found.files],
            "others": [str(each) for each in found.others],
        }
    emit(document, as_json=as_json, draw=_draw_exported)


def _ask(document: Document, currency: str) -> None:
    if not may_ask():
        raise UsageError(
            "nobody is here to agree to the changes.",
            fix="Look at `segmentry plan`, then add --yes.",
        )
    screen = console(stderr=True)
    _draw(screen, document, currency)
    if not agrees(screen, "\nApply these changes? [Y/n] "):
        raise DeclinedError("nothing was changed.", fix="Change the files and plan again.")


# for people


def _draw(screen: Console, document: Document, currency: str) -> None:
    if document["problems"]:
        for each in document["problems"]:
            place = ":".join(str(each[part]) for part in ("file", "line", "column") if each[part])
            screen.print(Text.assemble((clean(place), "red"), f": {clean(each['message'])}"))
        wrong = counted(len(document["problems"]), "problem")
        below(screen, f"{wrong}; nothing can be applied.")
        return
    if not document["changes"]:
        screen.print("Nothing to change: the workspace is as the definitions say.")
    for each in document["changes"]:
        sign, style = ACTIONS[each["action"]]
        line = Text.assemble((f"{sign} {each['kind']} ", style), (clean(each["name"]), "bold"))
        if each["used_by"]:
            line.append(f"  used by {listed(each['used_by'])}", "dim")
        screen.print(line)
    _draw_moves(screen, document["moves"], currency)
    if document["left"]:
        names = listed([f"{each['kind']} {each['name']}" for each in document["left"]])
        below(screen, Text(f"Without a file, and left as they are: {names}.", "dim"))
    if document.get("applied"):
        below(screen, Text("Applied. Histories take it in at the next refresh.", "dim"))


def _draw_moves(screen: Console, moves: Document, currency: str) -> None:
    write = writer(currency)
    if moves["segments"]:
        drawn = table("Segment", ">Enter", ">Revenue", ">Leave", ">Revenue", ">Stay")
        for each in moves["segments"]:
            cells: list[object] = [Text(each["name"], style="bold")]
            for side in ("enter", "leave"):
                cells += [
                    write.count(each[side]["customers"]),
                    write.money(each[side]["revenue_amount"]),
                ]
            row(drawn, *cells, write.count(each["stay"]["customers"]))
        below(screen, drawn)
    for each in moves["groups"]:
        shown = each["moves"][:MOST_GROUP_MOVES]
        if not shown:
            continue
        drawn = table(each["name"], "becomes", ">Customers", ">Revenue")
        for move in shown:
            row(
                drawn,
                move["before"] or "no group",
                move["after"] or "no group",
                write.count(move["customers"]),
                write.money(move["revenue_amount"]),
            )
        below(screen, drawn)
        if hidden := len(each["moves"]) - len(shown):
            screen.print(Text(f"and {hidden} more moves; --json has all.", "dim"))


def _draw_exported(screen: Console, document: Document) -> None:
    show(screen, f"Wrote {counted(len(document['files']), 'file')}.")
    if document["others"]:
        names = listed([Path(each).name for each in document["others"]])
        screen.print(Text(f"Not of this workspace, and left there: {names}.", "yellow"))
