"""`segmentry playbook …`: what is done for each group."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.text import Text

from segmentry.answers import actions
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.answers.playbooks import PARTS, playbooks
from segmentry.cli.guide import add, guide
from segmentry.cli.option import HERE, AsOf, Folder, Json, Language, Name
from segmentry.cli.output import clean, emit, row, show, table
from segmentry.cli.session import opened
from segmentry.core.errors import UsageError

HELP = """See and write what is done for each group or segment: goal, offer, message, channel …

Examples:
  segmentry playbook show rfm VIP -w shop
  segmentry playbook segment lapsing -w shop
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


def segment(
    name: Name,
    written: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PART=TEXT", help="Write a part; may be repeated."),
    ] = None,
    back: Annotated[
        bool, typer.Option("--reset", metavar="", help="Back to that of its members' group.")
    ] = False,
    as_of: AsOf = None,
    language: Language = None,
    folder: Folder = HERE,
    as_json: Json = False,
) -> None:
    """Show or write what is done for a saved segment's members.

    What nobody wrote for the segment is that of the RFM group that most of its members are in.

    Examples:
      segmentry playbook segment lapsing -w shop
      segmentry playbook segment lapsing --set offer="Free delivery" -w shop
      segmentry playbook segment lapsing --reset -w shop
    """
    parts = _parts(written or [])
    with opened(folder) as workspace:
        known = workspace.segment(name).name
        if back:
            workspace.actions.reset(known)
        if parts:
            workspace.actions.set(known, **parts)
        document = actions.some(workspace, [known], instant_of(workspace, as_of), language)
    emit(document, as_json=as_json, draw=_draw_action)


def _parts(written: list[str]) -> dict[str, str]:
    found = {}
    for each in written:
        part, equals, text = each.partition("=")
        if part not in PARTS or not equals:
            raise UsageError(
                f"`{each}` is no part.", fix=f"Write PART=TEXT; a part is {', '.join(PARTS)}."
            )
        found[part] = text
    return found


def _draw_action(screen: Console, document: Document) -> None:
    [action] = document["actions"]
    origin = "your own" if action["own"] else action["group"] and f"as for {action['group']}"
    _draw_parts(screen, [(action["segment"], origin, action)])


def _draw(screen: Console, document: Document) -> None:
    found = document["playbooks"]
    _draw_parts(
        screen, [(each["label"], "your own" if each["own"] else "", each) for each in found]
    )


def _draw_parts(screen: Console, of: Sequence[tuple[str, str, Document]]) -> None:
    """Each under its name and where it comes from; parts that say nothing are left out."""
    drawn = []
    for name, origin, parts in of:
        made = table(clean(name), clean(origin))
        for part in PARTS:
            if parts[part]:
                row(made, Text(part.capitalize(), style="dim"), parts[part])
        if not made.row_count:
            row(made, "", "Nothing is written for it.")
        drawn.append(made)
    show(screen, *drawn)


playbook = typer.Typer(no_args_is_help=True, help=guide(HELP))
COMMANDS: dict[str, Callable[..., None]] = {
    "show": show_, "set": set_, "reset": reset, "segment": segment,
}  # fmt: skip
for command_name, command in COMMANDS.items():
    add(playbook, command_name, command)
