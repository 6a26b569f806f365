"""A workspace for as long as a command needs it, and instants as people type them."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.cli.output import Document
from segmentry.core import time
from segmentry.core.time import AsOf

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


@contextmanager
def opened(folder: Path) -> Iterator[Workspace]:
    """The workspace in a folder; closed at the end, and stopped by Ctrl-C at once."""
    from segmentry.workspace.workspace import Workspace

    with Workspace.open(folder) as workspace, stopped_by_interrupt(workspace):
        yield workspace


@contextmanager
def stopped_by_interrupt(workspace: Workspace) -> Iterator[None]:
    """Ctrl-C stops the engine's statement, not only what Python does after it."""

    def stop() -> None:
        # Only an engine that is open: asking for it here would open it.
        if engine := workspace.__dict__.get("engine"):
            engine.interrupt()

    with _watched(stop):
        yield


@contextmanager
def _watched(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` from a thread when SIGINT comes.

    Python runs its own handlers only between two steps of the main thread, which waits for the
    engine; the wake-up channel is written by the signal itself.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    receiver, sender = socket.socketpair()
    sender.setblocking(False)
    before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)

    def watch() -> None:
        while received := receiver.recv(64):
            if signal.SIGINT in received:
                stop()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        sender.close()
        watcher.join()
        receiver.close()


def instant_of(workspace: Workspace, text: str | None) -> AsOf:
    """The instant a person means; `today` and `yesterday` are days of the workspace's zone.

    Raises:
        UsageError: The text is no instant, or nothing is loaded and none was given.
    """
    back = {"today": 0, "yesterday": 1}.get((text or "").strip().lower())
    if back is None:
        return workspace.as_of(text)
    timezone = workspace.settings.timezone
    today = time.to_local(time.now(), timezone).date()
    return AsOf.parse(today - timedelta(days=back), timezone)


def basis(workspace: Workspace, as_of: AsOf) -> Document:
    """What every result rests on: its instant, the last day of data, the trust in them."""
    return {
        "as_of": str(as_of),
        "data_through": workspace.data_through(),
        "trust": workspace.trust(as_of),
    }
