"""One customer at a time: where they stand now, what they are shown, and records that are sent."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.conftest import BASE, client_of
from tests.api.test_runs import over

from segmentry.api.answer import shapes
from segmentry.api.app import create
from segmentry.workspace.standings import Standings
from segmentry.workspace.workspace import Workspace

ORDERS = [
    {"order_id": f"new{number}", "customer_id": "c999", "amount": 30 + number,
     "ordered_at": f"2024-07-0{number + 1}T10:00:00"}
    for number in range(3)
]  # fmt: skip


@pytest.fixture
def own_app(shop_folder: Path, tmp_path: Path) -> Iterator[FastAPI]:
    """A served copy of the shop."""
    shutil.copytree(shop_folder, tmp_path / "shop")
    made = create(tmp_path / "shop")
    with TestClient(made, base_url=BASE):
        yield made


def get(client: TestClient, path: str, schema: str) -> dict[str, object]:
    answer = client.get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), shapes()[schema])
    return answer.json()


def inside(client: TestClient, customer_id: str) -> list[str]:
    standing = get(client, f"/customers/{customer_id}/standing", "customer")
    return [each["name"] for each in standing["segments"]]


def test_what_the_refresh_recorded_is_what_the_rules_say(shop_folder):
    with Workspace.open(shop_folder) as shop:
        standings = Standings.of(shop, threading.Lock())
        assert standings is not None
        live = shop.live
        ids = [row[0] for row in shop.engine.rows("SELECT customer_id FROM customers")]
        for customer_id in ids:
            assert standings.standing(customer_id) == live.standing(customer_id)
        assert standings.standing("nobody") is None


def test_records_that_were_sent_count_at_once_and_after_the_refresh_for_all(own_app):
    admin = client_of(own_app, "admin")
    assert admin.get("/api/v1/customers/c999/standing").status_code == 404
    answer = admin.post("/api/v1/records", json={"orders": [*ORDERS, {"order_id": "x"}]})
    jsonschema.validate(answer.json(), shapes()["records"])
    assert answer.json()["accepted"] == 3
    assert [each["record"] for each in answer.json()["rejected"]] == [4]
    assert inside(admin, "c999") == ["regulars"]
    before = get(admin, "/segments/regulars", "segments-show")["customers"]
    assert over(admin, admin.post("/api/v1/refreshes").json()["id"])["status"] == "done"
    assert get(admin, "/segments/regulars", "segments-show")["customers"] == before + 1
    assert inside(admin, "c999") == ["regulars"]


def test_a_cart_that_was_not_even_sent_is_counted_in_and_not_kept(own_app):
    admin = client_of(own_app, "admin")
    with_cart = admin.post("/api/v1/customers/c999/standing", json={"orders": ORDERS})
    assert [each["name"] for each in with_cart.json()["segments"]] == ["regulars"]
    assert admin.get("/api/v1/customers/c999/standing").status_code == 404


def test_a_place_shows_what_the_first_segment_that_fits_is_shown(own_app):
    admin = client_of(own_app, "admin")
    place = {
        "variants": [{"segment": "regulars", "show": {"text": "Welcome back"}}],
        "otherwise": {"text": "Hello"},
    }
    assert admin.put("/api/v1/contents/hero", json=place).status_code == 200
    assert get(admin, "/contents", "contents")["contents"] == [{"name": "hero", **place}]
    members = admin.get("/api/v1/segments/regulars/members").json()["members"]
    known = members[0]["customer_id"]
    shown = get(admin, f"/customers/{known}/contents/hero", "content-shown")
    assert (shown["segment"], shown["show"]) == ("regulars", {"text": "Welcome back"})
    for stranger in ("nobody", "c999"):
        shown = get(admin, f"/customers/{stranger}/contents/hero", "content-shown")
        assert (shown["segment"], shown["show"]) == (None, {"text": "Hello"})
    admin.post("/api/v1/records", json={"orders": ORDERS})
    assert get(admin, "/customers/c999/contents/hero", "content-shown")["segment"] == "regulars"
    assert admin.get(f"/api/v1/customers/{known}/contents/nowhere").status_code == 404


def test_a_place_of_a_segment_that_is_not_there_is_refused(own_app):
    admin = client_of(own_app, "admin")
    place = {"variants": [{"segment": "regular", "show": {}}]}
    answer = admin.put("/api/v1/contents/hero", json=place)
    assert answer.status_code == 422
    assert "regulars" in answer.json()["fix"]


def test_a_changed_rule_is_followed_at_once(own_app):
    admin = client_of(own_app, "admin")
    member = admin.get("/api/v1/segments/regulars/members").json()["members"][0]["customer_id"]
    assert inside(admin, member) == ["regulars"]
    admin.put("/api/v1/segments/regulars", json={"rule": "frequency >= 3000"})
    assert inside(admin, member) == []


def test_what_is_no_record_is_refused_whole(client):
    admin = client("admin")
    for body in (b"[1]", b"{", b"\xff", b'{"events": [1]}', b'{"events": {}}'):
        answer = admin.post("/api/v1/records", content=body)
        assert answer.status_code == 422, body
        assert answer.headers["content-type"] == "application/problem+json"
