"""Models, clusters and discoveries over the API: asked for, done, and then answered."""

from __future__ import annotations

import time

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.conftest import client_of

from segmentry.api.answer import shapes
from segmentry.api.screen import loosened

OVER = ("done", "failed", "interrupted", "cancelled")


@pytest.fixture
def analyst(own_bakery: FastAPI) -> TestClient:
    return client_of(own_bakery, "analyst")


def done(client: TestClient, method: str, path: str, body: object = None) -> dict:
    """Ask for long work and wait until it is over."""
    answer = client.request(method, f"/api/v1{path}", json=body)
    assert answer.status_code == 202, answer.text
    place = answer.headers["location"]
    for _ in range(1_200):
        run = client.get(place).json()
        if run["status"] in OVER:
            return run
        time.sleep(0.05)
    raise AssertionError("it takes too long")


def fits(answer, schema: str) -> dict:
    assert answer.status_code in (200, 201), answer.text
    jsonschema.validate(answer.json(), loosened(shapes()[schema]))
    return answer.json()


def test_clusters_are_looked_for_and_saved(analyst):
    run = done(analyst, "PUT", "/clusters/kinds", {"anyway": 3})
    assert run["status"] == "done", run["error"]
    latest = fits(analyst.get("/api/v1/clusters"), "clusters")["latest"]
    assert len(latest["clusters"]) == 3
    fits(analyst.get("/api/v1/clusters/kinds"), "clusters-save")
    assert analyst.get("/api/v1/segmentations/kinds").status_code == 200


def test_a_discovery_is_kept_and_a_group_of_it_becomes_a_segment(analyst):
    wanted = {"by": "frequency", "least": 10, "depth": 1, "most": 3}
    run = done(analyst, "POST", "/discoveries", wanted)
    assert run["status"] == "done", run["error"]
    latest = fits(analyst.get("/api/v1/discoveries"), "discoveries")["latest"]
    assert latest["by"] == "frequency"
    if latest["groups"]:
        kept = analyst.post("/api/v1/discoveries/1/segment", json={"name": "found"})
        assert fits(kept, "discover-save")["rule"] == latest["groups"][0]["rule"]
    missing = analyst.post("/api/v1/discoveries/99/segment", json={"name": "found"})
    assert missing.status_code == 404


def test_a_model_is_added_and_removed(analyst):
    run = done(analyst, "POST", "/models", {"name": "worth", "question": "clv"})
    assert run["status"] == "done", run["error"]
    fits(analyst.get("/api/v1/models/worth"), "models-show")
    assert [each["name"] for each in analyst.get("/api/v1/models").json()["models"]] == ["worth"]
    assert analyst.delete("/api/v1/models/worth").status_code == 200
    assert analyst.get("/api/v1/models").json()["models"] == []


def test_a_model_that_cannot_be_is_refused_at_once(analyst):
    answer = analyst.post("/api/v1/models", json={"name": "worth", "question": "love"})
    assert answer.status_code == 422


def test_a_budget_is_split(own_bakery):
    responses = {
        "abroad": [{"spent": 100, "profit": 300}],
        "frequency >= 6": [{"spent": 100, "profit": 150}],
    }
    asked = {"budget_amount": 100, "responses": responses}
    answer = client_of(own_bakery, "marketer").post("/api/v1/allocations", json=asked)
    assert fits(answer, "allocate")["segments"][0]["name"] == "abroad"
