"""Somebody is forgotten in the page: what goes is shown, a word is typed, the list names nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
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
from tests.web.test_story import LOCALE, NOBODY_YET

from segmentry.workspace.workspace import Workspace


@pytest.mark.parametrize("language", ["en", "fa"])
def test_somebody_is_forgotten(page: Page, tmp_path: Path, sold: Path, language: str) -> None:
    words = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))
    with Workspace.create(tmp_path / "shop", currency="UAH", timezone="Europe/Kyiv") as shop:
        shop.load(orders=sold)
        shop.refresh()
    watched = Watched(page)
    page.set_default_timeout(PATIENT_MS)
    with serving(tmp_path / "shop") as site:
        site.app.state.door.access.people.add(OWNER, "admin", PASSWORD)
        page.add_init_script(f"localStorage.setItem('segmentry.language', '{language}')")
        given = {"name": OWNER, "password": PASSWORD}
        assert page.request.post(f"{site.address}/api/v1/sessions", data=given).status == 201
        page.goto(f"{site.address}/app/settings?tab=erasure")
        settled(page)
        expect(page.get_by_text(words["erasure.none"])).to_be_visible()
        page.get_by_label(words["erasure.ids"]).fill("c001\nnobody")
        page.get_by_label(words["erasure.reason"]).fill("a letter")
        page.get_by_role("button", name=words["erasure.preview"]).click()
        expect(page.get_by_role("row", name="orders")).to_be_visible()
        expect(page.get_by_text("nobody").last).to_be_visible()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 1000})
            settled(page)
            fitting(page)
            found = Axe().run(page).response["violations"]
            assert [(width, each["id"], each["nodes"][0]["html"]) for each in found] == []
        sure = page.get_by_role("button", name=words["erasure.go"], exact=True)
        expect(sure).to_be_disabled()
        page.get_by_label(words["erasure.type"].split(":")[0]).fill(words["erasure.word"])
        sure.click()
        expect(page.get_by_role("cell", name="a letter")).to_be_visible()
        answer = page.request.get(f"{site.address}/api/v1/customers/c001")
        assert answer.status == 404
    assert [each for each in watched.wrong if NOBODY_YET not in each] == []
