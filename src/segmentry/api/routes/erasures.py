"""`/erasures`: people are forgotten for good."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import erasure as answers
from segmentry.api.access import Asking
from segmentry.api.answer import Answer, answered
from segmentry.api.asked import asked as under_way
from segmentry.api.desk import Desk
from segmentry.api.right import MANAGE
from segmentry.api.routes.runs import AtWork, asked
from segmentry.workspace.erasure import MOST

router = APIRouter(prefix="/erasures", tags=["erasures"])
Id = Annotated[str, Field(min_length=1, max_length=200)]


class Whom(BaseModel):
    """Who is to be forgotten."""

    model_config = ConfigDict(extra="forbid")

    ids: Annotated[list[Id], Field(min_length=1, max_length=MOST, description="Their ids.")]


class Forgetting(Whom):
    """Who is to be forgotten, and why."""

    reason: Annotated[
        str, Field(max_length=200, description="Why; kept in the list, so without names.")
    ] = ""


@router.get("", dependencies=MANAGE, **answered("erasures"))
def every(desk: Desk) -> Answer:
    """What was erased, when, by whom, and how many; nothing in it names anybody."""
    return Answer(answers.every(desk))


@router.post("/preview", dependencies=MANAGE, **answered("erasure-preview"))
def preview(desk: Desk, whom: Annotated[Whom, Body()]) -> Answer:
    """What forgetting people would take away; nothing is changed."""
    under_way().customers = len(whom.ids)
    return Answer(answers.preview(desk, whom.ids), Cache_Control="no-store")


@router.post("", dependencies=MANAGE, **answered("run", 202))
def erase(desk: Desk, work: AtWork, asking: Asking, given: Annotated[Forgetting, Body()]) -> Answer:
    """Forget people for good: everything about them, and whatever of them comes again.

    It cannot be taken back, and is finished even if the server is stopped meanwhile. Others wait
    while the warehouse is written anew. Then everything is refreshed.
    """
    named = under_way()
    named.customers = len(given.ids)
    named.object["erasure"] = desk.erasure.ask(given.ids, by=asking.id, reason=given.reason)
    return asked(desk, work, "erasure", {}, asking.name)
