"""What a long step is doing, as a bar on stderr; nothing where nobody watches."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from segmentry.cli.output import console

if TYPE_CHECKING:
    from segmentry.core.progress import Progress

EVERY_SECONDS = 0.5
Share = Callable[[], float | None]


@contextmanager
def watched(
    title: str = "", *, quiet: bool = False, share_done: Share = lambda: None
) -> Iterator[Progress]:
    """A callback that shows the step a person waits for; the bar goes away at the end.

    Args:
        share_done: Asked twice a second how much of the statement that runs is done; it moves the
            bar during a step that is one long statement.
    """
    if quiet or not sys.stderr.isatty():
        yield _unseen
        return
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bars:
        task = bars.add_task(title, total=None)
        counted = threading.Event()

        def step(name: str, done: int, of: int) -> None:
            description = f"{title}: {name}" if title else name
            (counted.set if of > 1 else counted.clear)()
            bars.update(task, description=description, completed=done, total=of if of > 1 else None)

        def move(share: float) -> None:
            if not counted.is_set():
                bars.update(task, completed=share, total=1)

        with _asked_often(share_done, move):
            yield step


@contextmanager
def _asked_often(share_done: Share, move: Callable[[float], None]) -> Iterator[None]:
    over = threading.Event()

    def ask() -> None:
        while not over.wait(EVERY_SECONDS):
            if (share := share_done()) is not None:
                move(share)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        yield
    finally:
        over.set()
        asking.join()


def _unseen(step: str, done: int, of: int) -> None:
    """Nobody watches."""
