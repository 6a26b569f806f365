"""Workspaces for many requests at once: each has one of its own, on the same folder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from segmentry.core.errors import BusyError
from segmentry.core.time import Clock
from segmentry.workspace.access.access import Access
from segmentry.workspace.access.answered_once import AnsweredOnce
from segmentry.workspace.hold import SERVER, Caller
from segmentry.workspace.memory import Memory
from segmentry.workspace.workspace import Workspace

ANSWERS = 200
"""Whole answers that are kept; the list of a thousand segments is one of a megabyte."""
PATIENCE_SECONDS = 10
"""How long somebody waits for who has to be alone; then their thread is given to others."""


class Desks:
    """Opens workspaces on a folder for as many as work at once, and keeps them for the next.

    While it is open this process has the workspace. What a desk sees is what was finished when its
    statement began: a refresh that runs at another desk shows when it is whole. `changed` has to be
    called after anything was changed at a desk, so that no other goes on with what it remembers.
    """

    def __init__(self, folder: Path, wait_seconds: float = 0) -> None:
        """Take the workspace.

        Raises:
            BusyError: Another process has it.
            NotFoundError: There is none in the folder.
        """
        self.folder = folder
        self._caller = Caller(SERVER, wait_seconds)
        self._lock = threading.Condition()
        self._taken = 0
        self._closed = False
        self.leaving: list[Callable[[], None]] = []
        """Told to give back what they keep when somebody has to be alone."""
        self._edition = 0
        self._memory = Memory()
        self._answers = Memory(ANSWERS)
        self._idle: list[tuple[int, Workspace]] = []
        self._first = Workspace.open(folder, self._caller)
        _ = self._first.engine  # takes the lock, and keeps it until `close`

    def close(self) -> None:
        """Let go of the workspace; nothing may be asked any more."""
        with self._lock:
            for _, workspace in self._idle:
                workspace.close()
            self._idle.clear()
            self._first.close()

    @contextmanager
    def taken(self) -> Iterator[Workspace]:
        """A workspace that nobody else uses meanwhile, and in which anything may be changed."""
        with self.reading() as workspace:
            workspace.memory = workspace.answers = None  # about the state before the change
            yield workspace

    @contextmanager
    def reading(self) -> Iterator[Workspace]:
        """One in which nothing is changed: what others found out is remembered."""
        edition, workspace = self._take()
        workspace.alone = self._alone
        try:
            yield workspace
        finally:
            self._put_back(edition, workspace)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Wait until one desk is left, that of who asks; whoever comes meanwhile waits."""
        with self._lock:
            self._closed = True
        try:
            for leave in self.leaving:
                leave()
            with self._lock:
                self._lock.wait_for(lambda: self._taken == 1)
                for _, workspace in self._idle:
                    workspace.close()
                self._idle.clear()
                self._first.let_go()
            yield
            _ = self._first.engine
        finally:
            with self._lock:
                self._closed = False
                self._edition += 1
                self._memory, self._answers = Memory(), Memory(ANSWERS)
                self._lock.notify_all()

    def access(self, clock: Clock) -> Access:
        """Who may do what here."""
        return self._first.catalogue.access(clock, self._first.settings.access)

    def answered_once(self, clock: Clock) -> AnsweredOnce:
        """The changes that were answered, by their idempotency keys."""
        return self._first.catalogue.answered_once(clock)

    @property
    def edition(self) -> int:
        """Another number after each change."""
        return self._edition

    def changed(self, *, segments_alone: bool = False) -> None:
        """Let every desk be opened anew: something was changed at one.

        Args:
            segments_alone: Saved segments, or what is done for them: the rest is as it was.
        """
        with self._lock:
            self._edition += 1
            self._answers = Memory(ANSWERS)
            if not segments_alone:
                self._memory = Memory()

    def _take(self) -> tuple[int, Workspace]:
        with self._lock:
            if not self._lock.wait_for(lambda: not self._closed, PATIENCE_SECONDS):
                raise BusyError(
                    "the warehouse is written anew, for people were forgotten.",
                    fix="Ask again in a moment.",
                )
            self._taken += 1
            while self._idle:
                edition, workspace = self._idle.pop()
                if edition == self._edition:
                    workspace.memory, workspace.answers = self._memory, self._answers
                    return edition, workspace
                workspace.close()
            try:
                workspace = Workspace.open(self.folder, self._caller)
                workspace.memory, workspace.answers = self._memory, self._answers
                _ = workspace.engine
            except BaseException:
                self._taken -= 1
                raise
            return self._edition, workspace

    def _put_back(self, edition: int, workspace: Workspace) -> None:
        with self._lock:
            self._taken -= 1
            self._lock.notify_all()
            if edition == self._edition:
                self._idle.append((edition, workspace))
            else:
                workspace.close()
