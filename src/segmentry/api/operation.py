"""What a route is called, in the description, the log and the numbers."""

from __future__ import annotations

from starlette.routing import BaseRoute

ELSEWHERE = "elsewhere"
"""What has no route of its own; paths are not named, they may be anything."""


def operation(route: BaseRoute | None) -> str:
    """The noun and what is done: `segments_save`."""
    name = getattr(route, "name", ELSEWHERE)
    tags = getattr(route, "tags", None)
    return f"{tags[0]}_{name}" if tags else str(name)
