"""Whole answers are kept for whoever asks the same, until anything changes; not for everybody."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from tests.api.conftest import client_of

from segmentry.answers import segments

API = "/api/v1"


def test_an_answer_is_kept_until_anything_changes(
    own_bakery: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(own_bakery, "admin")
    client.put(f"{API}/segments/many", json={"rule": "frequency >= 6"})
    first = client.get(f"{API}/segments")
    with monkeypatch.context() as patch:
        patch.setattr(segments, "every", None)
        again = client.get(f"{API}/segments")
        assert (again.content, again.headers) == (first.content, first.headers)
        mark = {"If-None-Match": first.headers["etag"]}
        assert client.get(f"{API}/segments", headers=mark).status_code == 304
    client.put(f"{API}/segments/few", json={"rule": "frequency >= 60"})
    names = {each["name"] for each in client.get(f"{API}/segments").json()["segments"]}
    assert {"many", "few"} <= names


@pytest.mark.parametrize("asked", [{"language": "fa"}, {"as_of": "2024-03-01"}])
def test_other_questions_are_others(own_bakery: FastAPI, asked: dict[str, str]) -> None:
    client = client_of(own_bakery, "admin")
    client.put(f"{API}/segments/many", json={"rule": "frequency >= 6"})
    usual = client.get(f"{API}/segments/many").json()
    assert client.get(f"{API}/segments/many", params=asked).json() != usual
    assert client.get(f"{API}/segments/many").json() == usual


def test_who_may_not_see_customers_is_not_given_what_was_kept(own_bakery: FastAPI) -> None:
    admin, viewer = client_of(own_bakery, "admin"), client_of(own_bakery, "viewer")
    admin.put(f"{API}/segments/best", json={"rule": "random_share('a') < 0.004"})
    whole = admin.get(f"{API}/segments/best").json()
    assert 0 < whole["customers"] < 10
    assert viewer.get(f"{API}/segments/best").json()["customers"] is None
    assert admin.get(f"{API}/segments/best").json() == whole
