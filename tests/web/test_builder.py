"""The builder: the sentence and the text are one rule, whichever is edited, and the count follows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from tests.web.conftest import Open, settled

LOCALE = Path(__file__).parents[2] / "web" / "app" / "src" / "locale"
RULE = "frequency >= 3 AND count(orders, last => '90 days') >= 2"


def words(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))
    return found


def begun(opened: Open, language: str = "en") -> Page:
    page = opened(f"/builder?rule={quote(RULE)}", language)
    expect(page.locator(".said-chip").first).to_be_visible()
    return page


def text(page: Page, language: str = "en") -> Locator:
    return page.get_by_label(words(language)["rule.text"], exact=True)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_number_in_the_sentence_changes_the_text_and_the_count(
    opened: Open, language: str
) -> None:
    page = begun(opened, language)
    number = page.locator("[data-count]")
    before = number.get_attribute("data-count") or ""
    three = {"en": "3", "fa": "۳"}[language]
    page.locator(".said-chip").get_by_text(three, exact=True).click()
    dialog = page.locator(".said-editor")
    dialog.get_by_role("spinbutton").fill("9")
    expect(text(page, language)).to_have_value(re.compile("frequency >= 9"))
    expect(number).not_to_have_attribute("data-count", before)
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_the_text_changes_the_sentence(opened: Open) -> None:
    page = begun(opened)
    text(page).fill("recency_days <= 30 OR NOT frequency >= 4")
    expect(page.locator(".said")).to_contain_text(re.compile(r"is at most\s*30\s*or"))


def test_a_window_and_a_feature_open_what_changes_them(opened: Open) -> None:
    page = begun(opened)
    page.locator(".said-chip").get_by_text("in the last 90 days").click()
    page.locator(".said-editor").get_by_role("spinbutton").fill("30")
    expect(text(page)).to_have_value(re.compile("30 days"))
    page.keyboard.press("Escape")
    page.locator(".said-chip").get_by_text("orders", exact=True).first.click()
    page.locator(".said-editor").get_by_label("What is asked about").fill("Days since last order")
    page.keyboard.press("Enter")
    expect(text(page)).to_have_value(re.compile("^recency_days >= 3 AND"))


def test_conditions_are_turned_joined_and_taken_out_from_the_sentence(opened: Open) -> None:
    page = begun(opened)
    chip = page.locator(".said-chip")
    editor = page.locator(".said-editor")
    chip.get_by_text("is at least", exact=True).first.click()
    editor.get_by_role("button", name="Not", exact=True).click()
    expect(text(page)).to_have_value(re.compile("^NOT frequency >= 3 AND"))
    settled(page)
    chip.get_by_text("and", exact=True).click()
    editor.get_by_text("Any of these").click()
    expect(text(page)).to_have_value(re.compile("^NOT frequency >= 3 OR"))
    settled(page)
    page.keyboard.press("Escape")
    chip.get_by_text("in the last 90 days").click()
    editor.get_by_role("button", name="Remove").click()
    expect(text(page)).to_have_value("NOT frequency >= 3")
