"""What was done is in the log, and nothing personal or secret is anywhere it should not be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.api.conftest import BASE
from tests.api.served import PASSWORD, Served, served, sign_in

from segmentry.api.app import create
from segmentry.api.log import JsonLines
from segmentry.workspace.workspace import Workspace

API = "/api/v1"


@pytest.fixture
def shop(shop_folder: Path, tmp_path: Path) -> Iterator[Served]:
    """A served shop with an administrator and a viewer."""
    with served(shop_folder, tmp_path / "shop") as found:
        found.access.people.add("Olena Koval", "admin", PASSWORD)
        found.access.people.add("Jan Nowak", "viewer", PASSWORD)
        yield found


def noted(shop: Served) -> list[tuple[str, str, str]]:
    """Who did what with which outcome, the oldest first."""
    return [(each.who, each.what, each.outcome) for each in shop.access.audit.latest()[::-1]]


def test_signing_in_is_noted_and_so_is_failing_to(shop):
    browser = shop.signed_in("Olena Koval")
    sign_in(shop.browser(), "Jan Nowak", "not the password")
    sign_in(shop.browser(), "typed-my-password-here", "x")
    browser.delete(f"{API}/sessions/current")
    assert noted(shop) == [
        ("person:1", "sessions_sign_in", "done"),
        ("nobody", "sessions_sign_in", "refused"),
        ("nobody", "sessions_sign_in", "refused"),
        ("person:1", "sessions_sign_out", "done"),
    ]
    tried = [each.object for each in shop.access.audit.latest()[1:3]]
    assert tried == [{"person": None}, {"person": 2}]


def test_a_change_is_noted_with_its_versions(shop):
    browser = shop.signed_in("Olena Koval")
    for rule in ("frequency >= 9", "frequency >= 8"):
        browser.put(f"{API}/segments/often", json={"rule": rule})
    browser.delete(f"{API}/segments/often")
    third, second, first = shop.access.audit.latest(3)
    assert first.object == {"name": "often"}
    assert [each.changes[0] for each in (first, second, third)] == [
        {"kind": "segment", "name": "often", "before": 0, "after": 1},
        {"kind": "segment", "name": "often", "before": 1, "after": 2},
        {"kind": "segment", "name": "often", "before": 2, "after": 0},
    ]


def test_a_look_at_customers_is_noted_with_how_many(shop):
    browser = shop.signed_in("Olena Koval")
    found = browser.get(f"{API}/segments/regulars/members").json()
    [entry] = shop.access.audit.latest(1)
    assert (entry.what, entry.customers) == ("segments_members", found["customers"])
    browser.get(f"{API}/segments/regulars/members/c001")
    [entry] = shop.access.audit.latest(1)
    assert entry.customers == 1
    assert "c001" not in str(entry)
    assert entry.object["customer_id"] == shop.access.named("customer_id", "c001", done=True)
    assert entry.object["customer_id"] != shop.access.named("customer_id", "c002", done=True)
    browser.get(f"{API}/segments/regulars/export")
    [entry] = shop.access.audit.latest(1)
    assert (entry.outcome, entry.customers) == ("done", found["customers"])


def test_what_is_refused_is_noted_and_what_shows_nobody_is_not(shop):
    browser = shop.signed_in("Jan Nowak")
    browser.get(f"{API}/segments")
    browser.get(f"{API}/segments/regulars/members")
    shop.browser().get(f"{API}/segments/regulars/members")
    assert noted(shop)[1:] == [("person:2", "segments_members", "refused")]


def test_what_was_not_there_is_not_noted_by_its_name(shop):
    browser = shop.signed_in("Olena Koval")
    browser.delete(f"{API}/segments/olena_koval_1985")
    browser.patch(f"{API}/people/1", json={"role": "admin"})
    changed, missed = shop.access.audit.latest(2)
    assert missed.outcome == "failed"
    assert "olena" not in str(missed)
    assert changed.object == {"number": 1}


def test_the_log_is_read_page_by_page_and_is_whole(shop):
    browser = shop.signed_in("Olena Koval")
    for number in range(5):
        browser.post(f"{API}/keys", json={"name": f"key {number}", "scopes": ["read"]})
    found, cursor = [], ""
    while cursor is not None:
        page = browser.get(f"{API}/audit", params={"limit": 2, "cursor": cursor}).json()
        found += [each["number"] for each in page["entries"]]
        cursor = page["next_cursor"]
    assert found[-6:] == [6, 5, 4, 3, 2, 1]
    assert page["entries"][0]["name"] == "Olena Koval"
    assert browser.get(f"{API}/audit/chain").json()["whole"] is True


def test_who_was_removed_stays_in_the_log_without_a_name(shop):
    shop.signed_in("Jan Nowak")
    browser = shop.signed_in("Olena Koval")
    assert browser.delete(f"{API}/people/2").status_code == 200
    entries = browser.get(f"{API}/audit").json()["entries"]
    [entry] = [each for each in entries if each["who"] == "person:2"]
    assert entry["name"] is None
    assert shop.access.audit.checked().broken_at is None


def test_an_entry_that_cannot_be_written_lets_nothing_out(shop, monkeypatch):
    browser = shop.signed_in("Olena Koval")

    def full(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(shop.access.audit, "note", full)
    answer = browser.get(f"{API}/segments/regulars/members")
    assert answer.status_code == 500
    assert "c0" not in answer.text


# canaries

CANARIES = [f"canary{number:03}" for number in range(100)]
CUSTOMERS = 60


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[FastAPI]:
    """A served shop whose customers are canaries."""
    ids = CANARIES[:CUSTOMERS] * 5
    rows = [f"o{at},{each},2024-05-{at % 28 + 1:02},{at + 5}" for at, each in enumerate(ids)]
    file = tmp_path / "orders.csv"
    file.write_text("\n".join(["order_id,customer_id,ordered_at,total", *rows]), "utf-8")
    with Workspace.create(tmp_path / "shop") as made:
        made.load(orders=file)
        made.segment("all_of_them", "frequency >= 1")
        made.refresh()
    app = create(tmp_path / "shop")
    with TestClient(app, base_url=BASE):
        yield app


def asked_with(app: FastAPI, key: str, secrets: Iterator[str]) -> Iterator[Response]:
    """Answers to whoever has a key, about customers, and to mistakes."""
    client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    client.headers["authorization"] = f"Bearer {key}"
    for each in CANARIES[:5]:
        yield client.get(f"{API}/segments/all_of_them/members/{each}")
        yield client.get(f"{API}/customers/{each}")
        yield client.get(f"{API}/customers/{each}/happenings")
    for path in ("segments/all_of_them/members", "customers", "checks", "metrics"):
        yield client.get(f"{API}/{path}")
    yield client.get(f"{API}/segments/all_of_them/export")
    yield client.post(f"{API}/segments/all_of_them/effect", json={"rule": "frequency >= 2"})
    yield client.post(f"{API}/segments/preview", json={"rule": 1, "email": next(secrets)})
    yield client.patch(f"{API}/people/{next(secrets)}", json={"password": next(secrets)})
    del client.headers["authorization"]
    given = {"name": next(secrets), "password": next(secrets)}
    yield client.post(f"{API}/sessions", json=given)
    yield client.post(f"{API}/sessions", json={"token": next(secrets)})


def test_no_personal_value_or_secret_gets_out(planted, caplog):
    """None is in what is kept of requests, or told of mistakes, or to who may not see customers."""
    caplog.set_level(logging.DEBUG)
    access, secrets = planted.state.door.access, iter(CANARIES[CUSTOMERS:])
    _, blind = access.keys.add("blind", ["read", "define", "run", "load", "export", "manage"])
    _, seer = access.keys.add("seer", ["read", "personal", "define"])
    unknown = f"sgm_{next(secrets)}_{next(secrets)}"
    told = [each.text for key in (blind, unknown) for each in asked_with(planted, key, secrets)]
    shown = [*asked_with(planted, seer, secrets)]
    assert sum(bool(found_in(each.text)) for each in shown) > len(shown) / 2  # the test can fail
    told += [each.text for each in shown if not each.is_success]
    log = [JsonLines().format(each) for each in caplog.records if ours(each)]
    assert log
    assert found_in("\n".join([*told, *log, str(access.audit.latest(1000))])) == []
    for file in Path(planted.state.folder).glob("catalogue.sqlite*"):
        assert found_in(file.read_bytes().decode("latin-1")) == []


def ours(record: logging.LogRecord) -> bool:
    """Whether the server writes a record: of what tests use to ask, it writes nothing."""
    return record.name.startswith(("segmentry", "uvicorn"))


def found_in(text: str) -> list[str]:
    return [each for each in CANARIES if each in text]
