"""A refresh: everything computed as of an instant, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.progress import Progress
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace


def refresh(workspace: Workspace, as_of: AsOf, progress: Progress) -> Document:
    """Check, compute every feature, take memberships into the history; all or nothing."""
    done = workspace.refresh(as_of, progress)
    return basis(workspace, as_of) | {
        "customers": done.customers,
        "features": done.features,
        "segments": len(workspace.segments()),
        "points": done.points,
        "rebuilt": done.rebuilt,
        "left_out": dict(done.left_out),
        "unscored": dict(done.unscored),
    }
