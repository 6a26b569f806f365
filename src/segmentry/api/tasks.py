"""The kinds of long work."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

from segmentry.answers import erasure as erasing
from segmentry.answers import refresh as refreshing
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document
from segmentry.api.long import LONG
from segmentry.api.work import Task
from segmentry.core.progress import Progress
from segmentry.workspace.inbox import Inbox
from segmentry.workspace.workspace import Workspace


def refresh(workspace: Workspace, arguments: Mapping[str, Any], progress: Progress) -> Document:
    """What was sent is loaded, and everything computed anew, as of an instant: at once."""
    with closing(Inbox(workspace.folder)) as inbox, inbox.loaded(workspace, progress):
        as_of = instant_of(workspace, arguments.get("as_of"))
        found = refreshing.refresh(workspace, as_of, progress)
    progress("order of customers", 0, 1)
    workspace.live.sort()
    return found


def erase(workspace: Workspace, arguments: Mapping[str, Any], progress: Progress) -> Document:  # noqa: ARG001 - whom is written down apart, for it is personal
    """Forget whom somebody asked to; then everything anew, if it was computed before."""
    refreshed = workspace.warehouse.taken_at() is not None
    done = erasing.done(workspace, workspace.erasure.finish(progress))
    gone = workspace.warehouse.taken_at() is None
    if refreshed and gone and workspace.data_through() is not None:
        refreshing.refresh(workspace, workspace.as_of(), progress)
        workspace.live.sort()
    return done


TASKS: Mapping[str, Task] = {"refresh": refresh, "erasure": erase, **LONG}
"""Kind → what does it; a run of another kind cannot be asked for."""
