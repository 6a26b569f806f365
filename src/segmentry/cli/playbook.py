"""`segmentry playbook …`: what is done for each group."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers.plain import Document
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, Folder, Json, Language
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened

if TYPE_CHECKING:
    from segmentry.workspace.playbooks import GroupPlaybook

HELP = """See and write what is done for each group: goal, offer, message, channel, what to avoid.

Examples:
  segmentry playbook show rfm VIP -w shop
  segmentry playbook set rfm VIP offer "A seat at the tasting" -w shop
"""
Segmentation = Annotated[str, typer.Argument(metavar="SEGMENTATION", help="A segmentation.")]
Group = Annotated[str, typer.Argument(metavar="GROUP", help="A group of it, as it is written.")]
Part = Literal["goal", "offer", "message", "channel", "avoid"]
PARTS: tuple[str, ...] = get_args(Part)


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
        if group is None:
            found = workspace.playbooks.of(segmentation, language)
        else:
            found = [workspace.playbooks.of_group(segmentation, group, language)]
    document: Document = {
        "segmentation": segmentation,
        "playbooks": [_group(each) for each in found],
    }
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


def _group(each: GroupPlaybook) -> Document:
    parts: dict[str, Any] = {part: getattr(each.playbook, part, "") for part in PARTS}
    return {"group": each.group, "label": each.label, "own": each.own, **parts}


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
