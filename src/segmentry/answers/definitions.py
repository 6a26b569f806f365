"""A workspace's declarations as text, and what bringing them in would do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from segmentry.answers import document as shape
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.segments.movement import Movement
    from segmentry.workspace.definitions import Plan
    from segmentry.workspace.workspace import Workspace


def texts(workspace: Workspace) -> Document:
    """Every declaration as the text of a file of its own; the same give the same bytes."""
    return {"files": workspace.definitions.texts()}


def plan(workspace: Workspace, found: Plan) -> Document:
    """What is new or changed, whom it moves, and all that is wrong."""
    from segmentry.workspace.definition_text import as_json

    return {
        "as_of": str(found.as_of) if found.as_of else None,
        "data_through": workspace.data_through(),
        "changes": [
            {
                "kind": each.kind,
                "name": each.name,
                "action": each.action,
                "before": each.before or None,
                "after": each.after or None,
                "used_by": list(each.used_by),
            }
            for each in found.changes
        ],
        "problems": [as_json(each) for each in found.problems],
        "left": [{"kind": kind, "name": name} for kind, name in found.left],
        "moves": _moves(found.movement),
    }


def _moves(found: Movement | None) -> dict[str, Any]:
    if found is None:
        return {"segments": [], "groups": []}
    return {
        "segments": [{"name": name, **shape.effect(each)} for name, each in found.segments.items()],
        "groups": [
            {
                "name": name,
                "moves": [
                    {
                        "before": each.before,
                        "after": each.after,
                        "customers": each.customers,
                        "revenue_amount": each.revenue_amount,
                    }
                    for each in moves
                ],
            }
            for name, moves in found.groups.items()
        ],
    }
