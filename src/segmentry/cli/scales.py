"""`segmentry scales …`: survey scales, scored and checked."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import scales as answers
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, AsOf, Folder, Json
from segmentry.cli.output import clean, emit, footer, row, show, table
from segmentry.cli.session import opened

HELP = """Score the items of a survey together, and see whether they belong together.

Examples:
  segmentry scales add sociability.yaml -w shop
  segmentry scales show sociability -w shop
"""
Name = Annotated[str, typer.Argument(metavar="NAME", help="Name of the scale.")]


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the scales with their items and the features they give.

    Example:
      segmentry scales list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw_list)


def add(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML file with the scale.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep a scale that a file declares; its scores are features at once.

    Example:
      segmentry scales add sociability.yaml -w shop
    """
    from segmentry.workspace.scales import read_scale

    with opened(folder) as workspace:
        document = answers.add(workspace, read_scale(file))
    emit(document, as_json=as_json, draw=_draw_added)


def show_(name: Name, as_of: AsOf = None, folder: Folder = HERE, as_json: Json = False) -> None:
    """Show how reliable a scale is, item by item, and who did not answer.

    Alpha near 1 says that the items move together; an item to be turned moves against the rest.

    Example:
      segmentry scales show sociability -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, instant_of(workspace, as_of))
    emit(document, as_json=as_json, draw=_draw_reliability)


def remove(name: Name, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a scale out of use; its versions are kept.

    Example:
      segmentry scales remove sociability -w shop
    """
    with opened(folder) as workspace:
        workspace.scales.remove(name)
    emit({"name": name, "removed": True}, as_json=as_json, draw=_draw_removed)


def _draw_list(screen: Console, document: Document) -> None:
    if not document["scales"]:
        screen.print("No scales yet.")
        return
    drawn = table("Scale", ">Items", "From", "Features")
    for each in document["scales"]:
        named = Text(clean(each["name"]), "bold")
        row(drawn, named, len(each["items"]), each["source"], ", ".join(each["features"]))
    show(screen, drawn)


def _draw_added(screen: Console, document: Document) -> None:
    screen.print(f"Scale `{clean(document['name'])}`: {', '.join(document['features'])}.")


def _draw_removed(screen: Console, document: Document) -> None:
    screen.print(f"Scale `{clean(document['name'])}` is out of use; its versions are kept.")


def _draw_reliability(screen: Console, document: Document) -> None:
    items = table("Item", ">Answered", ">Mean", ">With the rest", ">Alpha without", "")
    for each in document["reliability"]:
        numbers = (_number(each[part]) for part in ("mean", "rest_correlation", "alpha_without"))
        advice = Text("turn it round?", "yellow") if each["turn"] else Text("")
        row(items, clean(each["item"]), f"{each['answered_share']:.0%}", *numbers, advice)
    heading = f"Cronbach's alpha {_number(document['alpha'])}, {document['complete']:,} complete"
    show(screen, Text(heading, "bold"), items)
    screen.print(f"\nNot answered at all: {document['non_response_rate']:.1%}")
    for each in document["differences"]:
        mark = Text(" (others than those who answered)" if each["notable"] else "", "yellow")
        line = f"{each['feature']}: {_number(each['answered'])} of those who answered, "
        screen.print(Text(line + f"{_number(each['not_answered'])} of those who did not") + mark)
    screen.print(footer(document))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


scales = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "add": add, "show": show_, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(scales, command_name, command)
