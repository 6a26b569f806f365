"""What a long step is doing, as a bar on stderr; nothing where nobody watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from segmentry.cli.output import console

if TYPE_CHECKING:
    from segmentry.workspace.backfill import Progress


@contextmanager
def watched(title: str = "", *, quiet: bool = False) -> Iterator[Progress]:
    """A callback that shows the step a person waits for; the bar goes away at the end."""
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

        def step(name: str, done: int, of: int) -> None:
            description = f"{title}: {name}" if title else name
            bars.update(task, description=description, completed=done, total=of if of > 1 else None)

        yield step


def _unseen(step: str, done: int, of: int) -> None:
    """Nobody watches."""
