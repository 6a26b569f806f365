"""An application over a shop of its own, with a clock that a test moves on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from tests.api.conftest import BASE

from segmentry.api.app import create
from segmentry.api.door import Door
from segmentry.workspace import settings
from segmentry.workspace.access.access import Access

PASSWORD = "green lamp under the bridge"


@dataclass
class Served:
    """An application that runs, and its clock."""

    app: FastAPI
    now: datetime

    @property
    def door(self) -> Door:
        """Its door."""
        found: Door = self.app.state.door
        return found

    @property
    def access(self) -> Access:
        """Who may do what there."""
        return self.door.access

    def pass_by(self, **time: float) -> None:
        """Let time go by."""
        self.now += timedelta(**time)

    def browser(self, base: str = BASE) -> TestClient:
        """A browser that nobody signed in with."""
        return TestClient(self.app, base_url=base, raise_server_exceptions=False)

    def signed_in(self, name: str) -> TestClient:
        """A browser of somebody, which sends along what a page of ours does."""
        browser = self.browser()
        answer = sign_in(browser, name)
        assert answer.status_code == 201, answer.text
        browser.headers["x-csrf-token"] = answer.json()["csrf"]
        return browser


def sign_in(browser: TestClient, name: str, password: str = PASSWORD, **more: Any) -> Response:
    """Sign in with a name and a password."""
    given = {"name": name, "password": password}
    return browser.post("/api/v1/sessions", json=given, **more)


@contextmanager
def served(folder: Path, copy: Path, **more: Any) -> Iterator[Served]:
    """A copy of a shop with some settings, served."""
    shutil.copytree(folder, copy)
    if more:
        settings.write(copy, settings.parse(settings.read(copy).model_dump(mode="json") | more))
    with closing(sqlite3.connect(copy / "catalogue.sqlite", isolation_level=None)) as catalogue:
        catalogue.execute("DELETE FROM audit")  # what other tests did there
    now = Served(None, datetime(2024, 7, 1, 9))  # type: ignore[arg-type]
    now.app = create(copy, clock=lambda: now.now)
    with TestClient(now.app, base_url=BASE):
        yield now
