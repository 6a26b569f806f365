"""The schedules of a workspace, and which of them are due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.workspace.declarations import KINDS, SCHEDULE
from segmentry.workspace.schedule import Schedule

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


class Schedules:
    """What a server does by itself on this workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def all(self) -> list[Schedule]:
        """Every schedule, by name."""
        return [schedule for schedule, _ in self._kept()]

    def save(self, schedule: Schedule) -> Schedule:
        """Keep a schedule; it begins with the next time that comes."""
        workspace = self._workspace
        body = KINDS[SCHEDULE].body(schedule)
        workspace.catalogue.declare(SCHEDULE, schedule.name, body, workspace.clock())
        return schedule

    def named(self, name: str) -> Schedule:
        """One schedule.

        Raises:
            NotFoundError: There is none of that name.
        """
        found = KINDS[SCHEDULE].kept(self._workspace.catalogue.declaration(SCHEDULE, name))
        assert isinstance(found, Schedule)
        return found

    def remove(self, name: str) -> None:
        """Take a schedule out of use.

        Raises:
            NotFoundError: There is none of that name.
        """
        self._workspace.catalogue.withdraw(SCHEDULE, name, self._workspace.clock())

    def due(self, now: datetime) -> list[Schedule]:
        """The schedules whose last time has come since they were saved, and was not asked for.

        Those that are paused are never due.

        So what was missed while no server ran is done once when one starts, not once a time.
        """
        zone, runs = self._workspace.settings.timezone, self._workspace.catalogue.runs
        found = []
        for schedule, saved_at in self._kept():
            last = schedule.last_due(now, zone)
            if (
                not schedule.paused
                and last > saved_at
                and not runs.asked_since(asked_by(schedule.name), last)
            ):
                found.append(schedule)
        return found

    def _kept(self) -> Iterator[tuple[Schedule, datetime]]:
        for each in self._workspace.declared(SCHEDULE):
            schedule = KINDS[SCHEDULE].kept(each)
            assert isinstance(schedule, Schedule)
            yield schedule, each.saved_at


def asked_by(name: str) -> str:
    """Who has asked for a run that a schedule asked for."""
    return f"schedule:{name}"
