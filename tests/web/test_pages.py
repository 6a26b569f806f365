"""Every page, wide and narrow, in English and from right to left, light and dark: axe is content.

A page is opened in English, and Persian is chosen there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from tests.web.conftest import NARROW, WIDE, Open, fitting, settled

PAGES = {
    "/": ("Overview", "نمای کلی"),
    "/segments": ("Segments", "بخش‌ها"),
    "/segments/regulars": ("Regular buyers", "Regular buyers"),
    "/segments/silent?tab=history": ("Мовчазні", "Мовчазні"),
    "/segments/regulars?tab=members": ("Regular buyers", "Regular buyers"),
    "/segments/regulars?tab=playbook": ("Regular buyers", "Regular buyers"),
    "/segments/regulars?tab=worth": ("Regular buyers", "Regular buyers"),
    "/segments/regulars?tab=backtest": ("Regular buyers", "Regular buyers"),
    "/builder?segment=silent": ("Edit: Мовчазні", "ویرایش: Мовчазні"),
    "/rfm": ("RFM", "RFM"),
    "/lifecycle": ("Lifecycle", "چرخهٔ عمر"),
    "/compare": ("Compare", "مقایسه"),
    "/value": ("Value", "ارزش"),
    "/discover": ("Discover", "کشف"),
    "/customers": ("Customers", "مشتریان"),
    "/customers/c001": ("Customer c001", "مشتری c001"),
    "/data": ("Data", "داده‌ها"),
    "/data?tab=files": ("Data", "داده‌ها"),
    "/data?tab=duplicates": ("Data", "داده‌ها"),
    "/data/import": ("Load data", "بارگذاری داده"),
    "/runs": ("Runs", "اجراها"),
    "/settings?tab=people": ("Settings", "تنظیمات"),
    "/settings?tab=keys": ("Settings", "تنظیمات"),
    "/settings?tab=audit": ("Settings", "تنظیمات"),
    "/nowhere": ("There is nothing here", "اینجا چیزی نیست"),
}


Look = Literal["light", "dark"]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
"""WCAG 2.2 AA; by itself axe leaves out what is new in 2.2, the size of what one taps."""


def stumbles(page: Page) -> list[tuple[str, str]]:
    """Over what somebody would stumble: the rule, and the first such place."""
    options = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_and_can_be_used_by_everybody(opened: Open, path: str) -> None:
    page = opened(path)
    english, persian = PAGES[path]
    _can_be_used(page, english, "ltr", ((WIDE, "light"), (NARROW, "light")))
    _speak_persian(page)
    _can_be_used(page, persian, "rtl", ((NARROW, "dark"), (WIDE, "light")))
    page.evaluate("localStorage.removeItem('segmentry.language')")  # the next page is in English


def _can_be_used(page: Page, title: str, direction: str, looks: Sequence[tuple[int, Look]]) -> None:
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    for width, look in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=look)
        settled(page)
        fitting(page)
        assert stumbles(page) == [], (title, width, look)


def _speak_persian(page: Page) -> None:
    page.get_by_role("button", name="Language").click()
    page.get_by_role("menuitem", name="فارسی").click()
