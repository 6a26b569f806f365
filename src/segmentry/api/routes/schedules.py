"""`/schedules`: what the server does by itself, and when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers.plain import Document, instant
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk
from segmentry.api.right import READ, RUN
from segmentry.workspace.schedule import Schedule
from segmentry.workspace.workspace import Workspace

router = APIRouter(prefix="/schedules", tags=["schedules"])


class Times(BaseModel):
    """When it is to be done."""

    model_config = ConfigDict(extra="forbid")

    cron: Annotated[
        str,
        Field(
            max_length=100,
            examples=["0 5 * * *"],
            description="Minute, hour, day of month, month, weekday, in the workspace's zone.",
        ),
    ]


@router.get("", dependencies=READ, **answered("schedules"))
def every(request: Request, desk: Desk) -> Answer:
    """The schedules, each with the next time."""
    return Answer({"schedules": [_shown(request, desk, each) for each in desk.schedules.all()]})


@router.put("/{name}", dependencies=RUN, **answered("schedule"))
def save(request: Request, desk: ChangedDesk, name: str, times: Annotated[Times, Body()]) -> Answer:
    """Refresh at these times, from the next one on."""
    schedule = Schedule.model_validate({"name": name, "cron": times.cron})
    return Answer(_shown(request, desk, desk.schedules.save(schedule)))


@router.delete("/{name}", dependencies=RUN, **answered("segments-remove"))
def remove(desk: ChangedDesk, name: str) -> Answer:
    """Take a schedule out of use."""
    desk.schedules.remove(name)
    return Answer({"name": name, "removed": True})


def _shown(request: Request, desk: Workspace, schedule: Schedule) -> Document:
    zone = desk.settings.timezone
    due = schedule.next_due(request.app.state.clock(), zone)
    return schedule.model_dump(mode="json") | {"timezone": zone, "next_at": instant(due, zone)}
