"""Special categories of personal data, locked until decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document, instant

if TYPE_CHECKING:
    from segmentry.data.sensitive.decision import Standing
    from segmentry.workspace.sensitive import Past
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace) -> Document:
    """The sensitive fields, whether each is locked, and every decision."""
    return {
        "fields": [_field(each) for each in workspace.sensitive.fields()],
        "decisions": _decisions(workspace, workspace.sensitive.history()),
    }


def _field(standing: Standing) -> Document:
    return {
        "name": standing.name,
        "field": standing.field,
        "category": standing.recognised.category,
        "about": standing.about,
        "recognised_by": standing.recognised.by,
        "locked": standing.locked,
        "consent": standing.consent,
    }


def _decisions(workspace: Workspace, past: list[Past]) -> list[Document]:
    zone = workspace.settings.timezone
    return [
        {"at": instant(each.at, zone), **each.decision.model_dump(mode="json")} for each in past
    ]


def decided(workspace: Workspace, name: str) -> Document:
    """A field after a decision, and all that was decided about it."""
    past = workspace.sensitive.history(name)
    last = past[-1].decision
    locked = {each.field for each in workspace.sensitive.fields() if each.locked}
    return {
        "name": name,
        "field": last.field,
        "locked": last.field in locked,
        "decisions": _decisions(workspace, past),
    }
