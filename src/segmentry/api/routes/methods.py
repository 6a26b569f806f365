"""`/methods`, `/segmentations`, `/crossings`: ways of dividing customers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from segmentry.answers import methods as answers
from segmentry.api.answer import Answer, answered, kept
from segmentry.api.desk import Desk, Instant, Language, When
from segmentry.api.right import READ

router = APIRouter(tags=["segmentations"])


@router.get("/methods", dependencies=READ, **answered("methods"))
def methods(desk: Desk, when: Instant, language: Language = None) -> Response:
    """Every way of dividing customers, and why the data allow it or not."""
    return kept(desk, lambda: answers.every(desk, when, language), when, language)


@router.get("/segmentations", dependencies=READ, **answered("groups-list"))
def every(desk: Desk, language: Language = None) -> Response:
    """The segmentations by name, with their groups and what locks them."""
    return kept(desk, lambda: answers.segmentations(desk, language), language)


@router.get("/segmentations/rfm/grid", dependencies=READ, **answered("rfm-grid"))
def grid(desk: Desk, when: When) -> Response:
    """The RFM grid: customers and money by score, what a score means, the rule of each cell."""
    return kept(desk, lambda: answers.grid(desk, when), when)


@router.get("/segmentations/{name}", dependencies=READ, **answered("groups"))
def division(desk: Desk, name: str, when: When, language: Language = None) -> Response:
    """A segmentation as numbers: each group with its customers, its revenue and its rule."""
    return kept(desk, lambda: answers.division(desk, name, when, language), name, when, language)


@router.get("/crossings", dependencies=READ, **answered("cross"))
def crossing(
    desk: Desk,
    by: Annotated[
        list[str], Query(min_length=2, max_length=3, description="Two or three segmentations.")
    ],
    when: When,
    language: Language = None,
) -> Answer:
    """Divide customers by two or three segmentations at once; each cell has its rule."""
    return Answer(answers.crossing(desk, by, when, language))
