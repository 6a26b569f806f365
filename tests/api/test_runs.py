"""Long work over the API: asked for, watched, taken back; it never runs for ever."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import jsonschema
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.conftest import client_of

from segmentry.api import tasks
from segmentry.api.answer import shapes
from segmentry.api.app import create
from segmentry.core.errors import InputError
from segmentry.workspace.workspace import Workspace

PATIENCE_SECONDS = 120


@pytest.fixture
def own_app(shop_folder: Path, tmp_path: Path) -> Iterator[FastAPI]:
    """A served copy of the shop."""
    shutil.copytree(shop_folder, tmp_path / "shop")
    made = create(tmp_path / "shop")
    with TestClient(made):
        yield made


def over(client: TestClient, number: int) -> dict[str, object]:
    """A run when it is over."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        run = client.get(f"/api/v1/runs/{number}").json()
        jsonschema.validate(run, shapes()["run"])
        if run["ended_at"]:
            return run
        threading.Event().wait(0.05)
    raise AssertionError(run)


def test_a_refresh_is_asked_for_watched_and_shows_when_it_is_whole(own_app):
    admin = client_of(own_app, "admin")
    answer = admin.post("/api/v1/refreshes", json={"as_of": "2024-03-01"})
    assert answer.status_code == 202
    number = answer.json()["id"]
    assert answer.headers["location"] == f"/api/v1/runs/{number}"
    with admin.stream("GET", f"/api/v1/runs/{number}/events") as events:
        said = [json.loads(line[6:]) for line in events.iter_lines() if line.startswith("data: ")]
    assert said[-1]["status"] == "done"
    assert [each["name"] for each in said[-1]["steps"]] == [
        "check", "scores", "features", "memberships"
    ]  # fmt: skip
    assert said[-1]["result"]["as_of"] == "2024-03-01" == said[-1]["as_of"]
    shop = admin.get("/api/v1/workspace").json()
    assert shop["refreshed_as_of"] == "2024-03-01"
    assert shop["refresh_due"]  # pages show the newest day
    assert shop["refreshing"] is None
    assert said[-1]["asked_by"] == "a test"  # the name of the key


def test_what_runs_and_what_waits_can_be_taken_back(own_app, monkeypatch):
    begun = threading.Event()

    def endless(workspace, _, progress):
        begun.set()
        while True:
            progress("counting", 1, 2)
            workspace.engine.value("SELECT count(*) FROM range(1000000)")

    monkeypatch.setitem(tasks.TASKS, "refresh", endless)
    admin = client_of(own_app, "admin")
    running = admin.post("/api/v1/refreshes").json()["id"]
    waiting = admin.post("/api/v1/refreshes").json()["id"]
    assert begun.wait(PATIENCE_SECONDS)
    assert admin.get("/api/v1/workspace").json()["refreshing"] == running
    assert admin.get(f"/api/v1/runs/{waiting}").json()["status"] == "waiting"
    assert admin.post(f"/api/v1/runs/{waiting}/cancellation").json()["status"] == "cancelled"
    assert admin.post(f"/api/v1/runs/{running}/cancellation").status_code == 200
    assert over(admin, running)["status"] == "cancelled"
    assert admin.post(f"/api/v1/runs/{running}/cancellation").status_code == 400


def test_one_that_fails_says_why_and_stops_no_other(own_app, monkeypatch):
    def failing(*_):
        raise InputError("column `total` is missing.", fix="Add it.")

    admin = client_of(own_app, "admin")
    with monkeypatch.context() as patch:
        patch.setitem(tasks.TASKS, "refresh", failing)
        failed = over(admin, admin.post("/api/v1/refreshes").json()["id"])
    assert (failed["status"], failed["error"]["fix"]) == ("failed", "Add it.")
    assert over(admin, admin.post("/api/v1/refreshes").json()["id"])["status"] == "done"


def test_what_ran_when_the_server_died_is_interrupted_and_what_waited_is_done(
    shop_folder, tmp_path
):
    shutil.copytree(shop_folder, tmp_path / "shop")
    with Workspace.open(tmp_path / "shop") as shop:
        dead, waiting = (shop.catalogue.runs.ask("refresh", {}, "me", shop.clock()) for _ in "ab")
        shop.catalogue.runs._begin("refresh", None, shop.clock(), dead)
    app = create(tmp_path / "shop")
    with TestClient(app):
        admin = client_of(app, "admin")
        assert over(admin, waiting)["status"] == "done"
        assert over(admin, dead)["status"] == "interrupted"


def test_a_viewer_asks_for_no_work(client):
    assert client("viewer").post("/api/v1/refreshes").status_code == 403
