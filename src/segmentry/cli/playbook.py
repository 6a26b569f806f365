"""`segmentry playbook …`: what is done for each group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.plain import Document
from segmentry.answers.playbooks import PARTS, playbooks
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, Folder, Json, Language
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened

HELP = """See and write what is done for each group: goal, offer, message, channel, what to avoid.

Examples:
  segmentry playbook show rfm VIP -w shop
  segmentry playbook set rfm VIP offer "A seat at the tasting" -w shop
"""
Segmentation = Annotated[str, typer.Argument(metavar="SEGMENTATION", help="A segmentation.")]
Group = Annotated[str, typer.Argument(metavar="GROUP", help="A group of it, as it is written.")]
Part = Literal["goal", "offer", "message", "channel", "avoid"]


def show_(
    segmentation: Segmentation,
    group: Annotated[str | None, typer.Argument(metavar="GROUP", help="Only this group.")] = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show the playbooks of a segmentation, or of one group.

    Groups that are made by values (countries, categories) share one, called `any`.

    Example:
      segmentry playbook show rfm VIP -w shop
    """
    with opened(folder) as workspace:
        document = playbooks(workspace, segmentation, group, language)
    emit(document, as_json=as_json, draw=_draw)


def set_(
    segmentation: Segmentation,
    group: Group,
    part: Annotated[Part, typer.Argument(metavar="PART", help="goal, offer, message …")],
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What it says.")],
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Write a part of a group's playbook (goal, offer, message, channel, avoid); the others stay.

    Example:
      segmentry playbook set rfm VIP offer "A seat at the tasting" -w shop
    """
    with opened(folder) as workspace:
        workspace.playbooks.set(segmentation, group, **{part: text})
    show_(segmentation, group, None, folder, as_json)


def reset(
    segmentation: Segmentation, group: Group, folder: Folder = HERE, as_json: Json = False
) -> None:
    """Go back to the playbook that comes with Segmentry; your versions are kept.

    Example:
      segmentry playbook reset rfm VIP -w shop
    """
    with opened(folder) as workspace:
        workspace.playbooks.reset(segmentation, group)
    show_(segmentation, None, None, folder, as_json)


def _draw(screen: Console, document: Document) -> None:
    drawn = []
    for each in document["playbooks"]:
        made = table(clean(each["label"]), "your own" if each["own"] else "")
        for part in PARTS:
            if each[part]:
                row(made, Text(part.capitalize(), style="dim"), each[part])
        if not made.row_count:
            row(made, "", "Nothing is written for it.")
        drawn.append(made)
    show(screen, *drawn)


playbook = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {"show": show_, "set": set_, "reset": reset}
for command_name, command in COMMANDS.items():
    add(playbook, command_name, command)
