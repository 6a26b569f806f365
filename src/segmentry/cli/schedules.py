"""`segmentry schedules …`: what a server does by itself, and when."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import schedules as answers
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, Folder, Json, Language
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.progress import watched
from segmentry.cli.refresh import draw_refresh
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.workspace.schedule import Schedule

HELP = """When `segmentry serve` refreshes by itself, on the wall clock of the workspace.

Examples:
  segmentry schedules save nightly "0 5 * * *" -w shop
  segmentry schedules pause nightly -w shop
"""
ScheduleName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the schedule.")]


def list_(language: Language = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """List the schedules, each in words and with its next times.

    Example:
      segmentry schedules list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace, workspace.clock(), language)
    emit(document, as_json=as_json, draw=_draw)


def save(
    name: ScheduleName,
    cron: Annotated[
        str, typer.Argument(metavar="CRON", help="Minute, hour, day of month, month, weekday.")
    ],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Refresh at these times, from the next one on.

    Examples:
      segmentry schedules save nightly "0 5 * * *" -w shop
      segmentry schedules save mondays "30 6 * * mon" -w shop
    """
    from pydantic import ValidationError

    from segmentry.core.errors import UsageError
    from segmentry.workspace.schedule import Schedule

    try:
        schedule = Schedule(name=name, cron=cron)
    except ValidationError as error:
        wrong = error.errors()[0]
        fix = "A name has small letters, digits and _; a time is like `0 5 * * *`."
        raise UsageError(f"`{wrong['loc'][0]}`: {wrong['msg']}.", fix=fix) from error
    _save(schedule, folder, as_json=as_json)


def run(name: ScheduleName, folder: Folder = HERE, as_json: Json = False) -> None:
    """Refresh now as this schedule does, without waiting for its time, even if it is paused.

    Example:
      segmentry schedules run nightly -w shop
    """
    with (
        opened(folder) as workspace,
        watched("Refreshing", quiet=as_json, share_done=workspace.share_done) as progress,
    ):
        document = answers.run(workspace, name, progress)
        if as_json:
            document["result_hash"] = workspace.result_hash(workspace.as_of())
    emit(document, as_json=as_json, draw=draw_refresh)


def pause(name: ScheduleName, folder: Folder = HERE, as_json: Json = False) -> None:
    """Leave a schedule out until it is taken up again.

    Example:
      segmentry schedules pause nightly -w shop
    """
    _turn(name, folder, paused=True, as_json=as_json)


def resume(name: ScheduleName, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a paused schedule up again, from its next time on.

    Example:
      segmentry schedules resume nightly -w shop
    """
    _turn(name, folder, paused=False, as_json=as_json)


def remove(name: ScheduleName, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a schedule out of use.

    Example:
      segmentry schedules remove nightly -w shop
    """
    with opened(folder) as workspace:
        workspace.schedules.remove(name)
    emit({"name": name, "removed": True}, as_json=as_json, draw=_gone)


def _turn(name: str, folder: Folder, *, paused: bool, as_json: bool) -> None:
    with opened(folder) as workspace:
        schedule = workspace.schedules.named(name).model_copy(update={"paused": paused})
    _save(schedule, folder, as_json=as_json)


def _save(schedule: Schedule, folder: Folder, *, as_json: bool) -> None:
    with opened(folder) as workspace:
        workspace.schedules.save(schedule)
        document = answers.one(workspace, schedule, workspace.clock())
    emit(document, as_json=as_json, draw=_draw_one)


def _draw_one(screen: Console, document: Document) -> None:
    _draw(screen, {"schedules": [document]})


def _draw(screen: Console, document: Document) -> None:
    if not document["schedules"]:
        text = 'Nothing is done by itself: segmentry schedules save nightly "0 5 * * *"'
        show(screen, Text(text))
        return
    drawn = table("schedule", "when", "cron", "next")
    for each in document["schedules"]:
        coming = Text("paused", style="yellow") if each["paused"] else each["next_at"]
        row(drawn, clean(each["name"]), each["spoken"], each["cron"], coming)
    show(screen, drawn)


def _gone(screen: Console, document: Document) -> None:
    show(screen, Text(f"{clean(document['name'])} is out of use."))


schedules = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "save": save, "run": run, "pause": pause, "resume": resume, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(schedules, command_name, command)
