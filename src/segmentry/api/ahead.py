"""Asks what pages will ask, so that it is known when somebody opens them."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from segmentry.answers.actions import every as actions
from segmentry.answers.checks import checks
from segmentry.answers.cohorts import cohorts
from segmentry.answers.methods import every as methods
from segmentry.answers.migration import migration
from segmentry.answers.upcoming import upcoming
from segmentry.answers.value import value
from segmentry.api.desks import Desks
from segmentry.core.errors import SegmentryError
from segmentry.core.time import AsOf
from segmentry.workspace.history import Sizes, sizes_of_all
from segmentry.workspace.memory import remember_cards
from segmentry.workspace.workspace import Workspace

LOOKS_EVERY_SECONDS = 2.0
QUIET_SECONDS, FEW_REQUESTS = 0.5, 5
CARDS, AT_ONCE = 24, 8
"""Of the largest saved segments: how many cards, how many with one reading."""
COMPARED = 4
"""Saved segments that the page compares before any is chosen."""
LOWEST_PRIORITY = 19
SCHEMES = ("rfm", "lifecycle")
PERIOD_DAYS = 90
"""As the page asks for values."""
Question = Callable[[Workspace, AsOf], object]
log = logging.getLogger("segmentry.ahead")


class Ahead:
    """After a start and each change, works out what takes long and pages show, one by one.

    It goes on once nothing has been changed for a moment, and begins again when something is; what
    is remembered already costs nothing. What it finds is what whoever asks would be told.
    """

    def __init__(self, desks: Desks, answered: Callable[[], int] = int) -> None:
        """Not begun yet.

        Args:
            answered: How many requests were answered so far.
        """
        self._desks = desks
        self._answered = answered
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, name="ahead", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the question that is being asked."""
        self._over.set()
        if self._thread.is_alive():
            self._thread.join()

    def ask(self) -> None:
        """Ask all of it once; less if something changes meanwhile."""
        edition = self._desks.edition
        with self._desks.reading() as workspace:
            if workspace.data_through() is None:
                return
            questions, as_of = _questions(workspace), workspace.as_of()
        for question in questions:
            self._wait_for_quiet()
            if self._over.is_set() or self._desks.edition != edition:
                return
            with self._desks.reading() as workspace:
                _put(question, workspace, as_of)

    def _wait_for_quiet(self) -> None:
        """Whoever asks now goes first: a site that asks all the time must not wait."""
        answered = self._answered()
        while not self._over.wait(QUIET_SECONDS) and self._answered() - answered > FEW_REQUESTS:
            answered = self._answered()

    def _go_on(self) -> None:
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), LOWEST_PRIORITY)
        asked = seen = -1
        while not self._over.wait(LOOKS_EVERY_SECONDS):
            edition = self._desks.edition
            if asked != edition == seen:
                self._ask_quietly()
                asked = edition
            seen = edition

    def _ask_quietly(self) -> None:
        try:
            self.ask()
        except Exception as error:  # whoever asks will be told
            log.error("not all could be asked ahead", exc_info=error)


def _put(question: Question, workspace: Workspace, as_of: AsOf) -> None:
    """Ask; what cannot be answered is not for now: whoever asks is told why."""
    with suppress(SegmentryError):
        question(workspace, as_of)


def _questions(workspace: Workspace) -> list[Question]:
    """In the order in which their pages are opened."""
    names = _largest(workspace)[:CARDS]
    return [
        checks,
        *(partial(_divided, scheme) for scheme in SCHEMES),
        lambda at, when: cohorts(at, None, when, "month"),
        lambda at, when: migration(at, "lifecycle", when),
        lambda at, _: at.live.prepare(),
        lambda at, _: methods(at),
        actions,
        _compared,
        *(partial(_carded, names[each : each + AT_ONCE]) for each in range(0, CARDS, AT_ONCE)),
        lambda at, when: upcoming(at, ["rfm"], "category", 1, when),
    ]


def _divided(scheme: str, workspace: Workspace, as_of: AsOf) -> None:
    value(workspace, [scheme], as_of, PERIOD_DAYS)


def _compared(workspace: Workspace, as_of: AsOf) -> None:
    sound = workspace.sound()
    first = [each.name for each in workspace.saved() if each.name in sound][:COMPARED]
    if first:
        value(workspace, first, as_of, PERIOD_DAYS)


def _carded(names: list[str], workspace: Workspace, as_of: AsOf) -> None:
    remember_cards(workspace, names, as_of)


def _largest(workspace: Workspace) -> list[str]:
    """Saved segments, those that had most members at the last refresh first."""
    names = [each.name for each in workspace.saved()]
    sizes = sizes_of_all(workspace.engine, names)
    return sorted(names, key=lambda each: _last(sizes.get(each, {})), reverse=True)


def _last(sizes: Sizes) -> int:
    return max((points[-1].customers for points in sizes.values()), default=0)
