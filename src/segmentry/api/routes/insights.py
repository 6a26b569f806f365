"""What segments are like, what they are worth, and what becomes of their members."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers.backtest import backtest as backtest_of
from segmentry.answers.card import card as card_of
from segmentry.answers.cohorts import cohorts as cohorts_of
from segmentry.answers.drift import drift as drift_of
from segmentry.answers.journeys import journeys as journeys_of
from segmentry.answers.migration import migration as migration_of
from segmentry.answers.migration import save as save_moved
from segmentry.answers.overlap import overlap as overlap_of
from segmentry.answers.sensitivity import sensitivity as sensitivity_of
from segmentry.answers.value import value as value_of
from segmentry.answers.worthwhile import worthwhile as worthwhile_of
from segmentry.api.answer import Answer, answered, kept
from segmentry.api.desk import ChangedDesk, Desk, Language, When
from segmentry.api.named import LONGEST_RULE, Of, Several
from segmentry.api.right import DEFINE, READ
from segmentry.workspace.journeys import Asked
from segmentry.workspace.moved import Move

router = APIRouter(tags=["insights"])
_Group = Annotated[str, Field(max_length=200)] | None


@router.get("/cards", dependencies=READ, **answered("segments-card"))
def card(desk: Desk, of: Of, when: When, language: Language = None) -> Answer:
    """Who, what, why, when and where of a segment, group or rule, against the whole base."""
    return Answer(card_of(desk, of, when, language))


@router.get("/worthwhile", dependencies=READ, **answered("segments-worthwhile"))
def worthwhile(desk: Desk, of: Of, when: When, language: Language = None) -> Answer:
    """Judge a segment: substantial, measurable, stable, separable, reachable, actionable."""
    return Answer(worthwhile_of(desk, of, when, language))


@router.get("/overlaps", dependencies=READ, **answered("overlaps"))
def overlap(desk: Desk, when: When, of: Several) -> Answer:
    """How many customers are in both of any two sets."""
    return Answer(overlap_of(desk, of, when))


@router.get("/values", dependencies=READ, **answered("value"))
def value(
    desk: Desk,
    when: When,
    of: Several,
    period_days: Annotated[
        int, Query(ge=1, le=3_650, description="Days by which retention and CAC are judged.")
    ] = 90,
    language: Language = None,
) -> Response:
    """Revenue, profit, retention, lifetime value, with intervals or why there is none."""
    return kept(
        desk,
        lambda: value_of(desk, of, when, period_days, language),
        *(tuple(of), when, period_days, language),
    )


@router.get("/backtests", dependencies=READ, **answered("backtest"))
def backtest(desk: Desk, when: When, of: Several, language: Language = None) -> Answer:
    """Take segments as of past months, and see what their members did afterwards."""
    return Answer(backtest_of(desk, of, when, language))


@router.get("/cohorts", dependencies=READ, **answered("cohorts"))
def cohorts(
    desk: Desk,
    when: When,
    by: Annotated[
        str | None,
        Query(description="A segmentation whose groups are the cohorts; else the first purchase."),
    ] = None,
    period: Literal["month", "quarter"] = "month",
) -> Response:
    """Who of those who first bought in a period came back in the periods after."""
    return kept(desk, lambda: cohorts_of(desk, by, when, period), by, when, period)


@router.get("/drift", dependencies=READ, **answered("drift"))
def drift(
    desk: Desk,
    when: When,
    of: Several,
    since: Annotated[
        str | None, Query(max_length=50, description="The earlier day; 90 days before.")
    ] = None,
) -> Answer:
    """Which features and groups moved between two days, beyond what chance does."""
    return Answer(drift_of(desk, of, when, since))


@router.get("/migrations/{name}", dependencies=READ, **answered("migration"))
def migration(desk: Desk, name: str, when: When, language: Language = None) -> Response:
    """How customers moved between the groups of a segmentation from month to month."""
    return kept(desk, lambda: migration_of(desk, name, when, language), name, when, language)


class Moved(BaseModel):
    """Who moved, and the segment that they become."""

    model_config = ConfigDict(extra="forbid")

    before: Annotated[_Group, Field(description="The group before; null: in none.")] = None
    after: Annotated[_Group, Field(description="The group after; null: in none.")] = None
    start: Annotated[date, Field(description="A point of the answer about these moves.")]
    end: Annotated[date, Field(description="A later point of it.")]
    name: Annotated[str, Field(max_length=63)]
    label: Annotated[str, Field(max_length=200)] = ""


@router.post("/migrations/{name}/segment", dependencies=DEFINE, **answered("segments-save", 201))
def keep_moved(
    desk: ChangedDesk,
    name: str,
    moved: Annotated[Moved, Body()],
    when: When,
    language: Language = None,
) -> Answer:
    """Keep who moved between two groups as a segment of just these customers."""
    move = Move(moved.before, moved.after, moved.start, moved.end)
    segment = (moved.name, moved.label)
    return Answer(save_moved(desk, name, move, segment, when, language), 201)


class Journeys(BaseModel):
    """Which journeys are looked at."""

    model_config = ConfigDict(extra="forbid")

    of: Annotated[
        list[Annotated[str, Field(max_length=LONGEST_RULE)]],
        Field(max_length=2, description="A segment, group or rule beside everyone else; or two."),
    ] = []
    kinds: Annotated[
        list[Annotated[str, Field(max_length=200)]],
        Field(max_length=50, description="What counts as a step; without any, everything."),
    ] = []
    start: Annotated[str | None, Field(max_length=200, description="What they begin with.")] = None
    goal: Annotated[str, Field(max_length=200)] = "order"
    within: Annotated[str | None, Field(max_length=50, examples=["7 days"])] = None
    gap: Annotated[
        str, Field(max_length=50, description="A pause that ends a journey; or `sessions`.")
    ] = "30 days"
    by: Annotated[
        Literal["kind", "channel"], Field(description="channel: kinds by the way they came.")
    ] = "kind"
    top: Annotated[int, Field(ge=1, le=200, description="How many paths.")] = 10


@router.post("/journeys", dependencies=READ, **answered("journeys"))
def journeys(
    desk: Desk, given: Annotated[Journeys, Body()], when: When, language: Language = None
) -> Answer:
    """The commonest paths to an order or another goal, and where people stop."""
    asked = Asked(
        tuple(given.kinds), given.start, given.goal, given.within, given.gap, given.by, given.top
    )
    return Answer(journeys_of(desk, given.of, asked, when, language))


@router.get("/sensitivities", dependencies=READ, **answered("sensitivity"))
def sensitivity(
    desk: Desk,
    when: When,
    of: Several,
    by: Annotated[
        str | None, Query(max_length=100, description="A column of products, in each value too.")
    ] = None,
    language: Language = None,
) -> Answer:
    """How much groups buy with a discount, and how strongly they react to prices."""
    return Answer(sensitivity_of(desk, of, by, when, language))
