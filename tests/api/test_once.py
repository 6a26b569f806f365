"""A change that is sent again with its key is done once, and answered as the first time."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.api.conftest import BASE, client_of, key_of

from segmentry.api.access import ROLES
from segmentry.api.app import create
from segmentry.core import time

AT_ONCE = 50
SEQUENCES = int(os.environ.get("SEGMENTRY_SEQUENCES", "20"))
"""Of changes that are sent again, in any order. `make cases` draws 10,000."""


@pytest.fixture(scope="module")
def own_app(shop_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    """A served copy of the shop."""
    folder = tmp_path_factory.mktemp("once") / "shop"
    shutil.copytree(shop_folder, folder)
    made = create(folder)
    with TestClient(made, base_url=BASE):
        yield made


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_a_retried_change_is_answered_as_the_first_time(own_app):
    admin = client_of(own_app, "admin")
    first = admin.post("/api/v1/refreshes", headers=keyed("a"))
    again = admin.post("/api/v1/refreshes", headers=keyed("a"))
    other = admin.post("/api/v1/refreshes", headers=keyed("b"))
    assert first.status_code == again.status_code == 202
    assert first.content == again.content
    assert first.headers["location"] == again.headers["location"]
    replayed = [each.headers.get("idempotency-replayed") for each in (first, again)]
    assert replayed == [None, "true"]
    assert other.json()["id"] == first.json()["id"] + 1


def test_a_key_is_of_one_request_and_of_one_who_asks(own_app):
    admin, marketer = client_of(own_app, "admin"), client_of(own_app, "marketer")
    rule = {"rule": "frequency >= 2"}
    assert admin.put("/api/v1/segments/one", json=rule, headers=keyed("k")).status_code == 200
    answer = admin.put("/api/v1/segments/two", json=rule, headers=keyed("k"))
    assert (answer.status_code, answer.json()["code"]) == (400, "usage")
    of_another = marketer.put("/api/v1/segments/two", json=rule, headers=keyed("k"))
    assert "idempotency-replayed" not in of_another.headers
    assert of_another.status_code == 200


def test_what_was_refused_may_be_tried_again_with_its_key(own_app):
    admin = client_of(own_app, "admin")
    path, headers = "/api/v1/segments/late", keyed("again")
    assert admin.delete(path, headers=headers).status_code == 404
    admin.put(path, json={"rule": "frequency >= 2"})
    assert admin.delete(path, headers=headers).status_code == 200
    assert admin.delete(path, headers=headers).status_code == 200  # the first answer
    assert admin.delete(path).status_code == 404


def test_many_at_once_with_one_key_have_one_effect(own_app):
    headers = {"Authorization": f"Bearer {key_of(own_app, ROLES['admin'])}"} | keyed("rush")

    async def rush() -> list[httpx.Response]:
        transport = httpx.ASGITransport(own_app)
        async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
            asked = (client.post("/api/v1/refreshes") for _ in range(AT_ONCE))
            return await asyncio.gather(*asked)

    with ThreadPoolExecutor(1) as elsewhere:  # this thread may have a browser's loop
        answers = elsewhere.submit(asyncio.run, rush()).result()
    assert {each.status_code for each in answers} == {202}
    assert len({each.json()["id"] for each in answers}) == 1


def test_a_key_is_good_for_a_day(shop_folder, tmp_path):
    shutil.copytree(shop_folder, tmp_path / "shop")
    now = [time.now()]
    app = create(tmp_path / "shop", clock=lambda: now[0])
    with TestClient(app, base_url=BASE):
        admin = client_of(app, "admin")
        first = admin.post("/api/v1/refreshes", headers=keyed("a")).json()["id"]
        now[0] += timedelta(hours=23)
        assert admin.post("/api/v1/refreshes", headers=keyed("a")).json()["id"] == first
        now[0] += timedelta(hours=2)
        assert admin.post("/api/v1/refreshes", headers=keyed("a")).json()["id"] != first


Steps = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["x", "y"]), st.integers(1, 3)),
    min_size=1,
    max_size=8,
)


@settings(max_examples=SEQUENCES)
@given(steps=Steps, salt=st.uuids())
def test_in_any_sequence_the_first_answer_of_a_key_holds(own_app, steps, salt):
    admin = client_of(own_app, "admin")
    first: dict[str, tuple[tuple[str, int], bytes]] = {}
    for key, name, least in steps:
        rule = {"rule": f"frequency >= {least}"}
        path, headers = f"/api/v1/segments/{name}", keyed(f"{key}{salt}")
        answer = admin.put(path, json=rule, headers=headers)
        if key not in first:
            assert answer.status_code == 200
            first[key] = (name, least), answer.content
        elif first[key][0] == (name, least):
            assert answer.content == first[key][1]
        else:
            assert answer.status_code == 400


@pytest.mark.parametrize("key", ["", "x" * 201])
def test_a_key_has_a_length(own_app, key):
    answer = client_of(own_app, "admin").post("/api/v1/refreshes", headers=keyed(key))
    assert answer.status_code == 400
