"""A cell of a chart opens whom it counts, by mouse and keyboard, and becomes a segment."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Open, settled


def drawer(page: Page) -> Locator:
    """The drawer, once it says how many they are."""
    found = page.locator(".ant-drawer-content-wrapper")
    expect(found.locator(".who-count")).not_to_have_text("…")
    return found


def count_of(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_cell_of_a_cohort_is_kept_by_keyboard(opened: Open, language: str) -> None:
    page = opened("/value", language)
    cell = page.locator("table.cohorts button.heat").nth(1)
    said = cell.get_attribute("aria-label") or ""
    cell.focus()
    page.keyboard.press("Enter")
    shown = drawer(page)
    count = shown.locator(".who-count").inner_text()
    assert count in said
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"]) for each in found] == []
    shown.locator("#name").fill(f"came_back_{language}")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()
    page.wait_for_url(f"**/segments/came_back_{language}**")
    settled(page)
    assert count_of(page.locator(".figure-value").first.inner_text()) == count_of(count)
    page.request.delete(f"/api/v1/segments/came_back_{language}")


def test_overlaps_open_who_is_in_both_and_who_in_just_one(opened: Open) -> None:
    page = opened("/compare")
    for cells in (".overlap button", ".upset button"):
        cell = page.locator(cells).first
        number = count_of(cell.inner_text().split("\n")[0].split(" ")[0])
        cell.click()
        shown = drawer(page)
        assert count_of(shown.locator(".who-count").inner_text()) == number
        page.keyboard.press("Escape")
        expect(shown).to_have_count(0)


def test_a_move_becomes_a_segment_of_those_who_made_it(opened: Open) -> None:
    page = opened("/lifecycle")
    moves = page.locator(".panel", has_text="Movements")
    moves.get_by_role("button", name="Show as table").click()
    row = moves.locator("tbody tr.ant-table-row").first
    number = count_of(row.locator("td").last.inner_text())
    row.get_by_role("button").click()
    shown = drawer(page)
    assert count_of(shown.locator(".who-count").inner_text()) == number
    shown.locator("#name").fill("moved_along")
    page.keyboard.press("Enter")
    page.wait_for_url("**/segments/moved_along**")
    settled(page)
    assert count_of(page.locator(".figure-value").first.inner_text()) == number
    page.request.delete("/api/v1/segments/moved_along")


def test_an_area_of_the_treemap_and_a_value_of_the_card_open_who_they_are(opened: Open) -> None:
    page = opened("/rfm")
    page.locator("[data-chart]").first.click(position={"x": 60, "y": 60})
    assert drawer(page).locator("#label").input_value()
    page.close()
    page = opened("/segments/regulars")
    page.locator(".trait-name button").first.click()
    expect(drawer(page)).to_contain_text("Regular buyers")


def test_a_budget_is_split(opened: Open) -> None:
    page = opened("/value")
    asked = page.locator("form", has_text="Budget")
    asked.locator("#budget").fill("100")
    asked.get_by_role("combobox").fill("Regular buyers")
    page.keyboard.press("Enter")
    asked.get_by_label("Spent").fill("100")
    asked.get_by_label("Profit it brings").fill("300")
    asked.get_by_role("button", name="Split").click()
    settled(page)
    expect(page.locator(".figures", has_text="Left after spending")).to_contain_text("200")


def test_natural_groups_are_looked_for_and_why_there_are_none_is_said(opened: Open) -> None:
    page = opened("/discover")
    panel = page.locator(".panel", has_text="Natural groups")
    expect(panel).to_contain_text("Nobody has looked for natural groups yet")
    panel.get_by_role("button", name="Look").click()
    expect(panel.locator(".verdict, [role=alert], .ant-alert")).to_be_visible()
