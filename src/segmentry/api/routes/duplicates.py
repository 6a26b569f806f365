"""`/duplicates`: records that are one customer."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import duplicates as answers
from segmentry.api.access import Asking
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk
from segmentry.api.right import LOAD, PERSONAL
from segmentry.api.routes.runs import AtWork, asked
from segmentry.core.errors import UsageError

router = APIRouter(prefix="/duplicates", tags=["duplicates"])
Id = Annotated[str, Field(max_length=500)]
Reason = Annotated[str, Field(max_length=1_000, description="Why; kept with the decision.")]
Limit = Annotated[int, Query(ge=1, le=1_000, description="How many at most.")]
LARGEST = 2**31 - 1


class Search(BaseModel):
    """Whose model says how probable a pair is; splink is an extra."""

    model_config = ConfigDict(extra="forbid")

    method: Literal["own", "splink"] = "own"


class Merge(BaseModel):
    """Records that are one customer: those named, or all pairs that are probable enough."""

    model_config = ConfigDict(extra="forbid")

    customers: Annotated[
        list[Id], Field(max_length=1_000, description="Ids; the first one survives.")
    ] = []
    at_least: Annotated[float | None, Field(ge=0, le=1, description="0.9 is usual.")] = None
    reason: Reason = ""


class Refusal(BaseModel):
    """Two records that are not one customer."""

    model_config = ConfigDict(extra="forbid")

    customers: Annotated[list[Id], Field(min_length=2, max_length=2)]
    reason: Reason = ""


class Undo(BaseModel):
    """Why a decision is taken back."""

    model_config = ConfigDict(extra="forbid")

    reason: Reason = ""


@router.get("", dependencies=PERSONAL, **answered("duplicates-list"))
def pending(
    desk: Desk,
    at_least: Annotated[
        float, Query(ge=0, le=1, description="Only pairs at least this probable.")
    ] = 0.2,
    limit: Limit = 20,
) -> Answer:
    """Pairs that nothing was decided about, the most probable first, and why."""
    return Answer(answers.pending(desk, at_least, limit))


@router.post("/searches", dependencies=LOAD, **answered("run", 202))
def find(
    desk: Desk, work: AtWork, asking: Asking, wanted: Annotated[Search | None, Body()] = None
) -> Answer:
    """Search all customers for duplicates; nothing is merged. The answer is a run."""
    method = wanted.method if wanted else "own"
    return asked(desk, work, "duplicates", {"method": method}, asking.name)


@router.post("/merges", dependencies=LOAD, **answered("duplicates-merge", 201))
def merge(desk: ChangedDesk, given: Annotated[Merge, Body()]) -> Answer:
    """Make records one customer; two that were refused are never joined."""
    if bool(given.customers) == (given.at_least is not None):
        raise UsageError(
            "name the customers to merge, or how probable it must be.",
            fix="Give `customers` or `at_least`.",
        )
    if given.at_least is not None:
        return Answer(answers.merge_all(desk, given.at_least, given.reason), 201)
    return Answer(answers.merge(desk, given.customers, given.reason), 201)


@router.post("/refusals", dependencies=LOAD, **answered("duplicates-refuse", 201))
def refuse(desk: ChangedDesk, given: Annotated[Refusal, Body()]) -> Answer:
    """Say that two records are not one customer; they never come again."""
    one, other = given.customers
    return Answer(answers.refuse(desk, one, other, given.reason), 201)


@router.get("/decisions", dependencies=PERSONAL, **answered("duplicates-history"))
def history(desk: Desk, limit: Limit = 20) -> Answer:
    """What was decided about duplicates, the latest first."""
    return Answer(answers.history(desk, limit))


@router.post("/decisions/{number}/undo", dependencies=LOAD, **answered("duplicates-undo"))
def undo(
    desk: ChangedDesk,
    number: Annotated[int, Field(ge=1, le=LARGEST)],
    given: Annotated[Undo | None, Body()] = None,
) -> Answer:
    """Take a merge or a refusal back; everything is as if it had not been."""
    return Answer(answers.undo(desk, number, given.reason if given else ""))
