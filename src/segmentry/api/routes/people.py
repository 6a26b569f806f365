"""`/people`: who may sign in."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Path
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from segmentry.answers import access as answers
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import AtDoor
from segmentry.api.right import MANAGE

router = APIRouter(prefix="/people", tags=["people"])
Role = Literal["viewer", "analyst", "marketer", "admin"]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
Password = Annotated[SecretStr, Field(max_length=1024)]


class NewPerson(BaseModel):
    """Somebody to let in."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(min_length=1, max_length=100)]
    role: Role
    password: Password
    email: Annotated[str | None, Field(max_length=254)] = None


class Change(BaseModel):
    """What to change of somebody; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    password: Password | None = None
    disabled: bool | None = None


@router.get("", dependencies=MANAGE, **answered("people"))
def every(access: AtDoor) -> Answer:
    """Everybody who may sign in."""
    return Answer(answers.people(access))


@router.post("", dependencies=MANAGE, **answered("person", 201))
def add(access: AtDoor, given: Annotated[NewPerson, Body()]) -> Answer:
    """Let somebody in."""
    password = given.password.get_secret_value()
    found = access.people.add(given.name, given.role, password, given.email)
    return Answer(answers.person(found), 201)


@router.patch("/{number}", dependencies=MANAGE, **answered("person"))
def change(access: AtDoor, number: Number, given: Annotated[Change, Body()]) -> Answer:
    """Change somebody's role or password, or let them in no more; all their sessions end."""
    password = given.password.get_secret_value() if given.password else None
    found = access.people.change(number, given.role, password, given.disabled)
    return Answer(answers.person(found))


@router.delete("/{number}", dependencies=MANAGE, **answered("person-removed"))
def remove(access: AtDoor, number: Number) -> Answer:
    """Forget somebody; in the log their number stays."""
    access.people.remove(number)
    return Answer({"id": number, "removed": True})
