"""What is done for each group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.workspace.playbooks import GroupPlaybook
    from segmentry.workspace.workspace import Workspace

PARTS = ("goal", "offer", "message", "channel", "avoid")
"""What a playbook says, in this order; a test holds it against the playbook."""


def playbooks(
    workspace: Workspace, segmentation: str, group: str | None, language: str | None = None
) -> Document:
    """The playbooks of a segmentation, or of one group of it."""
    if group is None:
        found = workspace.playbooks.of(segmentation, language)
    else:
        found = [workspace.playbooks.of_group(segmentation, group, language)]
    return {"segmentation": segmentation, "playbooks": [_group(each) for each in found]}


def _group(each: GroupPlaybook) -> Document:
    parts: dict[str, Any] = {part: getattr(each.playbook, part, "") for part in PARTS}
    return {"group": each.group, "label": each.label, "own": each.own, **parts}
