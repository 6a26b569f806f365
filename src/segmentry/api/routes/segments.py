"""`/segments`: named sets of customers."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Body
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import actions as actions_of
from segmentry.answers import segments as answers
from segmentry.answers.card import card as card_of
from segmentry.answers.card import coverage as coverage_of
from segmentry.answers.statement import statement
from segmentry.answers.worthwhile import worthwhile as worthwhile_of
from segmentry.api.answer import Answer, answered, kept
from segmentry.api.desk import Desk, Language, Paged, SegmentsDesk, When
from segmentry.api.right import DEFINE, PERSONAL, READ
from segmentry.api.routes.templates import Playbook

router = APIRouter(prefix="/segments", tags=["segments"])
Dialect = Literal["duckdb", "postgresql", "spark", "bigquery", "clickhouse", "snowflake"]


class Rule(BaseModel):
    """A rule that need not be saved."""

    model_config = ConfigDict(extra="forbid")

    rule: Annotated[
        str, Field(max_length=20_000, examples=["frequency >= 3 AND recency_days > 60"])
    ]


class Saved(Rule):
    """A rule to keep under a name."""

    label: Annotated[str, Field(max_length=200, description="What people call it.")] = ""
    folder: Annotated[
        str | None,
        Field(max_length=60, description="Under which heading; where it was, if not given."),
    ] = None


@router.get("", dependencies=READ, **answered("segments-list"))
def every(desk: Desk, language: Language = None) -> Response:
    """The saved segments, each with its size at the last refresh."""
    return kept(desk, lambda: answers.every(desk, language), language)


@router.post("/preview", dependencies=READ, **answered("segments-preview"))
def preview(
    desk: Desk, asked: Annotated[Rule, Body()], when: When, language: Language = None
) -> Answer:
    """Count a rule exactly, without saving it: each condition, and what a missing value decided."""
    return Answer(answers.preview(desk, asked.rule, when, language))


@router.get("/{name}", dependencies=READ, **answered("segments-show"))
def one(desk: Desk, name: str, when: When, language: Language = None) -> Response:
    """A segment: its rule, in words too, its size, and what uses it."""
    return kept(desk, lambda: answers.one(desk, name, when, language), name, when, language)


@router.put("/{name}", dependencies=DEFINE, **answered("segments-save"))
def save(
    desk: SegmentsDesk,
    name: str,
    asked: Annotated[Saved, Body()],
    when: When,
    language: Language = None,
) -> Answer:
    """Keep a rule under a name; a changed rule becomes a new version. Says whom it moves."""
    return Answer(answers.save(desk, name, asked.rule, asked.label, when, language, asked.folder))


@router.delete("/{name}", dependencies=DEFINE, **answered("segments-remove"))
def remove(desk: SegmentsDesk, name: str) -> Answer:
    """Take a segment out of use; its versions and history are kept."""
    desk.remove(name)
    return Answer({"name": name, "removed": True})


@router.get("/{name}/members", dependencies=PERSONAL, **answered("segments-members"))
def members(desk: Desk, name: str, when: When, page: Paged) -> Answer:
    """Who is in a segment, by id, a page at a time; and how many are in it."""
    return Answer(answers.some_members(desk, name, when, page))


@router.get("/{name}/card", dependencies=READ, **answered("segments-card"))
def card(desk: Desk, name: str, when: When, language: Language = None) -> Response:
    """Who, what, why, when and where of its members, against the whole base."""
    return kept(
        desk, lambda: card_of(desk, desk.segment(name).name, when, language), name, when, language
    )


@router.get("/{name}/coverage", dependencies=READ, **answered("segments-coverage"))
def coverage(desk: Desk, name: str) -> Answer:
    """Which of the five questions its rule answers, and what would answer the others."""
    return Answer(coverage_of(desk, desk.segment(name).rule))


@router.get("/{name}/worthwhile", dependencies=READ, **answered("segments-worthwhile"))
def worthwhile(desk: Desk, name: str, when: When, language: Language = None) -> Answer:
    """Judge it: substantial, measurable, stable, separable, reachable, actionable."""
    return Answer(worthwhile_of(desk, desk.segment(name).name, when, language))


@router.get("/{name}/sql", dependencies=READ, **answered("segments-sql"))
def sql(desk: Desk, name: str, when: When, dialect: Dialect = "duckdb") -> Answer:
    """The statement that gives its members, from the facts alone; in some dialects for reading."""
    return Answer(statement(desk, desk.segment(name).name, dialect, when))


@router.get("/{name}/history", dependencies=READ, **answered("segments-history"))
def history(desk: Desk, name: str) -> Response:
    """A segment's size over time, who entered and left, and why."""
    return kept(desk, lambda: answers.history(desk, name), name)


@router.get("/{name}/members/{customer_id}", dependencies=PERSONAL, **answered("segments-explain"))
def explain(
    desk: Desk, name: str, customer_id: str, when: When, language: Language = None
) -> Answer:
    """Why a customer is in a segment or not, with the orders and events that decide."""
    return Answer(answers.explain(desk, name, customer_id, when, language))


@router.get("/{name}/playbook", dependencies=READ, **answered("segments-actions"))
def playbook(desk: Desk, name: str, when: When, language: Language = None) -> Answer:
    """What is done for its members: its own playbook over that of the group most are in."""
    return Answer(actions_of.some(desk, [desk.segment(name).name], when, language))


@router.patch("/{name}/playbook", dependencies=DEFINE, **answered("segments-actions"))
def write(
    desk: SegmentsDesk,
    name: str,
    parts: Annotated[Playbook, Body()],
    when: When,
    language: Language = None,
) -> Answer:
    """Write parts of its playbook; the others stay as they are."""
    desk.actions.set(name, **parts.model_dump())
    return Answer(actions_of.some(desk, [name], when, language))


@router.delete("/{name}/playbook", dependencies=DEFINE, **answered("segments-actions"))
def reset(desk: SegmentsDesk, name: str, when: When, language: Language = None) -> Answer:
    """Go back to the playbook of the group most members are in; own versions are kept."""
    desk.actions.reset(desk.segment(name).name)
    return Answer(actions_of.some(desk, [name], when, language))


@router.post("/{name}/effect", dependencies=READ, **answered("segments-effect"))
def effect(desk: Desk, name: str, asked: Annotated[Rule, Body()], when: When) -> Answer:
    """What a new rule for a segment would move, without saving it."""
    return Answer(answers.effect(desk, name, asked.rule, when))
