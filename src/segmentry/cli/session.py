"""A workspace for as long as a command needs it, and instants as people type them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.cli.output import console
from segmentry.cli.stop import stopped_by_signals

if TYPE_CHECKING:
    from segmentry.workspace.hold import Holder
    from segmentry.workspace.workspace import Workspace


WAIT_SECONDS = 5.0
"""How long a command waits for another one, where nothing else is said."""
_asked: ContextVar[tuple[str, float]] = ContextVar("asked", default=("segmentry", WAIT_SECONDS))


def asked(command: str, wait_seconds: float) -> None:
    """Note which command was given, and how long it may wait for another one."""
    _asked.set((f"segmentry {command}", wait_seconds))


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    """The workspace in a folder; closed at the end, and stopped at once by Ctrl-C or SIGTERM."""
    from segmentry.workspace.hold import Caller
    from segmentry.workspace.workspace import Workspace

    command, wait = _asked.get()
    caller = Caller(command, wait, lambda holder: _say_who(holder, wait))
    with Workspace.open(folder, caller) as workspace, stopped_by_signals(workspace.interrupt):
        yield workspace


def _say_who(holder: Holder | None, wait: float) -> None:
    if wait >= 1:
        who = holder or "another process"
        console(stderr=True).print(f"Waiting up to {wait:g} s for {who}.", style="dim")
