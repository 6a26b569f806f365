"""`segmentry sensitive …`: special categories of personal data, locked until decided."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import sensitive as answers
from segmentry.answers.plain import Document
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened

HELP = """List, unlock and lock what is about opinions, beliefs, health and the like.

Such columns, survey questions and events are recognised by name and by values, in five languages,
and locked: no rule, feature, report or export can read them until somebody says for what and why.

Examples:
  segmentry sensitive list -w shop
  segmentry sensitive unlock religion --purpose mailing --reason "explicit consent" -w shop
"""
Name = Annotated[
    str, typer.Argument(metavar="NAME", help="A column, orders.column, a question or an event.")
]
Reason = Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept.")]


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the sensitive fields, whether each is locked, and every decision.

    Example:
      segmentry sensitive list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw)


def unlock(
    name: Name,
    reason: Reason,
    purpose: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What it is used for.")
    ] = None,
    consent: Annotated[
        str | None,
        typer.Option(metavar="PURPOSE", help="Only of customers who consented to this purpose."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], metavar="DAY", help="Last day; then it locks itself."),
    ] = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Let a sensitive field be used, for a purpose and with a reason that is kept.

    With --consent it is missing for every customer whose latest consent to that purpose is not yes.

    Examples:
      segmentry sensitive unlock religion --purpose mailing --reason asked --until 2030-12-31
      segmentry sensitive unlock religion --consent mailing --reason "explicit consent"
    """
    with opened(folder) as workspace:
        last = until.date() if until else None
        workspace.sensitive.unlock(
            name, purpose=purpose or "", reason=reason, until=last, consent=consent or ""
        )
        document = answers.decided(workspace, name)
    emit(document, as_json=as_json, draw=_draw_decided)


def lock(name: Name, reason: Reason, folder: Folder = HERE, as_json: Json = False) -> None:
    """Lock a field again, at once.

    Example:
      segmentry sensitive lock religion --reason "the mailing is over" -w shop
    """
    with opened(folder) as workspace:
        workspace.sensitive.lock(name, reason=reason)
        document = answers.decided(workspace, name)
    emit(document, as_json=as_json, draw=_draw_decided)


def mark(name: Name, reason: Reason, folder: Folder = HERE, as_json: Json = False) -> None:
    """Treat a field as sensitive although it was not recognised.

    Example:
      segmentry sensitive mark city --reason "one village, one faith" -w shop
    """
    with opened(folder) as workspace:
        workspace.sensitive.mark(name, reason=reason)
        document = answers.decided(workspace, name)
    emit(document, as_json=as_json, draw=_draw_decided)


def clear(name: Name, reason: Reason, folder: Folder = HERE, as_json: Json = False) -> None:
    """Say that a field is not sensitive although it was recognised.

    Example:
      segmentry sensitive clear weight --reason "the weight of the parcel" -w shop
    """
    with opened(folder) as workspace:
        workspace.sensitive.clear(name, reason=reason)
        document = answers.decided(workspace, name)
    emit(document, as_json=as_json, draw=_draw_decided)


def _draw_decided(screen: Console, document: Document) -> None:
    state = "locked" if document["locked"] else "open"
    screen.print(f"`{clean(document['name'])}` is {state} now; the decision is kept.")


def _draw(screen: Console, document: Document) -> None:
    if not document["fields"]:
        screen.print("Nothing that is loaded looks like a special category of personal data.")
    else:
        fields = table("Field", "About", "Recognised by", "State")
        for each in document["fields"]:
            open_to = f"with consent to {clean(each['consent'])}" if each["consent"] else "unlocked"
            state = Text("locked", "red") if each["locked"] else Text(open_to, "yellow")
            row(
                fields,
                Text(clean(each["name"]), "bold"),
                each["about"],
                each["recognised_by"],
                state,
            )
        show(screen, fields)
    if document["decisions"]:
        past = table("When", "Field", "Decision", "Purpose", "Reason", "Until")
        for each in document["decisions"]:
            when = each["at"][:16].replace("T", " ")
            cells = (each[part] or "" for part in ("field", "action", "purpose", "reason", "until"))
            row(past, when, *cells)
        screen.print()
        show(screen, past)


sensitive = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "unlock": unlock, "lock": lock, "mark": mark, "clear": clear,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add(sensitive, command_name, command)
