"""A file on its way in: sent, looked at, mapped, tried, loaded; and what is refused."""

from __future__ import annotations

import gzip

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.conftest import client_of
from tests.api.test_long import done

from segmentry.api.answer import shapes

API = "/api/v1/sources"
ROWS = """nr,klient,kiedy,suma,email
n1,c1,2024-08-01,10.50,anna@example.org
n2,c2,2024-08-02,11.50,bo@example.org
n3,c3,yesterday,12.50,cy@example.org
"""


@pytest.fixture
def admin(own_bakery: FastAPI) -> TestClient:
    return client_of(own_bakery, "admin")


def fits(answer, schema: str) -> dict:
    assert answer.status_code in (200, 201), answer.text
    jsonschema.validate(answer.json(), shapes()[schema])
    return answer.json()


def sent(client: TestClient, name: str, content: bytes | str) -> str:
    """Send a file; its address."""
    data = content.encode() if isinstance(content, str) else content
    return f"{API}/{fits(client.post(API, files={'file': (name, data)}), 'source')['id']}"


def newest(client: TestClient) -> str:
    """When customer c1 did something last."""
    told = client.get("/api/v1/customers/c1/happenings?limit=1").json()
    return told["happenings"][0]["at"]


def test_a_file_is_sent_mapped_tried_loaded_and_what_was_rejected_comes_back(admin):
    before = newest(admin)
    place = sent(admin, "zamowienia.csv", ROWS)
    admin.put(f"{place}/reading", json={"entity": "orders"})
    suggested = fits(admin.get(f"{place}/mapping"), "source-mapping")
    assert suggested["beginning"][0]["email"] == "anna@example.org"
    columns = {"order_id": "nr", "customer_id": "klient", "ordered_at": "kiedy"}
    columns["amount"] = "suma"
    mapping = suggested["mapping"] | {"entities": {"orders": columns}}
    agreed = fits(admin.put(f"{place}/mapping", json={"mapping": mapping}), "source")
    assert agreed["mapping"]["entities"]["orders"]["customer_id"] == "klient"
    fits(admin.get(f"{place}/profile"), "profile")
    fits(admin.get(f"{place}/cleaning"), "clean-suggest")
    tried = done(admin, "POST", f"{place.removeprefix('/api/v1')}/rehearsal")
    assert tried["status"] == "done", tried["error"]
    assert (
        admin.get("/api/v1/customers/c1/happenings?limit=1").json()["happenings"][0]["at"] == before
    )
    loaded = done(admin, "POST", f"{place.removeprefix('/api/v1')}/load")
    assert loaded["status"] == "done", loaded["error"]
    assert newest(admin) > before
    rejected = admin.get(f"{place}/rejected")
    assert rejected.headers["content-type"].startswith("text/csv")
    assert "n3" in rejected.text
    assert "n1" not in rejected.text
    assert fits(admin.get(place), "source")["loads"] == 1
    fits(admin.delete(place), "source-removed")
    assert admin.get(place).status_code == 404


def test_who_may_not_see_people_sees_masks(own_bakery):
    analyst = client_of(own_bakery, "analyst")
    place = sent(analyst, "orders.csv", ROWS)
    shown = analyst.get(f"{place}/mapping")
    assert "anna@example.org" not in shown.text
    assert shown.json()["beginning"][0]["email"] == "a…"


def test_a_step_is_added_to_the_mapping_and_taken_out(admin):
    place = sent(admin, "orders.csv", "order_id,customer_id,ordered_at,amount,channel\n"
                 "n1,c1,2024-07-01,10.50,WEB\n")  # fmt: skip
    kept = admin.post(f"{place}/cleaning", json={"column": "channel", "step": {"case": "lower"}})
    assert fits(kept, "source")["mapping"]["clean"] == {"channel": [{"case": "lower"}]}
    left = fits(admin.delete(f"{place}/cleaning/channel"), "source")
    assert not left["mapping"].get("clean")


def test_a_question_is_answered_by_a_choice(admin):
    rows = "\n".join(f"n{each},c{each},0{each}/05/2024,1.5" for each in range(1, 8))
    place = sent(admin, "orders.csv", f"order_id,customer_id,ordered_at,amount\n{rows}\n")
    [question] = fits(admin.get(f"{place}/mapping"), "source-mapping")["questions"]
    assert question["column"] == "ordered_at"
    assert admin.put(f"{place}/mapping", json={}).status_code == 400
    wrong = {"choices": {"ordered_at": 9}}
    assert admin.put(f"{place}/mapping", json=wrong).status_code == 400
    fits(admin.put(f"{place}/mapping", json={"choices": {"ordered_at": 0}}), "source")


@pytest.mark.parametrize("name", ["x.exe", "x", "..", "", "x.csv.zip", "../../x.py"])
def test_what_cannot_be_loaded_is_not_kept(admin, name):
    answer = admin.post(API, files={"file": (name, b"a,b\n1,2\n")})
    assert answer.status_code in (400, 422)
    assert admin.get(API).json()["sources"] == []


def test_a_name_leads_nowhere(admin, own_bakery):
    place = sent(admin, "../../../evil.csv", "a,b\n1,2\n")
    assert admin.get(place).json()["name"] == "evil.csv"
    kept = sorted(each.name for each in own_bakery.state.folder.rglob("records*"))
    assert kept == ["records.csv"]
    assert not list(own_bakery.state.folder.parent.rglob("evil*"))


def test_a_packed_file_is_read(admin):
    place = sent(admin, "orders.csv.gz", gzip.compress(ROWS.encode()))
    assert fits(admin.get(f"{place}/mapping"), "source-mapping")["records"] == 3


@pytest.mark.parametrize("content", [b"", b"\x00\xff\x00", b"\n\n\n", b"\xff" * 2_000])
def test_an_unreadable_file_is_a_problem(admin, content):
    place = sent(admin, "orders.csv", content)
    assert admin.get(f"{place}/mapping").status_code in (400, 422)


def test_nobody_without_the_right_sends_files(own_bakery):
    viewer = client_of(own_bakery, "viewer")
    assert viewer.post(API, files={"file": ("a.csv", b"a\n1\n")}).status_code == 403
