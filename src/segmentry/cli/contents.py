"""`segmentry contents …`: what a site or a letter shows to members of which segment."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import contents as answers
from segmentry.answers.plain import Document
from segmentry.cli.guide import add as add_command
from segmentry.cli.guide import guide
from segmentry.cli.option import HERE, Folder, Json
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened
from segmentry.core.errors import InputError

HELP = """What a place of a site or a letter shows to members of which segment.

A site asks the server at /api/v1/customers/ID/contents/PLACE; the first variant that fits is shown.

Examples:
  segmentry contents save hero hero.json -w shop
  segmentry contents show hero -w shop
"""
Place = Annotated[str, typer.Argument(metavar="PLACE", help="Name of the place.")]


def list_(folder: Folder = HERE, as_json: Json = False) -> None:
    """List the places and the segments they have variants for.

    Example:
      segmentry contents list -w shop
    """
    with opened(folder) as workspace:
        document = answers.every(workspace)
    emit(document, as_json=as_json, draw=_draw_all)


def show_(place: Place, folder: Folder = HERE, as_json: Json = False) -> None:
    """Show what a place shows to whom.

    Example:
      segmentry contents show hero -w shop
    """
    with opened(folder) as workspace:
        document = answers.one(workspace.contents.named(place))
    emit(document, as_json=as_json, draw=_draw)


def save(
    place: Place,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help='JSON: {"variants": [{"segment": "vip", "show": {…}}], "otherwise": {…}}.',
        ),
    ],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Keep what a place shows to whom, from a file of JSON or YAML; a change is a new version.

    Example:
      segmentry contents save hero hero.json -w shop
    """
    from segmentry.segments.content import Content
    from segmentry.workspace.declarations import CONTENT, KINDS
    from segmentry.workspace.definition_text import read

    content, _ = read(KINDS[CONTENT], place, file.name, _read(file))
    assert isinstance(content, Content)
    with opened(folder) as workspace:
        document = answers.one(workspace.contents.save(content))
    emit(document, as_json=as_json, draw=_draw)


def remove(place: Place, folder: Folder = HERE, as_json: Json = False) -> None:
    """Take a place out of use; its versions are kept.

    Example:
      segmentry contents remove hero -w shop
    """
    with opened(folder) as workspace:
        workspace.contents.remove(place)
    emit({"name": place, "removed": True}, as_json=as_json, draw=_gone)


def _read(file: Path) -> str:
    """The text of a file.

    Raises:
        InputError: There is no such file, or it is no text.
    """
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InputError(f"{file} cannot be read.", fix="Name a JSON or YAML file.") from error


def _draw_all(screen: Console, document: Document) -> None:
    if not document["contents"]:
        show(screen, Text("No place has content yet: segmentry contents save PLACE FILE"))
        return
    drawn = table("place", "segments")
    for each in document["contents"]:
        named = ", ".join(clean(variant["segment"]) for variant in each["variants"])
        row(drawn, clean(each["name"]), named)
    show(screen, drawn)


def _draw(screen: Console, document: Document) -> None:
    drawn = table("members of", "see", title=clean(document["name"]))
    for each in document["variants"]:
        row(drawn, clean(each["segment"]), _written(each["show"]))
    row(drawn, Text("everyone else", style="dim"), _written(document["otherwise"]))
    show(screen, drawn)


def _written(shown: Any) -> str:
    return clean(json.dumps(shown, ensure_ascii=False))


def _gone(screen: Console, document: Document) -> None:
    show(screen, Text(f"{clean(document['name'])} is out of use."))


contents = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "list": list_, "show": show_, "save": save, "remove": remove,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add_command(contents, command_name, command)
