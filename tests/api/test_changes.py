"""What changes a workspace over the API, on a shop of the test's own."""

from __future__ import annotations

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.conftest import client_of
from tests.api.test_long import done

from segmentry.api.answer import shapes

API = "/api/v1"


@pytest.fixture
def admin(own_bakery: FastAPI) -> TestClient:
    return client_of(own_bakery, "admin")


def fits(answer, schema: str) -> dict:
    assert answer.status_code in (200, 201), answer.text
    jsonschema.validate(answer.json(), shapes()[schema])
    return answer.json()


def test_a_segment_is_saved_changed_and_removed(admin):
    first = fits(
        admin.put(f"{API}/segments/many", json={"rule": "frequency >= 6"}), "segments-save"
    )
    again = fits(
        admin.put(f"{API}/segments/many", json={"rule": "frequency >= 4"}), "segments-save"
    )
    assert (first["version"], again["version"]) == (1, 2)
    assert again["effect"]["leave"]["customers"] == 0 < again["effect"]["enter"]["customers"]
    fits(
        admin.post(f"{API}/segments/many/effect", json={"rule": "frequency >= 9"}),
        "segments-effect",
    )
    fits(admin.delete(f"{API}/segments/many"), "segments-remove")
    assert admin.get(f"{API}/segments/many").status_code == 404


def test_a_segment_is_split_by_chance(admin):
    parts = {"a": 0.5, "b": 0.5}
    made = admin.post(f"{API}/segments/abroad/splits", json={"name": "test", "parts": parts})
    groups = fits(made, "groups")["groups"]
    assert [each["name"] for each in groups] == ["a", "b"]


def test_a_template_becomes_a_segment(admin):
    body = {"name": "quiet", "parameters": {"days": "90"}}
    fits(admin.post(f"{API}/templates/one_and_done/segment", json=body), "templates-use")
    wrong = {"parameters": {"name": "x"}}
    answer = admin.post(f"{API}/templates/one_and_done/segment", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_name")


def test_a_playbook_is_written_and_reset(admin):
    place = f"{API}/playbooks/rfm/VIP"
    written = fits(admin.patch(place, json={"offer": "A seat at the tasting"}), "playbook")
    assert written["playbooks"][0]["offer"] == "A seat at the tasting"
    assert not fits(admin.delete(place), "playbook")["playbooks"][0]["own"]


def test_a_list_is_made_asked_for_and_removed(admin):
    made = admin.post(f"{API}/lists", json={"name": "guests", "customers": ["c1", "c2", "nobody"]})
    assert fits(made, "list")["unmatched"] == 1
    shown = fits(admin.get(f"{API}/lists/guests"), "lists-show")
    assert shown["not_matched"] == ["nobody"]
    rule = {"rule": "in_list('guests')"}
    assert admin.post(f"{API}/segments/preview", json=rule).json()["customers"] == 2
    fits(admin.delete(f"{API}/lists/guests"), "lists-remove")
    frozen = admin.post(f"{API}/lists/snapshots", json={"name": "then", "segment": "abroad"})
    assert fits(frozen, "list")["members"] == 550


def test_a_customer_is_put_into_a_segment_by_hand(admin):
    place = f"{API}/segments/abroad/by-hand/c2"
    body = {"included": True, "reason": "moved"}
    fits(admin.put(place, json=body), "decided-by-hand")
    hands = fits(admin.get(f"{API}/segments/abroad/by-hand"), "segments-by-hand")["by_hand"]
    assert [(each["customer_id"], each["reason"]) for each in hands] == [("c2", "moved")]
    card = admin.get(f"{API}/segments/abroad/card").json()
    assert card["customers"] == admin.get(f"{API}/segments/abroad").json()["customers"] == 551
    assert fits(admin.delete(place), "decided-by-hand")["included"] is None


def test_figures_of_the_market_are_kept_and_compared(admin):
    figures = {"name": "country", "figures": {"UA": 40, "PL": 38}, "source": "census"}
    fits(admin.post(f"{API}/market", json=figures), "market-load")
    fits(admin.get(f"{API}/segments/abroad/market"), "market-compare")


def test_duplicates_are_searched_merged_and_taken_apart(admin):
    assert done(admin, "POST", "/duplicates/searches")["status"] == "done"
    merged = admin.post(f"{API}/duplicates/merges", json={"customers": ["c1", "c2"]})
    [number] = fits(merged, "duplicates-merge")["decisions"]
    undone = admin.post(f"{API}/duplicates/decisions/{number}/undo")
    assert fits(undone, "duplicates-undo")["undoes"] == number
    refused = admin.post(f"{API}/duplicates/refusals", json={"customers": ["c3", "c4"]})
    fits(refused, "duplicates-refuse")
    both = {"customers": ["c1", "c2"], "at_least": 0.9}
    assert admin.post(f"{API}/duplicates/merges", json=both).status_code == 400


def test_definitions_go_out_and_come_in_again(admin):
    files = fits(admin.get(f"{API}/definitions"), "definitions")["files"]
    same = fits(admin.post(f"{API}/definitions/plan", json={"files": files}), "plan")
    assert same["changes"] == same["problems"] == []
    files["segments/abroad.yaml"] = files["segments/abroad.yaml"].replace("PL", "UA")
    planned = fits(admin.post(f"{API}/definitions/plan", json={"files": files}), "plan")
    assert [each["name"] for each in planned["changes"]] == ["abroad"]
    assert fits(admin.post(f"{API}/definitions/apply", json={"files": files}), "apply")["applied"]
    assert admin.get(f"{API}/segments/abroad").json()["rule"] == "country = 'UA'"


@pytest.mark.parametrize("path", ["../x.yaml", "segments/../../x.yaml", "/etc/passwd", "x", ""])
def test_a_definition_elsewhere_is_a_problem(admin, path):
    body = {"files": {path: "rule: frequency > 1"}}
    planned = fits(admin.post(f"{API}/definitions/plan", json=body), "plan")
    assert planned["problems"]
    assert admin.post(f"{API}/definitions/apply", json=body).status_code == 422


def test_what_is_sensitive_is_unlocked_with_a_reason(admin):
    names = [each["name"] for each in admin.get(f"{API}/sensitive").json()["fields"]]
    assert "religion" in names
    asked = {"name": "religion", "action": "unlock", "reason": "asked", "purpose": "mailing"}
    decided = fits(admin.post(f"{API}/sensitive/decisions", json=asked), "sensitive-unlock")
    assert not decided["locked"]
    assert not any(
        each["name"] == "religion" and each["locked"]
        for each in admin.get(f"{API}/sensitive").json()["fields"]
    )


def test_journeys_are_those_of_the_customers_asked_about(admin):
    found = fits(admin.post(f"{API}/journeys", json={"of": ["abroad"]}), "journeys")
    assert found["segments"] == ["abroad"]
    assert len(found["sides"]) == 2
    assert admin.post(f"{API}/journeys", json={"gap": "soon"}).status_code == 422


def test_a_viewer_changes_nothing_and_sees_no_rows(own_bakery):
    viewer = client_of(own_bakery, "viewer")
    assert viewer.put(f"{API}/segments/x", json={"rule": "frequency > 1"}).status_code == 403
    checks = viewer.get(f"{API}/checks").json()["checks"]
    assert not any(each["sample"] for each in checks)
