"""`segmentry people …`: who may sign in to `segmentry serve`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Annotated, Literal

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
from segmentry.core.errors import UsageError

HELP = """People who may sign in to `segmentry serve`, and what each may do.

A viewer sees numbers but no customers; an analyst defines, loads, refreshes and exports too; a
marketer sees customers, but loads nothing; an admin may do all. It works while `serve` runs.

Examples:
  segmentry people add "Olena Koval" --role admin -w shop
  segmentry people list -w shop
  segmentry people disable "Olena Koval" -w shop
"""
Name = Annotated[str, typer.Argument(metavar="NAME", help="What they sign in with, in any case.")]
Role = Literal["viewer", "analyst", "marketer", "admin"]


def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = "viewer",
    email: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Where to write.")] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Let somebody sign in. The password is asked for, or read from standard input.

    Examples:
      segmentry people add "Olena Koval" --role admin -w shop
      segmentry people add robot < password.txt -w shop
    """
    with opened(folder) as workspace:
        access = workspace.access
        found = access.people.add(name, role, asked_password(), email)
        access.audit.note("shell", "people_add", {"number": found.id})
    emit(answers.person(found), as_json=as_json, draw=_draw_one)


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List who may sign in.

    Example:
      segmentry people list -w shop
    """
    with opened(folder) as workspace:
        document = answers.people(workspace.access)
    emit(document, as_json=as_json, draw=_draw)


def disable(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Let somebody in no more; all their sessions end at once.

    Example:
      segmentry people disable "Olena Koval" -w shop
    """
    _change(name, folder, as_json, disabled=True)


def enable(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Let somebody in again.

    Example:
      segmentry people enable "Olena Koval" -w shop
    """
    _change(name, folder, as_json, disabled=False)


def role(
    name: Name,
    to: Annotated[Role, typer.Argument(metavar="ROLE", help="What they may do from now on.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Give somebody another role; all their sessions end.

    Example:
      segmentry people role "Olena Koval" analyst -w shop
    """
    _change(name, folder, as_json, role=to)


def password(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Give somebody another password, asked for or read from standard input.

    All their sessions end.

    Example:
      segmentry people password "Olena Koval" -w shop
    """
    _change(name, folder, as_json, password=asked_password())


def remove(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Forget somebody; the log keeps their number, not their name.

    Example:
      segmentry people remove "Olena Koval" -w shop
    """
    with opened(folder) as workspace:
        access = workspace.access
        number = access.people.named(name).id
        access.people.remove(number)
        access.audit.note("shell", "people_remove", {"number": number})
    document: Document = {"id": number, "removed": True}
    emit(document, as_json=as_json, draw=lambda screen, _: screen.print(f"Removed {clean(name)}."))


def asked_password() -> str:
    """A password that a person types twice, or a line of standard input; never an argument.

    Raises:
        UsageError: There is none.
    """
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise UsageError(
            "no password was given.", fix="Type it when asked, or send it on standard input."
        )
    return given


def _change(name: str, folder: Folder, as_json: bool, **change: str | bool) -> None:
    with opened(folder) as workspace:
        access = workspace.access
        found = access.people.change(access.people.named(name).id, **change)  # type: ignore[arg-type]
        access.audit.note("shell", "people_change", {"number": found.id})
    emit(answers.person(found), as_json=as_json, draw=_draw_one)


def _draw_one(screen: Console, document: Document) -> None:
    _draw(screen, {"people": [document]})


def _draw(screen: Console, document: Document) -> None:
    if not document["people"]:
        screen.print("Nobody may sign in yet. Add somebody: segmentry people add NAME --role admin")
        return
    drawn = table("Name", "Role", "E-mail", "Signed in (UTC)", "State")
    for each in document["people"]:
        row(
            drawn,
            Text(clean(each["name"]), style="bold"),
            each["role"],
            each["email"] or "",
            (each["signed_in_at"] or "never")[:16].replace("T", " "),
            Text("disabled", "yellow") if each["disabled"] else Text(""),
        )
    show(screen, drawn)


people = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "add": add, "role": role, "password": password,
    "disable": disable, "enable": enable, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(people, command_name, command)
