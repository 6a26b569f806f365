"""Segments over the API: the same documents as on the command line."""

from __future__ import annotations

import jsonschema
import pytest

from segmentry.api.answer import shapes


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("/workspace", "workspace"),
        ("/segments", "segments-list"),
        ("/segments/regulars", "segments-show"),
        ("/segments/regulars/members", "segments-members"),
        ("/segments/regulars/history", "segments-history"),
    ],
)
def test_answers_fit_their_schemas(client, path, schema):
    answer = client("admin").get(f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), shapes()[schema])


def test_a_count_is_that_of_the_list(client):
    admin = client("admin")
    rule = {"rule": "frequency >= 3"}
    counted = admin.post("/api/v1/segments/preview", json=rule).json()["customers"]
    assert counted == len(admin.get("/api/v1/segments/regulars/members").json()["members"]) > 0


def test_a_problem_says_where_and_what_to_do(client):
    answer = client("admin").post("/api/v1/segments/preview", json={"rule": "frequencyy >= 3"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "unknown_name"
    assert "frequency" in answer.json()["fix"]


def test_what_was_not_asked_for_is_refused_without_repeating_it(client):
    answer = client("admin").post("/api/v1/segments/preview", json={"rule": 5, "secret": "x@y.z"})
    assert answer.status_code == 422
    assert "x@y.z" not in answer.text


def test_nobody_is_let_in_without_a_key(client):
    nobody = client("admin")
    nobody.headers.pop("authorization")
    assert nobody.get("/api/v1/segments").status_code == 401


def test_a_viewer_sees_sizes_but_nobody(client):
    viewer = client("viewer")
    assert viewer.get("/api/v1/segments").status_code == 200
    assert viewer.get("/api/v1/segments/regulars/members").status_code == 403


def test_the_same_is_not_sent_twice(client):
    first = client("viewer").get("/api/v1/segments")
    again = client("viewer").get(
        "/api/v1/segments", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304
    assert again.content == b""
