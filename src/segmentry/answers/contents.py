"""What is shown to members of which segment, place by place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.segments.content import Content
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace) -> Document:
    """The places, by name."""
    return {"contents": [one(each) for each in workspace.contents.all()]}


def one(content: Content) -> Document:
    """What a place shows to whom."""
    return content.model_dump(mode="json")
