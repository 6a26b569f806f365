"""A served shop: the application over a small workspace, and clients that carry keys."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.bakery import bake

from segmentry.api.access import ROLES
from segmentry.api.app import create
from segmentry.workspace.workspace import Workspace

Client = Callable[[str], TestClient]
BASE = "http://127.0.0.1:8400"


@pytest.fixture(scope="session")
def shop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A loaded and refreshed shop of sixty customers with one segment; copy it to change it."""
    folder = tmp_path_factory.mktemp("served") / "shop"
    draw = random.Random(7)
    rows = ["order_id,customer_id,ordered_at,total"]
    for number in range(400):
        when = datetime(2024, 1, 1) + timedelta(days=draw.randrange(180), hours=draw.randrange(24))
        customer = f"c{int(draw.paretovariate(0.7)) % 60:03}"
        rows.append(f"o{number},{customer},{when:%Y-%m-%d %H:%M},{draw.uniform(5, 200):.2f}")
    file = folder.parent / "orders.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    with Workspace.create(folder, currency="UAH", timezone="Europe/Kyiv") as shop:
        shop.load(orders=file)
        shop.segment("regulars", "frequency >= 3", "Regular buyers")
        shop.refresh()
    return folder


@pytest.fixture(scope="session")
def app(shop_folder: Path) -> Iterator[FastAPI]:
    """The application over that shop, for tests that change nothing."""
    made = create(shop_folder)
    with TestClient(made, base_url=BASE):
        yield made


@pytest.fixture(scope="session")
def bakery_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with products and traits; copy it to change it."""
    return bake(tmp_path_factory.mktemp("bakery") / "shop")


@pytest.fixture(scope="session")
def bakery(bakery_folder: Path) -> Iterator[FastAPI]:
    """The application over the bakery, for tests that change nothing."""
    made = create(bakery_folder)
    with TestClient(made, base_url=BASE):
        yield made


@pytest.fixture
def own_bakery(bakery_folder: Path, tmp_path: Path) -> Iterator[FastAPI]:
    """The application over a bakery of the test's own."""
    made = create(Path(shutil.copytree(bakery_folder, tmp_path / "own")))
    with TestClient(made, base_url=BASE):
        yield made


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Client:
    """A client of a role."""
    return lambda role: client_of(app, role)


def client_of(app: FastAPI, role: str) -> TestClient:
    """A client that carries a key of a role."""
    return TestClient(
        app,
        base_url=BASE,
        headers={"Authorization": f"Bearer {key_of(app, ROLES[role])}"},
        raise_server_exceptions=False,
    )


def key_of(app: FastAPI, scopes: Iterable[str]) -> str:
    """A new key with some scopes."""
    _, text = app.state.door.access.keys.add("a test", scopes)
    return str(text)
