"""What is done for the members of saved segments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from segmentry.answers.plain import Document
from segmentry.answers.playbooks import PARTS

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace, as_of: AsOf, language: str | None = None) -> Document:
    """What is done for each saved segment, by name."""
    return some(workspace, [each.name for each in workspace.saved()], as_of, language)


def some(
    workspace: Workspace, names: Sequence[str], as_of: AsOf, language: str | None = None
) -> Document:
    """What is done for these segments."""
    found = workspace.actions.of(names, as_of, language)
    actions = []
    for each in found:
        parts: dict[str, Any] = {part: getattr(each.playbook, part, "") for part in PARTS}
        actions.append({"segment": each.segment, "own": each.own, "group": each.group, **parts})
    return {"as_of": str(as_of), "actions": actions}
