"""The page is served as it was built: itself never kept, its parts for ever, packed where asked."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from tests.api.conftest import BASE

from segmentry.api import page

SCRIPT = b"let it = 'be';" * 100


@pytest.fixture
def browser(tmp_path: Path) -> TestClient:
    built = tmp_path / "static"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><p>the page")
    (built / "mark.svg").write_text("<svg/>")
    (built / "assets" / "it-12.js").write_bytes(SCRIPT)
    (built / "assets" / "it-12.js.gz").write_bytes(gzip.compress(SCRIPT))
    (tmp_path / "secret.txt").write_text("secret")
    app = FastAPI()
    app.include_router(page.router(page.Page(built)))
    return TestClient(app, base_url=BASE)


@pytest.mark.parametrize("place", ["/", "/app", "/app/", "/app/segments/vip", "/app/customers/a.b"])
def test_every_address_is_the_page(browser: TestClient, place: str) -> None:
    answer = browser.get(place)
    assert "the page" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_part_is_kept_for_ever_and_packed_where_that_is_understood(browser: TestClient) -> None:
    packed = browser.get("/app/assets/it-12.js", headers={"accept-encoding": "gzip"})
    plain = browser.get("/app/assets/it-12.js", headers={"accept-encoding": "identity"})
    assert packed.content == plain.content == SCRIPT
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "immutable" in plain.headers["cache-control"]
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert "javascript" in plain.headers["content-type"]


def test_a_part_of_another_build_is_gone_and_other_files_need_not_be_kept(
    browser: TestClient,
) -> None:
    assert browser.get("/app/assets/it-11.js").status_code == 404
    mark = browser.get("/app/mark.svg")
    assert mark.headers["content-type"] == "image/svg+xml"
    assert "immutable" not in mark.headers.get("cache-control", "")


@pytest.mark.parametrize(
    "place", ["/app/../secret.txt", "/app/%2e%2e/secret.txt", "/app/assets/..%2f..%2fsecret.txt"]
)
def test_no_address_leads_out(browser: TestClient, place: str) -> None:
    assert "secret" not in browser.get(place).text


def test_without_a_build_it_says_how_to_come_by_one(tmp_path: Path) -> None:
    app = FastAPI()
    app.include_router(page.router(page.Page(tmp_path / "absent")))
    answer = TestClient(app, base_url=BASE).get("/app/")
    assert answer.status_code == 503
    assert "hatch_build.py" in answer.text
