"""Rules as text and as a tree over the API."""

from __future__ import annotations

import jsonschema
import pytest
from tests.api.conftest import client_of

from segmentry.api.answer import shapes

TEXT = "frequency >= 3 AND (recency_days > 60 OR any(orders, last => '90 days'))"


@pytest.fixture(scope="module")
def ask(app):
    """Post to a route of rules; what it answered, held against its schema."""
    client = client_of(app, "viewer")

    def asked(route: str, **body: object) -> dict:
        answer = client.post(f"/api/v1/rules/{route}", json=body)
        assert answer.status_code == 200, answer.text
        jsonschema.validate(answer.json(), shapes()["rule"])
        return answer.json()

    return asked


def test_a_text_and_its_tree_are_one_rule(ask):
    read = ask("read", text=TEXT)
    assert read["problems"] == []
    written = ask("write", rule=read["rule"])
    assert written["text"] == TEXT
    assert written["sentence"] == read["sentence"] != ""


def test_a_wrong_text_says_where(ask):
    [problem] = ask("read", text="frequency >= \n 3 AND AND")["problems"]
    assert (problem["line"], problem["code"]) == (2, "rule_syntax")


def test_an_unknown_name_keeps_the_tree_and_says_what_was_meant(ask):
    read = ask("read", text="frequncy >= 3")
    assert read["rule"]["rule"]["left"] == {"kind": "name", "name": "frequncy"}
    assert read["problems"][0]["suggestion"] == ["frequency"]


def test_a_wrong_tree_says_where(ask):
    tree = {"version": 1, "rule": {"kind": "and", "parts": [{"kind": "nonsense"}]}}
    [problem] = ask("write", rule=tree)["problems"]
    assert problem["pointer"] == "/rule/parts/0/kind"


def test_every_word_for_a_builder_can_be_used(app):
    client = client_of(app, "viewer")
    words = client.get("/api/v1/rules/words").json()
    names = [each["name"] for each in words["features"] if each["type"] == "integer"]
    rule = " OR ".join(f"{each} = 1" for each in names)
    assert names
    assert client.post("/api/v1/rules/read", json={"text": rule}).json()["problems"] == []


def test_values_of_few_are_not_told_to_everybody(app):
    def told(role: str) -> list[dict]:
        asked = client_of(app, role).get("/api/v1/rules/values?of=rfm_group")
        return asked.json()["values"]

    assert all(each["customers"] >= 10 for each in told("viewer"))
    assert any(each["customers"] < 10 for each in told("marketer"))


def test_values_of_what_is_personal_are_not_told(app):
    answer = client_of(app, "admin").get("/api/v1/rules/values?of=frequency")
    assert answer.status_code == 400
