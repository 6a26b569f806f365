"""`/lists`, and who is in a segment by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import lists as answers
from segmentry.answers.methods import division
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk, Language, When
from segmentry.api.right import DEFINE, PERSONAL, READ
from segmentry.data.lists import By

router = APIRouter(tags=["lists"])
MOST = 200_000
Name = Annotated[str, Field(max_length=63)]
Day = Annotated[str | None, Field(max_length=50)]
GIVEN = "given"


class Made(BaseModel):
    """A list of customers, by what names them."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    customers: Annotated[list[Annotated[str, Field(max_length=500)]], Field(max_length=MOST)]
    by: Annotated[By, Field(description="Whether they are ids, e-mails or phone numbers.")] = By.ID
    label: Annotated[str, Field(max_length=200)] = ""
    since: Annotated[Day, Field(description="It counts as of this day and later; else always.")] = (
        None
    )


class Frozen(BaseModel):
    """A list of those who are in a segment."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    segment: Name


class ByHand(BaseModel):
    """Whether a customer is in a segment whatever its rule says."""

    model_config = ConfigDict(extra="forbid")

    included: bool
    reason: Annotated[str, Field(min_length=1, max_length=1_000)]
    until: Annotated[Day, Field(description="It ends on this day; else never.")] = None
    since: Annotated[Day, Field(description="It counts as of then; else the end of data.")] = None


class Split(BaseModel):
    """Parts of a segment with their shares, which make 1."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    parts: Annotated[
        dict[str, Annotated[Decimal, Field(gt=0, lt=1)]],
        Field(min_length=2, max_length=20, examples=[{"a": 0.45, "b": 0.45, "holdout": 0.1}]),
    ]
    salt: Annotated[str, Field(max_length=200, description="Another one, another split.")] = ""


@router.get("/lists", dependencies=READ, **answered("lists-list"))
def every(desk: Desk) -> Answer:
    """The lists with their sizes."""
    return Answer(answers.every(desk))


@router.post("/lists", dependencies=DEFINE, **answered("list", 201))
def add(desk: ChangedDesk, made: Annotated[Made, Body()]) -> Answer:
    """Make a list; who matches no customer is kept, and looked for at every refresh."""
    rows = pa.table({GIVEN: pa.array(made.customers, pa.string())})
    desk.lists.add(made.name, rows, by=made.by, column=GIVEN, label=made.label, since=made.since)
    return Answer(answers.summary(desk, made.name), 201)


@router.post("/lists/snapshots", dependencies=DEFINE, **answered("list", 201))
def freeze(desk: ChangedDesk, frozen: Annotated[Frozen, Body()], when: When) -> Answer:
    """Freeze who is in a segment as of an instant; the list counts from then on."""
    desk.lists.snapshot(frozen.name, frozen.segment, when)
    return Answer(answers.summary(desk, frozen.name), 201)


@router.get("/lists/{name}", dependencies=PERSONAL, **answered("lists-show"))
def one(desk: Desk, name: str) -> Answer:
    """Who is on a list, and what matched no customer."""
    return Answer(answers.one(desk, name))


@router.delete("/lists/{name}", dependencies=DEFINE, **answered("lists-remove"))
def remove(desk: ChangedDesk, name: str) -> Answer:
    """Remove a list; refused while a segment or feature uses it."""
    desk.lists.remove(name)
    return Answer({"name": name, "removed": True})


@router.get("/segments/{name}/by-hand", dependencies=PERSONAL, **answered("segments-by-hand"))
def by_hand(desk: Desk, name: str) -> Answer:
    """Who is in or out of a segment by hand, since when, until when and why."""
    return Answer(answers.by_hand(desk, name))


@router.put(
    "/segments/{name}/by-hand/{customer_id}", dependencies=DEFINE, **answered("decided-by-hand")
)
def decide(
    desk: ChangedDesk, name: str, customer_id: str, given: Annotated[ByHand, Body()]
) -> Answer:
    """Put a customer into a segment, or keep one out of it, whatever its rule says."""
    step = desk.lists.include if given.included else desk.lists.exclude
    step(name, customer_id, given.reason, until=given.until, since=given.since)
    return Answer({"name": name, "customer_id": customer_id, "included": given.included})


@router.delete(
    "/segments/{name}/by-hand/{customer_id}", dependencies=DEFINE, **answered("decided-by-hand")
)
def forget(desk: ChangedDesk, name: str, customer_id: str) -> Answer:
    """Let the rule decide about a customer again, for all times."""
    desk.lists.forget(name, customer_id)
    return Answer({"name": name, "customer_id": customer_id, "included": None})


@router.post("/segments/{name}/splits", dependencies=DEFINE, **answered("groups", 201))
def split(
    desk: ChangedDesk,
    name: str,
    given: Annotated[Split, Body()],
    when: When,
    language: Language = None,
) -> Answer:
    """Divide a segment by chance, for a test with a holdout; a segmentation of its own."""
    desk.segment(name).split(given.name, given.parts, given.salt)
    return Answer(division(desk, given.name, when, language), 201)
