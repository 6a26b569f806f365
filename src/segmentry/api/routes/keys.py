"""`/keys`: keys for programs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import access as answers
from segmentry.api.access import Scope
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import AtDoor
from segmentry.api.right import MANAGE

router = APIRouter(prefix="/keys", tags=["keys"])


class NewKey(BaseModel):
    """A key to make."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100, description="What it is for.")]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=20)]
    days: Annotated[
        int | None, Field(ge=1, le=36_500, description="How long it is good for; without, for ever")
    ] = None


@router.get("", dependencies=MANAGE, **answered("keys"))
def every(access: AtDoor) -> Answer:
    """Every key, the newest first, those that were revoked too."""
    return Answer(answers.keys(access))


@router.post("", dependencies=MANAGE, **answered("key-added", 201))
def add(access: AtDoor, given: Annotated[NewKey, Body()]) -> Answer:
    """Make a key; its secret is shown this once."""
    found = answers.added_key(access, given.name, given.scopes, given.days)
    return Answer(found, 201, Cache_Control="no-store")


@router.delete("/{id}", dependencies=MANAGE, **answered("key"))
def revoke(access: AtDoor, id: Annotated[str, Path(max_length=20)]) -> Answer:  # noqa: A002
    """Let a key open nothing any more; it stays in the list."""
    return Answer(answers.key(access.keys.revoke(id)))
