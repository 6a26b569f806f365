"""What is bought together, what comes next, and where a budget does most."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query
from pydantic import BaseModel, ConfigDict, Field

from segmentry.answers import buying as answers
from segmentry.answers.allocation import allocation
from segmentry.answers.allocation import latest as latest_allocation
from segmentry.answers.upcoming import upcoming as upcoming_of
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import Desk, Language, When
from segmentry.api.named import LONGEST_RULE, Of, Several
from segmentry.api.right import DEFINE, PERSONAL, READ

router = APIRouter(tags=["buying"])
Column = Annotated[
    str, Query(max_length=100, description="`product_id`, or a column of products: `category` …")
]
Top = Annotated[int, Query(ge=1, le=500, description="How many to show.")]


class Budget(BaseModel):
    """What may be spent, and what spending on each segment was stated to bring."""

    model_config = ConfigDict(extra="forbid")

    budget_amount: Annotated[float, Field(ge=0, le=1e15, allow_inf_nan=False)]
    responses: Annotated[
        dict[str, list[dict[str, Any]]],
        Field(
            description="For each segment points `{spent, profit}`, with `low` and `high` where "
            "known.",
            examples=[{"rfm/VIP": [{"spent": 100, "profit": 180}]}],
            max_length=100,
        ),
    ]


@router.get("/affinities", dependencies=READ, **answered("affinity"))
def affinity(
    desk: Desk,
    when: When,
    segment: Annotated[
        str | None,
        Query(
            max_length=LONGEST_RULE,
            description="A segment, group or rule: its orders against all others.",
        ),
    ] = None,
    column: Column = "product_id",
    least: Annotated[
        float, Query(ge=0, le=1, description="Share of orders that a set must be in.")
    ] = 0.01,
    size: Annotated[int, Query(ge=2, le=3, description="2: pairs; 3: threes too.")] = 2,
    top: Top = 20,
) -> Answer:
    """What is in one order together more often than chance."""
    return Answer(answers.affinity(desk, segment, column, least, size, top, when))


@router.get("/assortments", dependencies=READ, **answered("recommend"))
def assortment(
    desk: Desk, of: Of, when: When, column: Column = "product_id", top: Top = 10
) -> Answer:
    """What members of a segment buy, and what they leave to others."""
    return Answer(answers.assortment(desk, of, column, top, when))


@router.get(
    "/customers/{customer_id}/recommendations", dependencies=PERSONAL, **answered("recommend")
)
def recommendations(
    desk: Desk, customer_id: str, when: When, column: Column = "product_id"
) -> Answer:
    """What a customer is likely to buy next, by the way that did best on held-out time."""
    return Answer(answers.recommendations(desk, customer_id, column, when))


@router.get("/upcoming", dependencies=READ, **answered("upcoming"))
def upcoming(
    desk: Desk,
    when: When,
    of: Several,
    column: Column = "category",
    top: Top = 20,
    language: Language = None,
) -> Answer:
    """How likely the next purchase of each group holds each category."""
    return Answer(upcoming_of(desk, of, column, top, when, language))


@router.get("/allocations", dependencies=READ, **answered("allocations"))
def last_allocated(desk: Desk, when: When) -> Answer:
    """The last split of a budget."""
    return Answer(latest_allocation(desk, when))


@router.post("/allocations", dependencies=DEFINE, **answered("allocate"))
def allocate(desk: Desk, asked: Annotated[Budget, Body()]) -> Answer:
    """Split a budget between segments by what spending on each was stated to bring."""
    return Answer(allocation(desk, asked.budget_amount, asked.responses))
