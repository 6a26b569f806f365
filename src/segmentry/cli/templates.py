"""`segmentry templates …`: the usual segments, ready to use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import templates as answers
from segmentry.answers.plain import Document
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, counted, emit, row, show, table
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

HELP = """The usual segments with parameters: lapsing regulars, cart abandoners, birthday soon …

Examples:
  segmentry templates list -w shop
  segmentry templates show one_and_done --set days=90 -w shop
  segmentry templates use one_and_done --set days=90 --as quiet -w shop
"""
TemplateName = Annotated[str, typer.Argument(metavar="NAME", help="Name of the template.")]
Chosen = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="NAME=VALUE", help="Set a parameter; may be repeated."),
]


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the templates, and what the data lack for those that cannot be used.

    Example:
      segmentry templates list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw_all)


def template_show(
    name: TemplateName, chosen: Chosen = None, folder: Folder = HERE, as_json: Json = False
) -> None:
    """Show a template: its rule, its parameters, and why they are what they are.

    Example:
      segmentry templates show one_and_done -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace, name, _set(chosen))
    emit(document, as_json=as_json, draw=_draw)


def use(
    name: TemplateName,
    chosen: Chosen = None,
    to: Annotated[
        str,
        typer.Option("--as", metavar="SEGMENT", help="Name of the segment.", show_default="NAME"),
    ] = "",
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Save a segment made from a template.

    Example:
      segmentry templates use one_and_done --set days=90 --as quiet -w shop
    """
    with opened(folder) as workspace:
        document = answers.use(workspace, name, to, _set(chosen))
    emit(document, as_json=as_json, draw=_draw_used)


def _set(chosen: list[str] | None) -> dict[str, str]:
    found = {}
    for each in chosen or []:
        name, sign, value = each.partition("=")
        if not sign:
            raise UsageError(f"`{each}` sets nothing.", fix="Write --set days=90.")
        found[name.strip()] = value.strip()
    return found


def _draw_all(screen: Console, document: Document) -> None:
    drawn = table("Template", "What it is", "Parameters")
    for each in document["templates"]:
        style = "" if each["available"] else "dim"
        about = each["about"] if each["available"] else each["lacking"]
        given = ", ".join(f"{name}={value}" for name, value in each["parameters"].items())
        row(drawn, Text(each["name"], f"bold {style}".strip()), Text(clean(about), style), given)
    show(screen, drawn)
    ready = sum(each["available"] for each in document["templates"])
    screen.print(Text(f"\n{ready} of {len(document['templates'])} fit the data.", "dim"))


def _draw(screen: Console, document: Document) -> None:
    head = Text.assemble((document["name"], "bold"), f"  {document['label']}")
    show(screen, head, document["about"], Text(document["rule"], style="cyan"))
    for name, value in document["parameters"].items():
        screen.print(Text.assemble((f"--set {name}=", "dim"), clean(value)))
    screen.print(Text(clean(document["why"]), style="dim"))
    if document["lacking"]:
        screen.print(Text(clean(document["lacking"]), style="yellow"))


def _draw_used(screen: Console, document: Document) -> None:
    size = counted(document["customers"], "customer")
    screen.print(Text.assemble("Saved ", (document["name"], "bold"), f": {size}."))
    screen.print(Text(clean(document["sentence"]), style="italic"))


templates = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"list": list_, "show": template_show, "use": use}
for command_name, command in COMMANDS.items():
    add(templates, command_name, command)
