"""For a site and a call centre: where one customer stands now, what to show, and records sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import contents
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, SegmentsDesk
from segmentry.api.reception import Reception
from segmentry.api.right import DEFINE, LIVE, READ
from segmentry.core.errors import InputError
from segmentry.data.fresh import EXAMPLE, Fresh, read_json
from segmentry.segments.content import Content, Variant

router = APIRouter(tags=["live"])
MOST_RECORDS = 20_000
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "type": "object",
                    "description": "Records by entity: " + EXAMPLE,
                    "additionalProperties": {"type": "array", "items": {"type": "object"}},
                }
            }
        },
    }
}


def _reception(request: Request) -> Reception:
    found = request.app.state.reception
    assert isinstance(found, Reception)
    return found


AtReception = Annotated[Reception, Depends(_reception)]


async def _records(request: Request) -> Fresh:
    try:
        found = read_json((await request.body()).decode())
    except UnicodeDecodeError as error:
        raise InputError("the records are not UTF-8.", fix="Send JSON in UTF-8.") from error
    if sum(map(len, found.values())) > MOST_RECORDS:
        raise InputError(
            f"these are more than {MOST_RECORDS:,} records.", fix="Send them in several parts."
        )
    return found


Records = Annotated[Fresh, Depends(_records)]


@router.post("/records", dependencies=LIVE, openapi_extra=BODY, **answered("records"))
def take(reception: AtReception, records: Records) -> Answer:
    """Send orders, events and the like as they happen, each with its own id.

    Those accepted are on the disk when this is answered, count at once where one customer is asked
    about, and for everything else from the next refresh on. Sent twice, late or in another order,
    they end the same; a record of a known id corrects it.
    """
    return Answer(reception.take(records))


@router.get("/customers/{customer_id}/standing", dependencies=LIVE, **answered("customer"))
def standing(reception: AtReception, customer_id: str, language: Language = None) -> Answer:
    """A customer's segments and groups now, records counted in that were sent and not loaded."""
    return Answer(reception.standing(customer_id, {}, language))


@router.post(
    "/customers/{customer_id}/standing",
    dependencies=LIVE,
    openapi_extra=BODY,
    **answered("customer"),
)
def standing_with(
    reception: AtReception, customer_id: str, records: Records, language: Language = None
) -> Answer:
    """The same with further records, which are counted in and not kept."""
    return Answer(reception.standing(customer_id, records, language))


@router.get(
    "/customers/{customer_id}/contents/{place}", dependencies=LIVE, **answered("content-shown")
)
def shown(reception: AtReception, customer_id: str, place: str) -> Answer:
    """What to show a customer in a place; somebody unknown is shown what everyone else is."""
    return Answer(reception.content(place, customer_id, {}))


class Place(BaseModel):
    """What a place shows to whom; the first variant that fits is shown."""

    model_config = ConfigDict(extra="forbid")

    variants: Annotated[list[Variant], Field(default_factory=list, max_length=100)]
    otherwise: Annotated[
        Mapping[str, Any], Field(default_factory=dict, description="What everyone else is shown.")
    ]


@router.get("/contents", dependencies=READ, **answered("contents"))
def every(desk: Desk) -> Answer:
    """The places that have content by segment."""
    return Answer(contents.every(desk))


@router.get("/contents/{place}", dependencies=READ, **answered("content"))
def one(desk: Desk, place: str) -> Answer:
    """What a place shows to whom."""
    return Answer(contents.one(desk.contents.named(place)))


@router.put("/contents/{place}", dependencies=DEFINE, **answered("content"))
def save(desk: SegmentsDesk, place: str, wanted: Annotated[Place, Body()]) -> Answer:
    """Keep what a place shows to whom; a change is a new version."""
    content = Content.model_validate({"name": place} | wanted.model_dump())
    return Answer(contents.one(desk.contents.save(content)))


@router.delete("/contents/{place}", dependencies=DEFINE, **answered("segments-remove"))
def remove(desk: SegmentsDesk, place: str) -> Answer:
    """Take a place out of use; its versions are kept."""
    desk.contents.remove(place)
    return Answer({"name": place, "removed": True})
