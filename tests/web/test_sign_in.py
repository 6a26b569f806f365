"""The sign-in page, and the way to a provider and back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import pytest
from playwright.sync_api import Page, expect
from tests.api.provider import CLIENT, Little, little_provider
from tests.web.conftest import PATIENT_MS, WIDTHS, Site, Watched, serving
from tests.web.test_pages import stumbles

from segmentry.workspace import settings
from segmentry.workspace.workspace import Workspace

LOCALE = Path(__file__).parents[2] / "web" / "app" / "src" / "locale"
NOBODY_YET = "the server responded with a status of 401"


@pytest.fixture(scope="module")
def little() -> Iterator[Little]:
    with little_provider(lambda: datetime.now(UTC).replace(tzinfo=None)) as found:
        yield found


@pytest.fixture(scope="module")
def vouched(tmp_path_factory: pytest.TempPathFactory, little: Little) -> Iterator[Site]:
    """An empty workspace whose people are vouched for."""
    folder = tmp_path_factory.mktemp("vouched") / "shop"
    Workspace.create(folder, currency="EUR", timezone="UTC").close()
    provider = {"issuer": little.issuer, "client_id": CLIENT, "label": "Company account"}
    access = {"access": {"provider": provider | {"roles": {"crm": "admin"}}}}
    settings.write(folder, settings.parse(settings.read(folder).model_dump(mode="json") | access))
    with serving(folder) as found:
        yield found


@pytest.mark.parametrize("language", ["en", "fa"])
def test_people_sign_in_by_a_provider(
    page: Page, vouched: Site, little: Little, language: str
) -> None:
    words = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))
    watched = Watched(page)
    page.set_default_timeout(PATIENT_MS)
    page.add_init_script(f"localStorage.setItem('segmentry.language', '{language}')")
    page.goto(f"{vouched.address}/app/segments")
    button = page.get_by_role(
        "link", name=words["sign_in.with"].replace("{{name}}", "Company account")
    )
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        expect(button).to_be_visible()
        assert stumbles(page) == [], width
    little.person["groups"] = []
    button.click()
    expect(page.get_by_text(words["sign_in.refused"])).to_be_visible()
    assert stumbles(page) == []
    little.person["groups"] = ["crm"]
    button.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(words["nav.overview"])
    assert [each for each in watched.wrong if NOBODY_YET not in each] == []


PACK = re.compile(r"/assets/(en_GB|fa_IR)-")
"""Words of the components; they come late, as over a slow network."""
ONCE = """
window.drawn = 0;
new MutationObserver(changes => changes.forEach(each => each.addedNodes.forEach(
  node => drawn += node.querySelector?.("main") || node.matches?.("main") ? 1 : 0
))).observe(document, { childList: true, subtree: true });
"""


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_page_is_drawn_once_so_that_nothing_typed_is_lost(
    page: Page, vouched: Site, language: str
) -> None:
    page.add_init_script(f"localStorage.setItem('segmentry.language', '{language}')")
    page.add_init_script(ONCE)
    page.route(PACK, lambda route: (sleep(0.7), route.continue_()))
    page.goto(f"{vouched.address}/app/", wait_until="networkidle")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("drawn") == 1
