"""Days are chosen and typed in the calendar of who reads; what is asked is the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.web.conftest import Open

CHOSEN = "2024-05-01"


@pytest.mark.parametrize(
    ("language", "title", "weekday", "cell", "typed"),
    [
        ("en", "May2024", "Su", "2024-05-01", "2024-05-01"),
        ("fa", "اردیبهشت۱۴۰۳", "ش", "۱۴۰۳-۰۲-۱۲", "۱۴۰۳/۰۲/۱۲"),
    ],
)
def test_a_day_is_chosen_in_the_calendar_of_the_language(
    opened: Open, language: str, title: str, weekday: str, cell: str, typed: str
) -> None:
    page = opened(f"/?as_of={CHOSEN}", language)
    day = page.locator(".as-of input")
    day.click()
    calendar = page.locator(".ant-picker-dropdown")
    expect(calendar.locator(".ant-picker-header-view")).to_have_text(title)
    expect(calendar.locator("th").first).to_have_text(weekday)
    expect(calendar.locator(".ant-picker-cell-selected")).to_have_attribute("title", cell)
    calendar.locator(".ant-picker-cell-selected + td").click()
    page.wait_for_url("**as_of=2024-05-02**")
    day.blur()
    expect(calendar).to_be_hidden()
    day.click()
    expect(calendar).to_be_visible()
    day.fill(typed)
    expect(day).to_have_value(typed)
    day.press("Enter")
    page.wait_for_url(f"**as_of={CHOSEN}**")
