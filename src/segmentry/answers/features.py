"""Features: what is known of customers, and what would unlock the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers import document as shape
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def every(workspace: Workspace, language: str | None = None) -> Document:
    """The features and traits that rules can use, and which column would unlock the others."""
    found = workspace.features()
    traits = [name for name in found.schema.listed if name not in found]
    return shape.features(found, traits, workspace.wording(language))
