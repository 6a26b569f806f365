"""A fault in one page: the navigation stays, what happened is told calmly, and one can go on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect
from tests.web.conftest import PATIENT_MS, settled
from tests.web.test_pages import stumbles


@pytest.mark.parametrize("what", ["**/api/v1/segments?*", "**/assets/Segments-*.js"])
def test_a_page_that_stumbles_leaves_the_others(
    contexts: Callable[[str], BrowserContext], what: str
) -> None:
    page = contexts("en").new_page()
    page.set_default_timeout(PATIENT_MS)
    page.route(what, lambda route: route.fulfill(status=200, content_type="text/x", body="{}"))
    page.goto("/app/segments")
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("This page stumbled")
    assert stumbles(page) == []
    page.get_by_text("Technical detail").click()
    report = page.locator("pre").inner_text()
    assert "Error" in report
    assert "page /segments" in report
    assert "127.0.0.1" not in report
    page.get_by_role("link", name="RFM", exact=True).click()
    expect(title).to_have_text("RFM")
    page.go_back()
    expect(title).to_have_text("This page stumbled")
    page.unroute(what)
    page.get_by_role("button", name="Try again").click()
    settled(page)
    expect(title).to_have_text("Segments")
    page.close()
