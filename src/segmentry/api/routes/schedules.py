"""`/schedules`: what the server does by itself, and when."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import schedules as answers
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, SegmentsDesk
from segmentry.api.right import READ, RUN
from segmentry.api.routes.runs import AtWork, asked
from segmentry.workspace.schedule import Schedule
from segmentry.workspace.schedules import asked_by

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
    paused: Annotated[bool, Field(description="Whether it waits until it is taken up again.")] = (
        False
    )


@router.get("", dependencies=READ, **answered("schedules"))
def every(request: Request, desk: Desk, language: Language = None) -> Answer:
    """The schedules, each in words and with the next times."""
    return Answer(answers.every(desk, request.app.state.clock(), language))


@router.put("/{name}", dependencies=RUN, **answered("schedule"))
def save(
    request: Request,
    desk: SegmentsDesk,
    name: str,
    times: Annotated[Times, Body()],
    language: Language = None,
) -> Answer:
    """Refresh at these times, from the next one on; or pause it."""
    given = {"name": name, "cron": times.cron, "paused": times.paused}
    schedule = desk.schedules.save(Schedule.model_validate(given))
    return Answer(answers.one(desk, schedule, request.app.state.clock(), language))


@router.post("/{name}/runs", dependencies=RUN, **answered("run", 202))
def run(desk: Desk, work: AtWork, name: str) -> Answer:
    """Do now what it does, without waiting for its time, even if it is paused."""
    schedule = desk.schedules.named(name)
    return asked(desk, work, schedule.work, {}, asked_by(schedule.name))


@router.delete("/{name}", dependencies=RUN, **answered("segments-remove"))
def remove(desk: SegmentsDesk, name: str) -> Answer:
    """Take a schedule out of use."""
    desk.schedules.remove(name)
    return Answer({"name": name, "removed": True})
