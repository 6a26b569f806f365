"""What a marketer does, from an empty workspace to a customer explained, in two languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.web.conftest import PATIENT_MS, Watched, serving, settled

from segmentry.workspace.workspace import Workspace

LOCALE = Path(__file__).parents[2] / "web" / "app" / "src" / "locale"
NOBODY_YET = "the server responded with a status of 401"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_from_a_file_to_a_customer_explained(
    page: Page, tmp_path: Path, sold: Path, language: str
) -> None:
    words = json.loads((LOCALE / f"{language}.json").read_text(encoding="utf-8"))
    Workspace.create(tmp_path / "shop", currency="UAH", timezone="Europe/Kyiv").close()
    watched = Watched(page)
    page.set_default_timeout(PATIENT_MS)
    with serving(tmp_path / "shop") as site:
        page.add_init_script(f"localStorage.setItem('segmentry.language', '{language}')")
        page.goto(site.link())
        load(page, words, sold)
        refresh(page, words)
        save_cells(page, words, site.address)
        refine(page, words)
        explain(page, words)
        export(page, words)
        assert [each for each in watched.wrong if NOBODY_YET not in each] == []


def load(page: Page, words: dict[str, str], file: Path) -> None:
    """Send a file, put right where a column goes, see what would be taken, load it."""
    page.get_by_role("button", name=words["overview.load"]).click()
    page.locator("input[type=file]").set_input_files(file)
    move(page, words, "total", [])
    move(page, words, "takings", ["amount" if words["nav.data"] == "Data" else "مبلغ"])
    page.get_by_role("button", name=words["import.to_try"], exact=True).click()
    expect(page.get_by_role("cell", name=digits(words, "400"), exact=True).first).to_be_visible()
    page.get_by_role("button", name=words["import.to_load"], exact=True).click()
    expect(page.get_by_text(words["import.done"], exact=True)).to_be_visible()
    with page.expect_download() as rejected:
        page.get_by_role("button", name=words["import.download"]).click()
    assert "the day after" in rejected.value.path().read_text(encoding="utf-8")


def move(page: Page, words: dict[str, str], column: str, to: list[str]) -> None:
    """Say where a column goes, instead of where it was thought to go."""
    box = page.get_by_label(words["import.goes_to_of"].replace("{{column}}", column))
    box.click()
    for _ in range(3):
        box.press("Backspace")
    for each in to:
        box.fill(each)
        page.locator(".ant-select-item-option", has_text=each).first.click()
    box.press("Escape")


def refresh(page: Page, words: dict[str, str]) -> None:
    """Refresh, and wait until it is done."""
    page.get_by_role("button", name=words["runs.refresh"]).click()
    expect(page.locator("tr", has_text=words["runs.kind.refresh"]).first).to_contain_text(
        words["runs.status.done"], timeout=2 * PATIENT_MS
    )


def save_cells(page: Page, words: dict[str, str], address: str) -> None:
    """Choose two cells of the grid, and keep them as a segment."""
    page.goto(f"{address}/app/rfm")
    settled(page)
    for place in (0, 1):
        page.locator("button.cell").nth(place).click()
    page.get_by_role("button", name=words["save.as_segment"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(words["save.label"]).fill("Best ones")
    expect(dialog.get_by_label(words["save.name"])).to_have_value("best_ones")
    dialog.get_by_role("button", name=words["action.save"]).click()
    expect(page.locator("h1")).to_have_text("Best ones")


def refine(page: Page, words: dict[str, str]) -> None:
    """Ask for one thing more in the builder; the number follows, and what it moves is shown."""
    page.get_by_role("button", name=words["action.edit"]).click()
    number = page.locator("[data-count]")
    expect(number).to_be_visible()
    before = int(number.get_attribute("data-count") or 0)
    page.get_by_label(words["rule.text"]).press("End")
    text = page.get_by_label(words["rule.text"])
    text.fill(f"({text.input_value()}) AND frequency >= 9 AND NOT customer_id = 'c000'")
    expect(page.get_by_text(words["effect.title"])).to_be_visible()
    expect(number).not_to_have_attribute("data-count", str(before))
    page.get_by_role("button", name=words["builder.save_change"]).click()
    page.get_by_role("dialog").get_by_role("button", name=words["action.save"]).click()
    settled(page)
    expect(page.get_by_text(words["segment.card"]).first).to_be_visible()


def explain(page: Page, words: dict[str, str]) -> None:
    """Ask why one of the members is one."""
    page.get_by_role("tab", name=words["segment.members"]).click()
    page.get_by_role("button", name=words["members.why"], exact=True).nth(1).click()
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text(words["explain.in"], exact=True)).to_be_visible()
    expect(drawer.get_by_label(words["explain.met"]).first).to_be_visible()


def export(page: Page, words: dict[str, str]) -> None:
    """Take the members as a file."""
    page.locator(".ant-drawer-close").click()
    with page.expect_download() as members:
        page.get_by_role("button", name=words["action.export"]).click()
    lines = members.value.path().read_text(encoding="utf-8").splitlines()
    assert lines[0].strip('"') == "customer_id"
    assert all(line.strip('"').startswith("c") for line in lines)


def digits(words: dict[str, str], number: str) -> str:
    """A number as people of the language write it."""
    persian = words["nav.data"] == "داده‌ها"
    return number.translate(str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")) if persian else number
