"""Which declarations were changed while somebody's wish was done, for the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from segmentry.workspace.access.audit import Change

_CHANGES: ContextVar[list[Change] | None] = ContextVar("changes", default=None)


@contextmanager
def noting(changes: list[Change]) -> Iterator[None]:
    """Add every change that is made inside the block, in threads begun from it too."""
    before = _CHANGES.set(changes)
    try:
        yield
    finally:
        _CHANGES.reset(before)


def changed(kind: str, name: str, before: int, after: int) -> None:
    """Note a change, if anybody wants to know; the versions are those before and after it."""
    changes = _CHANGES.get()
    if changes is not None:
        changes.append(Change(kind, name, before, after))
