"""What is done by itself, and when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document, instant, plain
from segmentry.answers.refresh import refresh

if TYPE_CHECKING:
    from segmentry.core.progress import Progress
    from segmentry.workspace.schedule import Schedule
    from segmentry.workspace.workspace import Workspace

TIMES = 3
"""How many of the next times are told."""


def every(workspace: Workspace, now: datetime, language: str | None = None) -> Document:
    """The schedules by name, each with its next times after `now` (naive UTC)."""
    found = workspace.schedules.all()
    return {"schedules": [one(workspace, each, now, language) for each in found]}


def one(
    workspace: Workspace, schedule: Schedule, now: datetime, language: str | None = None
) -> Document:
    """A schedule in words, with its next times; one that is paused has none."""
    from segmentry.workspace.schedule_words import spoken

    zone = workspace.settings.timezone
    due = [] if schedule.paused else schedule.upcoming(now, zone, TIMES)
    times = [instant(each, zone) for each in due]
    return schedule.model_dump(mode="json") | {
        "spoken": spoken(schedule.cron, workspace.wording(language).messages),
        "timezone": zone,
        "next_at": times[0] if times else None,
        "upcoming": times,
    }


def run(workspace: Workspace, name: str, progress: Progress) -> Document:
    """Do now what a schedule does, paused or not; a time it missed counts as done by that.

    Raises:
        NotFoundError: There is no such schedule.
    """
    from segmentry.workspace.schedules import asked_by

    schedule = workspace.schedules.named(name)
    runs, clock = workspace.catalogue.runs, workspace.clock
    number = runs.ask(schedule.work, {}, asked_by(schedule.name), clock())
    with runs.run(schedule.work, None, clock, number) as found:
        done = refresh(workspace, workspace.as_of(), progress)
        found.found(plain(done))
    return {"schedule": schedule.name, **done}
