"""Who may do what: every route by every role, and what each is shown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from tests.api.conftest import client_of, key_of

from segmentry.api.access import ROLES, Anyone, May, SignedIn
from segmentry.api.app import ROUTERS
from segmentry.workspace.access.scope import Scope

PREFIX = "/api/v1"
FILLED = {"name": "regulars", "customer_id": "c001", "segmentation": "rfm", "group": "VIP"}


def routes() -> Iterator[APIRoute]:
    for router in ROUTERS:
        yield from (each for each in router.routes if isinstance(each, APIRoute))


def rights(route: APIRoute) -> list[May]:
    return [each.call for each in route.dependant.dependencies if isinstance(each.call, May)]


CALLS = sorted(
    (method, route.path, rights(route)[0]) for route in routes() for method in route.methods
    if len(rights(route)) == 1
)  # fmt: skip


def filled(path: str) -> str:
    parts = re.sub(r"\{(\w+)[^}]*\}", lambda part: FILLED.get(part[1], "1"), path)
    return PREFIX + parts


def test_every_route_takes_exactly_one_right():
    assert [route.path for route in routes() if len(rights(route)) != 1] == []


def test_every_route_is_described_and_nothing_else(app, client):
    described = client("viewer").get(f"{PREFIX}/openapi.json").json()["paths"]
    there = {(f"{PREFIX}{path}".replace(":path", ""), method) for method, path, _ in CALLS}
    told = {(path, method.upper()) for path, each in described.items() for method in each}
    assert there <= told
    assert {path for path, _ in told - there} <= {"/health", "/ready", "/healthz", "/readyz"}


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_no_route_lets_in_whom_it_should_not(app, role):
    client = client_of(app, role if role in ROLES else "viewer")
    if role == "nobody":
        del client.headers["authorization"]
    for method, path, right in CALLS:
        if isinstance(right, Anyone):
            continue
        may = role in ROLES and (isinstance(right, SignedIn) or right.scope in ROLES[role])
        if not may:
            answer = client.request(method, filled(path), json={})
            expected = 401 if role == "nobody" else 403
            assert answer.status_code == expected, (method, path, answer.text)


@pytest.mark.parametrize("scope", Scope)
def test_a_key_opens_what_its_scope_says(app, client, scope):
    asked = client("viewer")
    asked.headers["authorization"] = f"Bearer {key_of(app, [scope])}"
    found = {
        Scope.READ: asked.get(f"{PREFIX}/segments").status_code,
        Scope.MANAGE: asked.get(f"{PREFIX}/people").status_code,
        Scope.PERSONAL: asked.get(f"{PREFIX}/segments/regulars/members").status_code,
    }
    assert found == {each: 200 if each is scope else 403 for each in found}


@pytest.mark.parametrize("key", ["", "sgm", "sgm_x", "sgm_x_y", "nothing at all", "\x00", "é"])
def test_what_is_no_key_opens_nothing(client, key):
    asked = client("viewer")
    headers = {"Authorization": f"Bearer {key}".encode()}
    assert asked.get(f"{PREFIX}/segments", headers=headers).status_code == 401


def test_a_key_that_was_revoked_or_is_over_opens_nothing(app, client):
    keys = app.state.door.access.keys
    key, text = keys.add("short", ["read"])
    asked = client("viewer")
    asked.headers["authorization"] = f"Bearer {text}"
    assert asked.get(f"{PREFIX}/segments").status_code == 200
    keys.revoke(key.id)
    assert asked.get(f"{PREFIX}/segments").status_code == 401


# what is shown


def test_who_may_not_see_customers_sees_no_ids(client):
    rule = {"rule": "frequency >= 5"}
    shown = client("marketer").post(f"{PREFIX}/segments/regulars/effect", json=rule).json()
    masked = client("viewer").post(f"{PREFIX}/segments/regulars/effect", json=rule).json()
    assert any(shown[part]["sample"] for part in ("enter", "leave", "stay"))
    assert not any(masked[part]["sample"] for part in ("enter", "leave", "stay"))
    assert {each["field"] for each in masked["withheld"]} >= {"stay.sample"}


def test_counts_are_whole_tens_and_few_are_not_told(client):
    viewer, marketer = client("viewer"), client("marketer")
    seen = set()
    for limit in range(1, 40):
        rule = {"rule": f"frequency >= {limit}"}
        right = marketer.post(f"{PREFIX}/segments/preview", json=rule).json()["customers"]
        told = viewer.post(f"{PREFIX}/segments/preview", json=rule).json()["customers"]
        assert told is None or told % 10 == 0
        assert abs((told or 0) - right) < 20
        seen.add(told)
    assert {None, 10} <= seen


def test_groups_tell_nothing_about_a_few(client):
    right = client("marketer").get(f"{PREFIX}/segmentations/rfm").json()
    told = client("viewer").get(f"{PREFIX}/segmentations/rfm").json()
    few = [each for each in right["groups"] if each["customers"] < 10]
    hidden = [each for each in told["groups"] if each["customers"] is None]
    assert {each["name"] for each in few} <= {each["name"] for each in hidden}
    for each in hidden:
        assert each["revenue_amount"] is each["revenue_share"] is each["customer_share"] is None
    assert "who" not in json.dumps(told["withheld"])
