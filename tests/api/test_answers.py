"""What the API answers fits what it says it answers, route by route."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema
import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from tests.api.conftest import client_of

from segmentry.api.answer import shapes
from segmentry.api.routers import NOUNS

ASKED = (
    "/features",
    "/entities",
    "/methods",
    "/segmentations",
    "/segmentations/rfm/grid",
    "/segmentations/rfm",
    "/crossings?by=lifecycle&by=rfm",
    "/segments",
    "/segments/regulars",
    "/segments/regulars/members",
    "/segments/regulars/members/c001",
    "/segments/regulars/history",
    "/segments/regulars/card",
    "/segments/regulars/coverage",
    "/segments/regulars/worthwhile",
    "/segments/regulars/sql?dialect=bigquery",
    "/segments/regulars/playbook",
    "/actions",
    "/customers",
    "/customers?search=C00",
    "/customers/c001",
    "/customers/c001/happenings",
    "/customers/c001/everything",
    "/rules/words",
    "/rules/words?language=fa",
    "/rules/values?of=rfm_group",
    "/cards?of=rfm/VIP",
    "/worthwhile?of=frequency >= 3",
    "/overlaps?of=regulars&of=rfm/VIP&of=frequency > 1",
    "/values?of=rfm",
    "/backtests?of=rfm",
    "/cohorts",
    "/drift?of=rfm&of=monetary",
    "/migrations/rfm",
)
ASKED_OF_BAKERY = (
    "/affinities?column=category",
    "/sensitivities?of=rfm",
    "/upcoming?of=rfm",
    "/assortments?of=frequency >= 6",
    "/customers/c7/recommendations",
    "/allocations",
    "/clusters",
    "/discoveries",
    "/models",
    "/checks",
    "/templates",
    "/templates/one_and_done?set=days=90",
    "/playbooks/rfm",
    "/playbooks/rfm/VIP",
    "/scales",
    "/market",
    "/lists",
    "/segments/abroad/by-hand",
    "/duplicates",
    "/duplicates/decisions",
    "/definitions",
    "/sensitive",
    "/sources",
    "/profiles/customers",
    "/erasures",
)
"""Every route that is read, at least once."""
UNASKED = {
    "/models/{name}",
    "/clusters/{name}",
    "/scales/{name}",
    "/segments/{name}/market",
    "/lists/{name}",
    "/sources/{source_id}",
    "/sources/{source_id}/mapping",
    "/sources/{source_id}/profile",
    "/sources/{source_id}/cleaning",
    "/sources/{source_id}/rejected",
    "/segments/{name}/export",
    "/segmentations/{name}/export",
    "/features/export",
}
"""Those of what has to be made first; asked in the tests of changes, long work, sources and
exports."""


@pytest.fixture(scope="module")
def admin(app) -> TestClient:
    return client_of(app, "admin")


@pytest.mark.parametrize("asked", ASKED)
def test_an_answer_fits_its_schema(admin, asked):
    answer = admin.get(f"/api/v1{asked}")
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), shapes()[schema_of(asked)])


@pytest.mark.parametrize("asked", ASKED_OF_BAKERY)
def test_an_answer_of_a_shop_with_products_fits_its_schema(bakery, asked):
    answer = client_of(bakery, "admin").get(f"/api/v1{asked}")
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), shapes()[schema_of(asked)])


def test_every_route_that_is_read_was_asked():
    asked = {route_of(each).path for each in (*ASKED, *ASKED_OF_BAKERY)}
    assert {each.path for each in read()} == asked | UNASKED


def read() -> Iterator[APIRoute]:
    """Routes that answer a document by GET."""
    for router in NOUNS:
        for each in router.routes:
            if isinstance(each, APIRoute) and "GET" in each.methods and 200 in each.responses:
                yield each


def route_of(asked: str) -> APIRoute:
    path = asked.partition("?")[0]
    return next(each for each in read() if each.path_regex.match(path))


def schema_of(asked: str) -> str:
    content = route_of(asked).responses[200]["content"]["application/json"]
    return content["schema"]["$ref"].rpartition("/")[2]
