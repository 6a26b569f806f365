"""Segmentry: customer segmentation that is right, fast and explains itself.

>>> import segmentry as sg
>>> ws = sg.create("shop")                                    # doctest: +SKIP
>>> ws.load(orders=frame)                                     # doctest: +SKIP
>>> ws.segment("vip", "rfm_group = 'VIP'").members()          # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from segmentry.core.errors import SegmentryError
    from segmentry.workspace.bound_segment import BoundSegment
    from segmentry.workspace.workspace import Workspace

__version__ = "0.1.0"
__all__ = ["BoundSegment", "SegmentryError", "Workspace", "create", "open"]

HOMES = {
    "BoundSegment": "segmentry.workspace.bound_segment",
    "SegmentryError": "segmentry.core.errors",
    "Workspace": "segmentry.workspace.workspace",
}


def __getattr__(name: str) -> Any:
    """Bring a public class in when it is first asked for, so that importing stays quick."""
    if name in HOMES:
        from importlib import import_module

        return getattr(import_module(HOMES[name]), name)
    raise AttributeError(f"module `segmentry` has no attribute `{name}`")


def open(folder: str) -> Workspace:  # noqa: A001
    """Open the workspace in a folder."""
    from segmentry.workspace.workspace import Workspace

    return Workspace.open(folder)


def create(
    folder: str,
    *,
    currency: str = "EUR",
    timezone: str = "UTC",
    language: str = "en",
    unit: str = "person",
) -> Workspace:
    """Make a workspace in a new or empty folder."""
    from segmentry.workspace.workspace import Workspace

    return Workspace.create(
        folder, currency=currency, timezone=timezone, language=language, unit=unit
    )
