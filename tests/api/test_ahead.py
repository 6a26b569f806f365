"""What takes long is worked out once, whoever asks; never is anything remembered that changed."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from tests.api.conftest import client_of

from segmentry.api import ahead
from segmentry.api.ahead import Ahead
from segmentry.insights.five_w import Card
from segmentry.workspace import card
from segmentry.workspace.insights import Insights
from segmentry.workspace.memory import MOST, Memory

API = "/api/v1"


def test_who_asks_meanwhile_waits_for_the_first():
    memory, begun, asked = Memory(), threading.Barrier(4), []

    def make() -> int:
        asked.append(1)
        return len(asked)

    def ask(_: int) -> int:
        begun.wait()
        return memory.of("key", make)

    with ThreadPoolExecutor(4) as together:
        assert list(together.map(ask, range(4))) == [1, 1, 1, 1]
    assert memory.of("another", make) == 2


def test_an_error_is_told_and_not_kept():
    memory = Memory()
    with pytest.raises(ZeroDivisionError):
        memory.of("key", lambda: 1 // 0)
    assert "key" not in memory
    assert memory.of("key", lambda: 1) == 1


def test_what_nobody_asked_for_longest_goes_first():
    memory = Memory()
    for each in range(MOST):
        memory.keep(each, each)
    memory.of(0, int)
    memory.keep("one more", 1)
    assert 0 in memory
    assert 1 not in memory


@pytest.fixture
def asked_ahead(own_bakery: FastAPI, monkeypatch: pytest.MonkeyPatch) -> FastAPI:
    monkeypatch.setattr(ahead, "QUIET_SECONDS", 0)
    client = client_of(own_bakery, "admin")
    client.put(f"{API}/segments/many", json={"rule": "frequency >= 6"})
    client.put(f"{API}/segments/of_many", json={"rule": "in_segment('many')"})
    Ahead(own_bakery.state.desks).ask()
    return own_bakery


def cards(client) -> list[int]:
    answers = [client.get(f"{API}/segments/{each}/card") for each in ("many", "of_many")]
    return [each.json()["customers"] for each in answers]


def test_pages_find_what_was_asked_ahead(asked_ahead, monkeypatch):
    client = client_of(asked_ahead, "admin")
    alone = client.get(f"{API}/cards", params={"of": "frequency >= 6"}).json()
    monkeypatch.setattr(card, "cards_of", None)
    found = client.get(f"{API}/segments/many/card").json()
    assert found["revenue_amount"] == alone["revenue_amount"] > 0
    assert client.get(f"{API}/methods").status_code == 200
    monkeypatch.setattr(Insights, "value", None)
    compared = client.get(f"{API}/values", params={"of": ["abroad", "many", "of_many"]}).json()
    assert [each["name"] for each in compared["segments"]] == ["abroad", "many", "of_many"]


def test_another_rule_another_answer_for_those_who_use_it_too(asked_ahead):
    client = client_of(asked_ahead, "admin")
    before = cards(client)
    counted = client.put(f"{API}/segments/many", json={"rule": "frequency >= 4"}).json()
    assert before[0] == before[1] < counted["customers"]
    assert cards(client) == [counted["customers"]] * 2


def test_other_data_another_answer(asked_ahead):
    client = client_of(asked_ahead, "admin")
    before = cards(client)[0]
    customer = client.get(f"{API}/segments/many/members").json()["members"][0]["customer_id"]
    left = client.put(
        f"{API}/segments/many/by-hand/{customer}", json={"included": False, "reason": "a test"}
    )
    assert left.status_code == 200, left.text
    assert cards(client) == [before - 1] * 2


def test_who_may_not_see_customers_is_not_told_what_was_remembered(asked_ahead, monkeypatch):
    asked = []
    monkeypatch.setattr(card, "cards_of", lambda *_: asked.append(1) or [Card.empty()])
    assert client_of(asked_ahead, "viewer").get(f"{API}/segments/many/card").status_code == 200
    assert asked
