"""`/templates` and `/playbooks`: the usual segments, and what is done for each group."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from segmentry.answers import actions as actions_of
from segmentry.answers import templates as answers
from segmentry.answers.playbooks import playbooks
from segmentry.api.answer import Answer, answered, kept
from segmentry.api.desk import Desk, Language, SegmentsDesk, When
from segmentry.api.right import DEFINE, READ
from segmentry.core.errors import UsageError

router = APIRouter(tags=["templates"])
Text = Annotated[str, StringConstraints(max_length=200)]
Said = Annotated[str, Field(max_length=5_000)]


class Use(BaseModel):
    """The segment that a template becomes."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=63, description="That of the template, if empty.")] = ""
    parameters: Annotated[dict[str, Text], Field(max_length=50)] = {}


class Playbook(BaseModel):
    """Parts of a playbook to write; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")

    goal: Said = ""
    offer: Said = ""
    message: Said = ""
    channel: Said = ""
    avoid: Said = ""


@router.get("/templates", dependencies=READ, **answered("templates-list"))
def every(desk: Desk, language: Language = None) -> Answer:
    """The usual segments, and what the data lack for those that cannot be used."""
    return Answer(answers.every(desk, language))


@router.get("/templates/{name}", dependencies=READ, **answered("templates-show"))
def one(
    desk: Desk,
    name: str,
    chosen: Annotated[
        list[Text],
        Query(
            alias="set",
            default_factory=list,
            max_length=50,
            description="A parameter as `days=90`; repeat it for several.",
        ),
    ],
    language: Language = None,
) -> Answer:
    """A template with parameters: its rule, and why they are what they are."""
    return Answer(answers.one(desk, name, dict(map(_parameter, chosen)), language))


def _parameter(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise UsageError(f"`{text}` sets nothing.", fix="Write set=days=90.")
    return name.strip(), value.strip()


@router.post("/templates/{name}/segment", dependencies=DEFINE, **answered("templates-use", 201))
def use(
    desk: SegmentsDesk, name: str, wanted: Annotated[Use, Body()], language: Language = None
) -> Answer:
    """Save a segment made from a template."""
    return Answer(answers.use(desk, name, wanted.name, wanted.parameters, language), 201)


@router.get("/actions", dependencies=READ, **answered("segments-actions"))
def actions(desk: Desk, when: When, language: Language = None) -> Response:
    """What is done for the members of each segment: its own playbook, or their group's."""
    return kept(desk, lambda: actions_of.every(desk, when, language), when, language)


@router.get("/playbooks/{segmentation}", dependencies=READ, **answered("playbook"))
def written(desk: Desk, segmentation: str, language: Language = None) -> Answer:
    """What is done for each group of a segmentation: goal, offer, message, channel, what not."""
    return Answer(playbooks(desk, segmentation, None, language))


@router.get("/playbooks/{segmentation}/{group:path}", dependencies=READ, **answered("playbook"))
def of_group(desk: Desk, segmentation: str, group: str, language: Language = None) -> Answer:
    """What is done for one group."""
    return Answer(playbooks(desk, segmentation, group, language))


@router.patch("/playbooks/{segmentation}/{group:path}", dependencies=DEFINE, **answered("playbook"))
def write(
    desk: SegmentsDesk,
    segmentation: str,
    group: str,
    parts: Annotated[Playbook, Body()],
    language: Language = None,
) -> Answer:
    """Write parts of what is done for a group; the others stay as they are."""
    desk.playbooks.set(segmentation, group, **parts.model_dump())
    return Answer(playbooks(desk, segmentation, group, language))


@router.delete(
    "/playbooks/{segmentation}/{group:path}", dependencies=DEFINE, **answered("playbook")
)
def reset(desk: SegmentsDesk, segmentation: str, group: str, language: Language = None) -> Answer:
    """Go back to what comes with Segmentry; a person's own versions are kept."""
    desk.playbooks.reset(segmentation, group)
    return Answer(playbooks(desk, segmentation, group, language))
