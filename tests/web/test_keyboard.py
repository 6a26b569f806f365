"""The marketer's day without a mouse: everything is reached, and one always sees where one is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from tests.web.conftest import OWNER, PASSWORD, PATIENT_MS, Site, settled

FOCUSED = """
wanted => {
  const seen = each => {
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(each);
    return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
  };
  const here = document.activeElement;
  let each = here;
  for (let up = 0; each && up < 4; up++, each = each.parentElement)
    if (seen(each)) return [here === wanted, ''];
  return [here === wanted, here === document.body ? '' : here.outerHTML.slice(0, 200)];
}
"""
"""Whether it has focus; and what has it where one does not see that."""


class Hand:
    """Somebody who has keys alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def to(self, wanted: Locator, key: str = "Tab", most: int = 90) -> None:
        """Go on until something has focus, and see it; every stop on the way is seen too."""
        expect(wanted).to_be_attached()
        for _ in range(most):
            self.press(key)
            there, unseen = wanted.evaluate(FOCUSED)
            assert unseen == ""
            if there:
                return
        raise AssertionError(f"{wanted} is not reached by {key}")

    def go(self, wanted: Locator, then: str = "Enter") -> None:
        """Reach something and press it."""
        self.to(wanted)
        self.press(then)

    def leave_for(self, page: str) -> None:
        """Back to the navigation, to another page."""
        self.to(self.page.get_by_role("link", name=page, exact=True), "Shift+Tab")
        self.press("Enter")
        settled(self.page)


@pytest.fixture
def hand(browser: Browser, site: Site) -> Iterator[Hand]:
    """At the sign-in page; what is saved meanwhile is taken away again."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900},
        base_url=site.address,
        locale="en",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.set_default_timeout(PATIENT_MS)
    page.on("filechooser", lambda _: None)  # from the first key on the test has it, no window opens
    page.goto("/app/")
    yield Hand(page)
    for name in ("by_keys", "cells_by_keys"):
        context.request.delete(f"/api/v1/segments/{name}")
    context.close()


def test_the_whole_day_by_keys_alone(hand: Hand, sold: Path) -> None:
    page = hand.page
    sign_in(hand)
    choose_a_day(hand)
    build(hand)
    explain(hand)
    save_cells(hand)
    bring_in(hand, sold)
    hand.leave_for("Settings")
    hand.to(page.get_by_role("tab", name="Workspace"))
    step(hand, "People", "Keys")
    hand.to(page.get_by_label("What it may do"))


def sign_in(hand: Hand) -> None:
    expect(hand.page.get_by_label("Name", exact=True)).to_be_focused()
    hand.type(OWNER)
    hand.press("Tab")
    hand.type(PASSWORD)
    hand.press("Enter")
    settled(hand.page)


def choose_a_day(hand: Hand) -> None:
    """An earlier day is typed; cleared, it is the end of the data again."""
    page = hand.page
    hand.to(page.get_by_label("As of").first)
    hand.press("Control+a")
    hand.type("2024-06-01")
    hand.press("Enter")
    page.wait_for_url("**as_of=2024-06-01**")
    hand.press("Escape")


def build(hand: Hand) -> None:
    """A rule of two conditions, one turned round, joined by any; saved."""
    page = hand.page
    hand.leave_for("Builder")
    add = page.locator(".group-foot").get_by_label("Add a condition")
    for field in ("Orders", "Days since last order"):
        hand.to(add.first)
        hand.type(field)
        hand.press("Enter")
        expect(page.locator(".part")).to_have_count(1 if field == "Orders" else 2)
    hand.to(page.locator(".part .not").last, "Shift+Tab")
    hand.press("Space")
    hand.to(page.locator(".group-head input").first, "Shift+Tab")
    hand.press("ArrowRight")
    expect(page.get_by_label("As text")).to_have_value("frequency >= 1 OR NOT recency_days >= 1")
    expect(page.locator("[data-count]")).to_be_visible()
    hand.go(page.get_by_role("button", name="Save as segment"))
    name_it(hand, "By keys")


def name_it(hand: Hand, label: str) -> None:
    """The drawer has focus in its first field; saved, the segment's page has it."""
    page = hand.page
    expect(page.get_by_role("dialog").get_by_label("What people call it")).to_be_focused()
    hand.type(label)
    hand.press("Enter")
    expect(page.locator("h1")).to_have_text(label)
    settled(page)


def explain(hand: Hand) -> None:
    """Why somebody is in it; closed, focus is where it was."""
    page = hand.page
    hand.to(page.get_by_role("tab", name="5W card"))
    step(hand, "History", "Members")
    settled(page)
    why = page.get_by_role("button", name="Why?", exact=True).nth(1)
    hand.go(why)
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_text("It would turn if:").first).to_be_visible()
    hand.press("Escape")
    expect(drawer).to_have_count(0)
    expect(why).to_be_focused()


def step(hand: Hand, *tabs: str) -> None:
    """From tab to tab by the arrow."""
    for name in tabs:
        hand.press("ArrowRight")
        expect(hand.page.get_by_role("tab", name=name)).to_be_focused()


def save_cells(hand: Hand) -> None:
    page = hand.page
    hand.leave_for("RFM")
    cells = page.locator("button.cell")
    hand.go(cells.first, "Space")
    hand.go(cells.nth(1), "Space")
    hand.go(page.get_by_role("button", name="Save as segment"))
    name_it(hand, "Cells by keys")


def bring_in(hand: Hand, file: Path) -> None:
    """A file is chosen, a column put elsewhere, and what loading would do is shown."""
    page = hand.page
    hand.leave_for("Data")
    hand.go(page.get_by_role("button", name="Load data"))
    settled(page)
    hand.to(page.locator(".ant-upload[role=button]"))
    with page.expect_file_chooser() as chosen:
        hand.press("Enter")
    chosen.value.set_files(file)
    total = page.get_by_label("Where total goes")
    hand.to(total)
    hand.press("Backspace", "Backspace")
    close_list(hand)
    takings = page.get_by_label("Where takings goes")
    hand.to(takings, "Shift+Tab")
    hand.press("Backspace", "Backspace")
    hand.type("orders: amount")
    expect(page.locator(".ant-select-item-option-active")).to_contain_text("orders: amount")
    hand.press("Enter")
    close_list(hand)
    hand.go(page.get_by_role("button", name="Try it"))
    expect(page.get_by_role("cell", name="400", exact=True).first).to_be_visible()
    hand.to(page.get_by_role("button", name="Load it"))


def close_list(hand: Hand) -> None:
    """While a list is seen, Tab chooses what is marked in it."""
    hand.press("Escape")
    expect(hand.page.locator(".ant-select-dropdown:visible")).to_have_count(0)
