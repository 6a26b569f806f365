"""Journeys and reactions to prices are worked out once for a state of the data, and kept."""

from __future__ import annotations

import json

from tests.workspace.conftest import START, frames

from segmentry.workspace.journeys import Asked, Journeys
from segmentry.workspace.latest import Latest
from segmentry.workspace.reporting.asking import asking
from segmentry.workspace.reporting.journeys import journeys_of
from segmentry.workspace.sensitivity import Sensitivity
from segmentry.workspace.workspace import Workspace

AS_OF = "2025-12-01"


def marked(shop: Workspace, name: str, **values: object) -> None:
    """Change what is kept, so that it shows when it is taken rather than worked out."""
    kept = Latest(shop.engine)
    body = json.loads(json.dumps(kept.last(name)))
    body["answer"] |= values
    kept.keep(name, shop.as_of(AS_OF), body, 1)


def asked(shop: Workspace, when: str = AS_OF) -> tuple[Journeys, Sensitivity]:
    return shop.insights.journeys(when=when), shop.insights.sensitivity(when=when)


def test_what_is_kept_is_shown_until_anything_changes(shop):
    journeys, reactions = first = asked(shop)
    assert asked(shop) == first
    marked(shop, "journeys/last", pause="as kept")
    marked(shop, "sensitivity/last", period="as kept")
    assert (asked(shop)[0].pause, asked(shop)[1].period) == ("as kept", "as kept")
    fewer = shop.insights.journeys(asked=Asked(most=2), when=AS_OF)
    assert fewer.pause == "as kept"
    assert fewer.sides[0].paths == journeys.sides[0].paths[:2]
    marked(shop, "journeys/last", through="2000-01-01")
    with asking(shop, shop.as_of(AS_OF), "pl") as report:
        assert journeys_of(report).through == "2000-01-01"
    assert shop.insights.journeys("frequency >= 2", when=AS_OF).pause == "30 days"
    assert shop.insights.journeys(asked=Asked(within="7 days"), when=AS_OF).pause == "30 days"
    shop.load(**frames(9, START, 200, range(60, 70), "more"))
    assert asked(shop)[0].pause == "30 days"
    assert asked(shop)[0].sides[0].journeys > journeys.sides[0].journeys
    assert asked(shop)[1].period == reactions.period


def test_another_instant_is_another_answer(shop):
    later, earlier = asked(shop), asked(shop, "2025-09-01")
    assert earlier[0].sides[0].journeys < later[0].sides[0].journeys
    assert (earlier[0].as_of, earlier[1].as_of) != (later[0].as_of, later[1].as_of)
    assert asked(shop) == later
