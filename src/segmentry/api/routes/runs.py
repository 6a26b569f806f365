"""`/runs`: long work, how far it is, and what became of it; `/refreshes` asks for one kind."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Body, Depends, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import document as shape
from segmentry.answers.basis import instant_of
from segmentry.answers.plain import Document, plain
from segmentry.api.access import Asking, May, Scope
from segmentry.api.answer import Answer, answered, fit
from segmentry.api.desk import Desk
from segmentry.api.work import Work
from segmentry.core.errors import UsageError
from segmentry.workspace.runs import OVER
from segmentry.workspace.workspace import Workspace

router = APIRouter(tags=["runs"])
READ = [Depends(May(Scope.READ))]
RUN = [Depends(May(Scope.RUN))]
EVENTS_EVERY_SECONDS = 0.25
LARGEST = 2**31 - 1

Number = Annotated[int, Field(ge=1, le=LARGEST)]


def _work(request: Request) -> Work:
    found = request.app.state.work
    assert isinstance(found, Work)
    return found


AtWork = Annotated[Work, Depends(_work)]


def asked(
    desk: Workspace, work: Work, kind: str, arguments: Mapping[str, Any], asked_by: str
) -> Answer:
    """Ask for long work; the answer is its run, and where to look how far it is."""
    number = work.ask(desk, kind, arguments, asked_by)
    return Answer(_state(desk, work, number), 202, Location=f"/api/v1/runs/{number}")


class Refresh(BaseModel):
    """What to refresh."""

    model_config = ConfigDict(extra="forbid")

    as_of: Annotated[
        str | None, Field(max_length=40, description="Day or instant; the last day of data.")
    ] = None


@router.post("/refreshes", dependencies=RUN, **answered("run", 202))
def refresh(
    desk: Desk, work: AtWork, asking: Asking, wanted: Annotated[Refresh | None, Body()] = None
) -> Answer:
    """Refresh: check, compute every feature, take memberships into the history; all or nothing."""
    as_of = wanted.as_of if wanted else None
    instant_of(desk, as_of)
    return asked(desk, work, "refresh", {"as_of": as_of}, asking.name)


@router.get("/runs", dependencies=READ, **answered("runs"))
def every(
    desk: Desk,
    limit: Annotated[int, Query(ge=1, le=200)] = 20,
    before: Annotated[int | None, Query(ge=1, le=LARGEST, description="Older than this.")] = None,
) -> Answer:
    """The latest runs, newest first, with their steps."""
    return Answer({"runs": [shape.run(each) for each in desk.catalogue.runs.latest(limit, before)]})


@router.get("/runs/{number}", dependencies=READ, **answered("run"))
def one(desk: Desk, work: AtWork, number: Number) -> Answer:
    """A run: its steps, how far it is, what it found, or what was wrong."""
    return Answer(_state(desk, work, number))


@router.post("/runs/{number}/cancellation", dependencies=RUN, **answered("run"))
def cancel(desk: Desk, work: AtWork, number: Number) -> Answer:
    """Take work back; nothing half done remains."""
    _ = desk.catalogue.runs.one(number)
    if not work.cancel(desk, number):
        raise UsageError(f"run {number} is over already.", fix="There is nothing to cancel.")
    return Answer(_state(desk, work, number))


@router.get(
    "/runs/{number}/events",
    dependencies=READ,
    response_class=StreamingResponse,
    responses={200: {"description": "The run, each time it is further.", "content": {
        "text/event-stream": {"schema": {"type": "string"}}}}},
)  # fmt: skip
def events(request: Request, desk: Desk, work: AtWork, number: Number) -> StreamingResponse:
    """Follow a run as server-sent events, each the run as it is then, until it is over."""
    first = _event(_state(desk, work, number))
    return StreamingResponse(_follow(request, first), media_type="text/event-stream")


async def _follow(request: Request, state: Document) -> AsyncIterator[str]:
    said = ""
    while True:
        if (event := json.dumps(state, ensure_ascii=False)) != said:
            yield f"data: {event}\n\n"
            said = event
        if state["status"] in OVER or await request.is_disconnected():
            return
        await anyio.sleep(EVENTS_EVERY_SECONDS)
        state = await anyio.to_thread.run_sync(_looked_up, request, state["id"])


def _looked_up(request: Request, number: int) -> Document:
    with request.app.state.desks.taken() as desk:
        return _event(_state(desk, _work(request), number))


def _event(state: Document) -> Document:
    return fit(plain(state), "run")


def _state(desk: Workspace, work: Work, number: int) -> Document:
    return shape.run(desk.catalogue.runs.one(number)) | {
        "progress": work.progress(number),
        "error": work.problem(number),
    }
