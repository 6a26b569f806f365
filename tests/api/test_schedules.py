"""Schedules: due on the wall clock of the workspace, asked for once, caught up with once."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest
from fastapi.testclient import TestClient
from tests.api.conftest import BASE, client_of

from segmentry.api.answer import shapes
from segmentry.api.app import create
from segmentry.core.errors import DeclarationError
from segmentry.workspace.schedule import Schedule
from segmentry.workspace.workspace import Workspace

NIGHTLY = Schedule(name="nightly", cron="30 3 * * *")
ZONE = "Europe/Kyiv"


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-03-28 01:30", "2026-03-28 01:30"),
        ("2026-03-28 01:29", "2026-03-27 01:30"),
        ("2026-03-29 00:59", "2026-03-28 01:30"),
        ("2026-03-29 01:00", "2026-03-29 01:00"),  # 3:30 is left out; it is done right after
        ("2026-10-25 00:30", "2026-10-25 00:30"),  # 3:30 comes twice; it is done the first time
        ("2026-10-25 01:30", "2026-10-25 00:30"),
        ("2026-10-26 01:30", "2026-10-26 01:30"),
    ],
)
def test_it_is_due_by_the_wall_clock_also_where_that_jumps(now, due):
    found = NIGHTLY.last_due(datetime.fromisoformat(now), ZONE)
    assert found == datetime.fromisoformat(due)


@pytest.mark.parametrize("cron", ["", "daily", "61 * * * *", "0 5 31 2 *", "* * * * * * *"])
def test_what_is_no_time_is_refused(cron):
    with pytest.raises(DeclarationError, match="cron"):
        Schedule(name="x", cron=cron)


def test_each_time_is_asked_for_once_and_missed_ones_are_caught_up_with_once(shop_folder, tmp_path):
    shutil.copytree(shop_folder, tmp_path / "shop")
    now = datetime.now(UTC).replace(tzinfo=None)
    with Workspace.open(tmp_path / "shop") as shop:
        shop.clock = lambda: now
        schedules, runs = shop.schedules, shop.catalogue.runs
        schedules.save(Schedule(name="hourly", cron="0 * * * *"))
        assert schedules.due(now) == []
        for hours in (2, 3):  # two times have come since; then one more
            later = now + timedelta(hours=hours)
            [due] = schedules.due(later)
            runs.ask(due.work, {}, "schedule:hourly", later)
            assert schedules.due(later) == []


def test_schedules_over_the_api(shop_folder, tmp_path):
    shutil.copytree(shop_folder, tmp_path / "shop")
    app = create(tmp_path / "shop")
    with TestClient(app, base_url=BASE):
        admin = client_of(app, "admin")
        answer = admin.put("/api/v1/schedules/nightly", json={"cron": "30  3 * * *"})
        jsonschema.validate(answer.json(), shapes()["schedule"])
        assert (answer.json()["cron"], answer.json()["timezone"]) == ("30 3 * * *", ZONE)
        assert "T03:30:00+0" in answer.json()["next_at"]
        assert admin.get("/api/v1/schedules").json()["schedules"] == [answer.json()]
        refused = admin.put("/api/v1/schedules/nightly", json={"cron": "never"})
        assert (refused.status_code, refused.json()["code"]) == (422, "declaration")
        asked = admin.post("/api/v1/schedules/nightly/runs")
        assert (asked.status_code, asked.json()["asked_by"]) == (202, "schedule:nightly")
        assert admin.post("/api/v1/schedules/weekly/runs").status_code == 404
        assert admin.delete("/api/v1/schedules/nightly").status_code == 200
        assert admin.get("/api/v1/schedules").json()["schedules"] == []


def test_a_server_asks_for_what_is_due(shop_folder, tmp_path):
    shutil.copytree(shop_folder, tmp_path / "shop")
    with Workspace.open(tmp_path / "shop") as shop:
        shop.schedules.save(Schedule(name="often", cron="* * * * *"))
    later = datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=2)
    app = create(tmp_path / "shop", clock=lambda: later)
    with TestClient(app, base_url=BASE):
        pass  # it looks when it starts, and ends that look before it is closed
    with Workspace.open(tmp_path / "shop") as shop:
        [run, *_] = shop.catalogue.runs.latest()
    assert (run["kind"], run["asked_by"]) == ("refresh", "schedule:often")
