"""Long lists a page at a time."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from tests.api.conftest import client_of

from segmentry.workspace.people import People
from segmentry.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def marketer(app) -> TestClient:
    return client_of(app, "marketer")


def pages(client: TestClient, path: str, field: str, limit: int) -> Iterator[list]:
    """Every page of a list, to its end."""
    cursor = ""
    while cursor is not None:
        answer = client.get(f"/api/v1{path}", params={"limit": limit, "cursor": cursor})
        assert answer.status_code == 200, answer.text
        yield answer.json()[field]
        cursor = answer.json()["next_cursor"]


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/customers", "customers"),
        ("/segments/regulars/members", "members"),
        ("/customers/c001/happenings", "happenings"),
    ],
)
def test_pages_are_the_whole_list_cut(marketer, path, field):
    whole = marketer.get(f"/api/v1{path}", params={"limit": 1000}).json()[field]
    cut = list(pages(marketer, path, field, 7))
    assert [each for page in cut for each in page] == whole
    assert len(whole) > 7
    assert {len(each) for each in cut[:-1]} == {7}


def test_a_list_is_as_long_as_its_count(marketer):
    answer = marketer.get("/api/v1/segments/regulars/members?limit=1000").json()
    assert answer["customers"] == len(answer["members"])


def test_a_search_finds_by_a_part_of_the_id_in_any_case(marketer):
    found = marketer.get("/api/v1/customers?search=C01").json()["customers"]
    assert found
    assert all("c01" in each["customer_id"] for each in found)


@pytest.mark.parametrize("cursor", ["x", "eyJhIjoxfQ==", "WzFd", "%F0%9F", "WyJ4IiwgMV0="])
def test_a_cursor_of_something_else_is_refused(marketer, cursor):
    assert marketer.get(f"/api/v1/customers?cursor={cursor}").status_code == 400


def test_a_card_agrees_with_the_lists(marketer):
    card = marketer.get("/api/v1/customers/c001").json()
    members = marketer.get("/api/v1/segments/regulars/members?limit=1000").json()["members"]
    inside = "c001" in {each["customer_id"] for each in members}
    assert ("regulars" in {each["name"] for each in card["segments"]}) is inside
    for group in card["groups"]:
        counted = marketer.post("/api/v1/segments/preview", json={"rule": group["rule"]}).json()
        assert counted["customers"] >= 1


def test_what_a_customer_did_is_newest_first(marketer):
    told = marketer.get("/api/v1/customers/c001/happenings").json()["happenings"]
    instants = [each["at"] for each in told]
    assert instants == sorted(instants, reverse=True)


def test_a_card_from_the_refresh_is_that_from_all_customers(shop_folder, tmp_path):
    with Workspace.open(Path(shutil.copytree(shop_folder, tmp_path / "own"))) as shop:
        kept = {each: People(shop).one(each) for each in ("c001", "c002", "c013")}
        assert all(each.exact for each in kept.values())
        shop.warehouse.forget()
        for name, before in kept.items():
            after = People(shop).one(name)
            assert (after.segments, after.exact) == (before.segments, True)
            assert dict(after.values) == pytest.approx(dict(before.values))
