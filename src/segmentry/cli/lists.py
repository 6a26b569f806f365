"""`segmentry lists …`: customers by name, from a file or frozen from a segment."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import lists as answers
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import below, clean, counted, emit, row, show, table
from segmentry.cli.session import opened

HELP = """Lists of customers: from a file, or frozen from a segment.

A rule asks for one with in_list('wholesale'). What matches no customer is kept and shown.

Examples:
  segmentry lists add wholesale wholesale.csv -w shop
  segmentry lists snapshot spring_mailing --segment lapsing -w shop
  segmentry segments preview "in_list('wholesale') AND recency_days > 60" -w shop
"""
Named = Literal["id", "email", "phone"]
ListName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the list.")]


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the lists with their sizes.

    Example:
      segmentry lists list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw_all)


def add(  # noqa: PLR0913, PLR0917 - options
    name: ListName,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Any file that `load` can read.")],
    by: Annotated[Named, typer.Option(help="What names the customers.")] = "id",
    column: Annotated[
        str | None,
        typer.Option(metavar="COLUMN", help="Column of the file.", show_default="by its name"),
    ] = None,
    label: Annotated[str, typer.Option(help="What people call it.")] = "",
    since: Annotated[
        str | None,
        typer.Option(
            metavar="DAY", help="It counts as of this day and later.", show_default="always"
        ),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Make a list from a file; one customer a record.

    Ids are compared without spaces around them, e-mails without case too, phones by their digits.

    Examples:
      segmentry lists add wholesale wholesale.csv -w shop
      segmentry lists add subscribers mails.txt --by email --since 2024-01-01 -w shop
    """
    from segmentry.data.lists import By

    with opened(folder) as workspace:
        workspace.lists.add(name, file, by=By(by), column=column, label=label, since=since)
        document = answers.one(workspace, name)
    emit(document, as_json=as_json, draw=_draw)


def snapshot(
    name: ListName,
    segment: Annotated[str, typer.Option(metavar="SEGMENT", help="Whose members to freeze.")],
    as_of: AsOf = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Freeze who is in a segment as of an instant; the list counts from then on.

    Example:
      segmentry lists snapshot spring_mailing --segment lapsing -w shop
    """
    with opened(folder) as workspace:
        workspace.lists.snapshot(name, segment, as_of)
        document = answers.one(workspace, name)
    emit(document, as_json=as_json, draw=_draw)


def list_show(name: ListName, folder: Folder = HERE, as_json: Json = False) -> None:
    """Show who is on a list, and what matched no customer.

    Example:
      segmentry lists show wholesale -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name)
    emit(document, as_json=as_json, draw=_draw)


def remove(name: ListName, folder: Folder = HERE, as_json: Json = False) -> None:
    """Remove a list; refused while a segment or feature uses it.

    Example:
      segmentry lists remove wholesale -w shop
    """
    with opened(folder) as workspace:
        workspace.lists.remove(name)
    document: Document = {"name": name, "removed": True}
    emit(document, as_json=as_json, draw=lambda screen, _: screen.print(f"Removed {name}."))


def _draw_all(screen: Console, document: Document) -> None:
    if not document["lists"]:
        screen.print("No lists yet. Make one: segmentry lists add NAME FILE")
        return
    drawn = table("List", ">Members", ">Not matched", "From", "Made")
    for each in document["lists"]:
        row(
            drawn,
            Text(each["name"], style="bold"),
            f"{each['members']:,}",
            Text(f"{each['unmatched']:,}", style="yellow" if each["unmatched"] else "dim"),
            each["origin"],
            Text(each["made_at"][:10], style="dim"),
        )
    show(screen, drawn)


MOST_SHOWN = 20


def _draw(screen: Console, document: Document) -> None:
    head = Text.assemble((clean(document["name"]), "bold"), f"  from {clean(document['origin'])}")
    show(screen, head, Text(f"{counted(document['members'], 'member')}."))
    for title, names in (
        ("On it", [each["customer_id"] for each in document["entries"]]),
        ("Matched no customer", document["not_matched"]),
    ):
        if names:
            more = f" and {len(names) - MOST_SHOWN} more" if len(names) > MOST_SHOWN else ""
            shown = ", ".join(clean(each) for each in names[:MOST_SHOWN])
            below(screen, Text.assemble((f"{title}: ", "dim"), shown, more))


lists = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "add": add, "snapshot": snapshot, "show": list_show, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(lists, command_name, command)
