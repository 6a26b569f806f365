"""What segments are like, what they are worth, and what becomes of their members."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from segmentry.answers.backtest import backtest as backtest_of
from segmentry.answers.card import card as card_of
from segmentry.answers.cohorts import cohorts as cohorts_of
from segmentry.answers.drift import drift as drift_of
from segmentry.answers.migration import migration as migration_of
from segmentry.answers.overlap import overlap as overlap_of
from segmentry.answers.value import value as value_of
from segmentry.answers.worthwhile import worthwhile as worthwhile_of
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, When
from segmentry.api.named import Of, Several
from segmentry.api.right import READ

router = APIRouter(tags=["insights"])


@router.get("/cards", dependencies=READ, **answered("segments-card"))
def card(desk: Desk, of: Of, when: When, language: Language = None) -> Answer:
    """Who, what, why, when and where of a segment, group or rule, against the whole base."""
    return Answer(card_of(desk, of, when, language))


@router.get("/worthwhile", dependencies=READ, **answered("segments-worthwhile"))
def worthwhile(desk: Desk, of: Of, when: When) -> Answer:
    """Judge a segment: substantial, measurable, stable, separable, reachable, actionable."""
    return Answer(worthwhile_of(desk, of, when))


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
) -> Answer:
    """Revenue, profit, retention, lifetime value, with intervals or why there is none."""
    return Answer(value_of(desk, of, when, period_days))


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
) -> Answer:
    """Who of those who first bought in a period came back in the periods after."""
    return Answer(cohorts_of(desk, by, when, period))


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
def migration(desk: Desk, name: str, when: When, language: Language = None) -> Answer:
    """How customers moved between the groups of a segmentation from month to month."""
    return Answer(migration_of(desk, name, when, language))
