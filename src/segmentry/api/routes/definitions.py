"""`/definitions`: declarations as text; `/sensitive`: what is locked until decided."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from segmentry.answers import definitions as answers
from segmentry.answers import sensitive
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk, Instant
from segmentry.api.right import DEFINE, MANAGE, READ

router = APIRouter(tags=["definitions"])
Path = Annotated[str, StringConstraints(max_length=200)]
Text = Annotated[str, StringConstraints(max_length=200_000)]


class Files(BaseModel):
    """Texts by their paths, as `GET /definitions` gives them."""

    model_config = ConfigDict(extra="forbid")

    files: Annotated[dict[Path, Text], Field(max_length=5_000)]
    prune: Annotated[bool, Field(description="Remove what has no file here.")] = False


class Decision(BaseModel):
    """What is decided about a field."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[
        str, Field(max_length=500, description="A column, orders.column, a question or an event.")
    ]
    action: Annotated[
        Literal["unlock", "lock", "mark", "clear"],
        Field(description="mark: it is sensitive although not recognised; clear: it is not."),
    ]
    reason: Annotated[str, Field(max_length=1_000, description="Why; it is kept.")]
    purpose: Annotated[str, Field(max_length=500, description="Of an unlocking.")] = ""
    consent: Annotated[
        str, Field(max_length=200, description="Only of customers who consented to this purpose.")
    ] = ""
    until: Annotated[date | None, Field(description="Last day; then it locks itself.")] = None


@router.get("/definitions", dependencies=READ, **answered("definitions"))
def texts(desk: Desk) -> Answer:
    """Every declaration as the text of a file of its own; the same give the same bytes."""
    return Answer(answers.texts(desk))


@router.post("/definitions/plan", dependencies=READ, **answered("plan"))
def plan(desk: Desk, given: Annotated[Files, Body()], when: Instant) -> Answer:
    """What bringing files in would do: what is new or changed, whom it moves, what is wrong."""
    found = desk.definitions.plan_texts(given.files, prune=given.prune, when=when)
    return Answer(answers.plan(desk, found))


@router.post("/definitions/apply", dependencies=DEFINE, **answered("apply"))
def apply(desk: ChangedDesk, given: Annotated[Files, Body()], when: Instant) -> Answer:
    """Bring files in: all of them, or nothing."""
    found = desk.definitions.plan_texts(given.files, prune=given.prune, when=when)
    document = answers.plan(desk, found)
    desk.definitions.carry_out(found)
    return Answer(document | {"applied": bool(found.changes)})


@router.get("/sensitive", dependencies=READ, **answered("sensitive-list"))
def fields(desk: Desk) -> Answer:
    """What is about opinions, beliefs, health and the like, whether locked, every decision."""
    return Answer(sensitive.every(desk))


@router.post("/sensitive/decisions", dependencies=MANAGE, **answered("sensitive-unlock", 201))
def decide(desk: ChangedDesk, given: Annotated[Decision, Body()]) -> Answer:
    """Unlock a field for a purpose, lock it, mark it, or say that it is not sensitive."""
    if given.action == "unlock":
        desk.sensitive.unlock(
            given.name,
            reason=given.reason,
            purpose=given.purpose,
            until=given.until,
            consent=given.consent,
        )
    else:
        getattr(desk.sensitive, given.action)(given.name, reason=given.reason)
    return Answer(sensitive.decided(desk, given.name), 201)
