"""How far the data can be trusted, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers import document as shape
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace


def checks(workspace: Workspace, as_of: AsOf, language: str = "en") -> Document:
    """The trust score, every check, and what the failing ones found, in English unless asked."""
    trust, results = workspace.remembered("checks", lambda: workspace.check(as_of), as_of)
    basis = {"as_of": str(as_of), "data_through": workspace.data_through()}
    return shape.check(trust, results, basis, workspace.settings.timezone, language)
