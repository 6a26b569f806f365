"""Long work: asked for, done one after the other, watched, and taken back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from segmentry.answers.plain import Document, plain
from segmentry.api.desks import Desks
from segmentry.core import time
from segmentry.core.errors import CancelledError, InternalError, SegmentryError
from segmentry.core.progress import Progress
from segmentry.workspace.workspace import Workspace

Task = Callable[[Workspace, Mapping[str, Any], Progress], Document]
"""Does work of a kind, with the arguments it was asked with; what it found may not be personal."""
log = logging.getLogger("segmentry.work")

REMEMBERED = 200
"""For how many of the last failures it is known what was wrong; the catalogue keeps the kind."""


@dataclass
class _UnderWay:
    """The run that is being done."""

    number: int
    workspace: Workspace
    step: str = ""
    done: int = 0
    of: int = 1
    cancelled: bool = False

    def progress(self, step: str, done: int, of: int) -> None:
        self.step, self.done, self.of = step, done, of
        if self.cancelled:
            raise CancelledError("the work was cancelled; nothing half done remains.")

    def cancel(self) -> None:
        self.cancelled = True
        self.workspace.interrupt()

    def as_json(self) -> Document:
        counted = self.done / self.of if self.of > 1 else self.workspace.share_done()
        return {"step": self.step, "share_done": counted}


class Work:
    """Does the runs that wait in the catalogue, one at a time, in the order of asking.

    What waited when a server stopped is done after its next start; what ran when it was killed is
    noted as interrupted. A run that fails stops no other.
    """

    def __init__(self, desks: Desks, tasks: Mapping[str, Task]) -> None:
        self._desks = desks
        self._tasks = tasks
        self._asked = threading.Event()
        self._over = False
        self._under_way: _UnderWay | None = None
        self._problems: dict[int, Document] = {}
        self._thread = threading.Thread(target=self._go_on, name="work", daemon=True)

    def start(self) -> None:
        """Begin, with what waits already."""
        with self._desks.taken() as workspace:
            workspace.catalogue.runs.mark_dead(time.now())
        self._asked.set()
        self._thread.start()

    def close(self) -> None:
        """Stop; what runs is cancelled, what waits is kept."""
        self._over = True
        if self._under_way is not None:
            self._under_way.cancel()
        self._asked.set()
        self._thread.join()

    @property
    def is_alive(self) -> bool:
        """Whether what is asked for gets done."""
        return self._thread.is_alive()

    def ask(
        self, workspace: Workspace, kind: str, arguments: Mapping[str, Any], asked_by: str
    ) -> int:
        """Let work be done as soon as what was asked for before is over; its number."""
        assert kind in self._tasks, kind
        number = workspace.catalogue.runs.ask(kind, arguments, asked_by, time.now())
        self._asked.set()
        return number

    def cancel(self, workspace: Workspace, number: int) -> bool:
        """Take work back, whether it waits or runs; `False` when it is over already."""
        if workspace.catalogue.runs.give_up(number, time.now()):
            return True
        under_way = self._under_way
        if under_way is None or under_way.number != number:
            return False
        under_way.cancel()
        return True

    def progress(self, number: int) -> Document | None:
        """How far a run is; `None` when it does not run."""
        under_way = self._under_way
        if under_way is None or under_way.number != number:
            return None
        return under_way.as_json()

    def problem(self, number: int) -> Document | None:
        """What was wrong with a run that failed since this server began."""
        return self._problems.get(number)

    def _go_on(self) -> None:
        while not self._over:
            self._asked.wait()
            self._asked.clear()
            while self._next():
                pass

    def _next(self) -> bool:
        """Do the run that has waited longest; whether there was one."""
        with self._desks.taken() as workspace:
            waiting = workspace.catalogue.runs.next_waiting()
            if waiting is None or self._over:
                return False
            self._under_way = _UnderWay(int(waiting["id"]), workspace)
            try:
                self._do(self._under_way, waiting["kind"], waiting["arguments"] or {})
            finally:
                self._under_way = None
        return True

    def _do(self, under_way: _UnderWay, kind: str, arguments: Mapping[str, Any]) -> None:
        number, workspace = under_way.number, under_way.workspace
        try:
            with workspace.catalogue.runs.run(kind, None, time.now, number) as run:
                try:
                    run.found(plain(self._tasks[kind](workspace, arguments, under_way.progress)))
                finally:
                    self._desks.changed()  # whoever then hears that it is over asks anew
        except SegmentryError as error:
            self._remember(number, error)
        except Exception as error:  # whatever it is, the next run is to be done
            log.error("run %d (%s) failed", number, kind, exc_info=error)
            self._remember(number, InternalError("something went wrong; the log says what."))

    def _remember(self, number: int, error: SegmentryError) -> None:
        self._problems[number] = error.as_json()
        while len(self._problems) > REMEMBERED:
            del self._problems[next(iter(self._problems))]
