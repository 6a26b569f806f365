"""What came after the last refresh is said on every page, with a way to refresh."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import (
    OWNER,
    PASSWORD,
    PATIENT_MS,
    WIDTHS,
    Watched,
    fitting,
    serving,
    settled,
)
from tests.web.test_pages import stumbles
from tests.web.test_story import LOCALE, refresh

from segmentry.workspace.workspace import Workspace


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_refresh_is_offered_until_it_is_done(
    page: Page, tmp_path: Path, sold: Path, language: str
) -> None:
    words = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))
    with Workspace.create(tmp_path / "shop", currency="UAH", timezone="Europe/Kyiv") as shop:
        shop.load(orders=sold)
    watched = Watched(page)
    page.set_default_timeout(PATIENT_MS)
    with serving(tmp_path / "shop") as site:
        site.app.state.door.access.people.add(OWNER, "admin", PASSWORD)
        page.add_init_script(f"localStorage.setItem('segmentry.language', '{language}')")
        given = {"name": OWNER, "password": PASSWORD}
        assert page.request.post(f"{site.address}/api/v1/sessions", data=given).status == 201
        page.goto(f"{site.address}/app/rfm")
        settled(page)
        due = page.get_by_text(words["runs.due"])
        for width in reversed(WIDTHS):
            page.set_viewport_size({"width": width, "height": 900})
            expect(due).to_be_visible()
            fitting(page)
            assert stumbles(page) == []
        refresh(page, words)
        page.goto(f"{site.address}/app/rfm")
        settled(page)
        expect(due).to_be_hidden()
    assert watched.wrong == []
