"""Asks for what is due by a schedule."""

from __future__ import annotations

import logging
import threading

from segmentry.api.desks import Desks
from segmentry.api.work import Work
from segmentry.core.time import Clock
from segmentry.workspace.schedules import asked_by

LOOKS_EVERY_SECONDS = 15.0
log = logging.getLogger("segmentry.clockwork")


class Clockwork:
    """Looks four times a minute which schedules are due, and asks for their work."""

    def __init__(self, desks: Desks, work: Work, clock: Clock) -> None:
        self._desks = desks
        self._work = work
        self._clock = clock
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="clockwork", daemon=True)

    def start(self) -> None:
        """Begin, with what is due already."""
        self._thread.start()

    def close(self) -> None:
        """Stop."""
        self._over.set()
        self._thread.join()

    def look(self) -> None:
        """Ask for all that is due now."""
        with self._desks.taken() as workspace:
            for each in workspace.schedules.due(self._clock()):
                self._work.ask(workspace, each.work, {}, asked_by(each.name))

    def _go_on(self) -> None:
        while True:
            try:
                self.look()
            except Exception as error:  # the next look may find all in order
                log.error("schedules could not be looked at", exc_info=error)
            if self._over.wait(LOOKS_EVERY_SECONDS):
                return
