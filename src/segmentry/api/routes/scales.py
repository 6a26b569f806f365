"""`/scales` and `/market`: survey scales, and figures of the population."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from segmentry.answers import market, scales
from segmentry.api.answer import Answer, answered
from segmentry.api.desk import ChangedDesk, Desk, When
from segmentry.api.right import DEFINE, READ
from segmentry.features.scale import Scale
from segmentry.insights.market import MarketFigures

router = APIRouter(tags=["scales"])


@router.get("/scales", dependencies=READ, **answered("scales-list"))
def every(desk: Desk) -> Answer:
    """The scales with their items and the features they give."""
    return Answer(scales.every(desk))


@router.post("/scales", dependencies=DEFINE, **answered("scales-add", 201))
def add(desk: ChangedDesk, scale: Annotated[Scale, Body()]) -> Answer:
    """Keep a scale; its scores are features at once. A changed one becomes a new version."""
    return Answer(scales.add(desk, scale), 201)


@router.get("/scales/{name}", dependencies=READ, **answered("scales-show"))
def one(desk: Desk, name: str, when: When) -> Answer:
    """How reliable a scale is, item by item, and who did not answer."""
    return Answer(scales.one(desk, name, when))


@router.delete("/scales/{name}", dependencies=DEFINE, **answered("scales-remove"))
def remove(desk: ChangedDesk, name: str) -> Answer:
    """Take a scale out of use; its versions are kept."""
    desk.scales.remove(name)
    return Answer({"name": name, "removed": True})


@router.get("/market", dependencies=READ, **answered("market-load"))
def figures(desk: Desk) -> Answer:
    """Figures of the population by trait, as shares."""
    return Answer(market.figures(desk.market.all()))


@router.post("/market", dependencies=DEFINE, **answered("market-load", 201))
def keep(desk: ChangedDesk, given: Annotated[MarketFigures, Body()]) -> Answer:
    """Keep the figures of a trait in place of those before: people, or shares, for each value."""
    desk.market.keep(given)
    return Answer(market.figures([given]), 201)


@router.get("/segments/{name}/market", dependencies=READ, **answered("market-compare"))
def compare(desk: Desk, name: str, when: When) -> Answer:
    """A segment against the market: 1 is as many as among people, 2 twice as many."""
    return Answer(market.compare(desk, name, when))
