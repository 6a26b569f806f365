"""The workspace itself: what it is of, and how far its data go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document
from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def about(workspace: Workspace) -> Document:
    """Settings that every number rests on, and what is loaded and refreshed."""
    settings = workspace.settings
    refreshing = workspace.catalogue.runs.under_way("refresh")  # before what it may change
    try:
        as_of = workspace.as_of()
    except UsageError:  # nothing is loaded yet
        as_of = None
    refreshed = workspace.warehouse.taken_at()
    return {
        "name": settings.name,
        "currency": settings.currency,
        "timezone": settings.timezone,
        "language": settings.language,
        "unit": settings.unit,
        "as_of": None if as_of is None else str(as_of),
        "data_through": workspace.data_through(),
        "refresh_due": as_of is not None
        and not workspace.warehouse.holds(workspace.features(), as_of),
        "refreshing": refreshing,
        "refreshed_as_of": None if refreshed is None else str(AsOf(refreshed, settings.timezone)),
        "trust": None if as_of is None else workspace.trust(as_of),
        "segments": len(workspace.segments()),
    }
