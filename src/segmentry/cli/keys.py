"""`segmentry keys …`: keys by which programs ask `segmentry serve`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import access as answers
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened

HELP = """Keys by which programs ask `segmentry serve`, each for some things and, if wished, a time.

A key is shown once, when it is made; only a hash of it is kept. It works while `serve` runs.

Examples:
  segmentry keys add till --scope live -w shop
  segmentry keys add nightly --scope load --scope run --days 365 -w shop
  segmentry keys list -w shop
"""


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the keys, those that were revoked too.

    Example:
      segmentry keys list -w shop
    """
    with opened(folder) as workspace:
        document = answers.keys(workspace.access)
    emit(document, as_json=as_json, draw=_draw)


def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What it is for.")],
    scope: Annotated[
        list[str],
        typer.Option(
            metavar="SCOPE",
            help="What it may do: read, personal, define, live, load, run, export, or manage, "
            "which is everything. Give it again for more.",
        ),
    ],
    days: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Good for so many days.", show_default="for ever"),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Make a key; it is shown this once.

    Examples:
      segmentry keys add till --scope live -w shop
      segmentry keys add nightly --scope load --scope run --days 365 -w shop
    """
    with opened(folder) as workspace:
        access = workspace.access
        document = answers.added_key(access, name, scope, days)
        access.audit.note("shell", "keys_add", {"id": document["id"]})
    emit(document, as_json=as_json, draw=_draw_new)


def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="As `keys list` shows it.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Let a key open nothing any more, at once.

    Example:
      segmentry keys revoke kzwmtqhbnf -w shop
    """
    with opened(folder) as workspace:
        access = workspace.access
        found = access.keys.revoke(key)
        access.audit.note("shell", "keys_revoke", {"id": found.id})
    emit(
        answers.key(found), as_json=as_json, draw=lambda screen, one: _draw(screen, {"keys": [one]})
    )


def _draw_new(screen: Console, document: Document) -> None:
    screen.print(Text("The key, shown this once:"))
    screen.print(Text(document["secret"], style="bold"), soft_wrap=True)


def _draw(screen: Console, document: Document) -> None:
    if not document["keys"]:
        screen.print("No keys yet. Make one: segmentry keys add NAME --scope read")
        return
    drawn = table("Id", "For", "May", "Used (UTC)", "State")
    for each in document["keys"]:
        until = f"until {each['expires_at'][:10]}" if each["expires_at"] else ""
        row(
            drawn,
            each["id"],
            Text(clean(each["name"]), style="bold"),
            ", ".join(each["scopes"]),
            (each["used_at"] or "never")[:16].replace("T", " "),
            Text("revoked", "yellow") if each["revoked_at"] else Text(until),
        )
    show(screen, drawn)


keys = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"list": list_, "add": add, "revoke": revoke}
for command_name, command in COMMANDS.items():
    add_command(keys, command_name, command)
