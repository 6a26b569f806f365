"""The data page: what was rejected, what is cleaned, and pairs of records that are one customer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from tests.web.conftest import OWNER, PASSWORD, PATIENT_MS, Site, Watched, serving, settled

from segmentry.workspace.workspace import Workspace

ORDERS = """order_id,customer_id,ordered_at,total,city
o1,C1,2024-03-01 10:00,20.00,Lviv
o2,C2,2024-03-05 11:00,30.00,Lviv
o3,C3,2024-03-09 12:00,45.00,Kyiv
o4,C3,the day after,45.00,Kyiv
"""
CUSTOMERS = """customer_id,first_name,last_name,email,phone,city
C1,Oleksandr,Koval,koval@example.com,050 123 45 67,Lviv
C2,Sasha,Koval,koval@example.com,+380501234567,Lviv
C3,Maria,Bondar,maria@example.com,067 765 43 21,Kyiv
"""


@pytest.fixture(scope="module")
def doubled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A shop where one customer is there twice; the search for duplicates was made."""
    folder = tmp_path_factory.mktemp("doubled")
    for name, text in (("orders", ORDERS), ("customers", CUSTOMERS)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with Workspace.create(folder / "shop", currency="UAH", timezone="Europe/Kyiv") as shop:
        shop.load(orders=folder / "orders.csv", customers=folder / "customers.csv")
        shop.refresh()
        shop.duplicates.find()
    with serving(folder / "shop") as site:
        site.app.state.door.access.people.add(OWNER, "admin", PASSWORD)
        yield site


@pytest.fixture
def data(browser: Browser, doubled: Site) -> Iterator[Page]:
    """The page of somebody who may do everything; fails if anything was wrong."""
    context = browser.new_context(
        base_url=doubled.address, locale="en", reduced_motion="reduce", accept_downloads=True
    )
    context.request.post("/api/v1/sessions", data={"name": OWNER, "password": PASSWORD})
    page = context.new_page()
    page.set_default_timeout(PATIENT_MS)
    watched = Watched(page)
    yield page
    assert watched.wrong == []
    context.close()


def test_a_pair_is_merged_and_taken_back(data: Page) -> None:
    data.goto("/app/data?tab=duplicates")
    pair = data.locator(".pair")
    expect(pair).to_have_count(1)
    expect(pair).to_contain_text("Oleksandr")
    settled(data)
    assert Axe().run(data).response["violations"] == []
    pair.get_by_role("button", name="One customer").click()
    expect(pair).to_have_count(0)
    data.get_by_role("button", name="Undo").click()
    expect(pair).to_have_count(1)
    pair.get_by_role("button", name="Two customers").click()
    expect(pair).to_have_count(0)
    expect(data.get_by_text("kept apart")).to_be_visible()


def test_a_file_shows_its_cleaning_and_what_was_rejected(data: Page, tmp_path: Path) -> None:
    rows = [f"x{number},C3,2024-04-01 10:00,20.00,Kharkiv" for number in range(40)]
    spoilt = ["y1,C3,2024-04-02 10:00,20.00,Kharkyv", "y2,C3,never,20.00,Kharkiv"]
    file = tmp_path / "more.csv"
    file.write_text("\n".join([ORDERS.splitlines()[0], *rows, *spoilt]), encoding="utf-8")
    data.goto("/app/data/import")
    data.locator("input[type=file]").set_input_files(file)
    data.get_by_role("button", name="Try it", exact=True).click()
    data.get_by_role("button", name="Load it", exact=True).click()
    expect(data.get_by_text("Loaded", exact=True)).to_be_visible()
    data.goto("/app/data?tab=files")
    settled(data)
    with data.expect_download() as rejected:
        data.get_by_role("button", name="Download").click()
    assert "never" in rejected.value.path().read_text(encoding="utf-8")
    data.get_by_role("button", name="Look for what to clean").click()
    data.get_by_role("button", name="Clean it so").first.click()
    expect(data.get_by_role("list", name="Cleaning rules")).to_contain_text("Kharkyv → Kharkiv")
    settled(data)
    assert Axe().run(data).response["violations"] == []
    data.get_by_role("button", name="Do not clean").click()
    expect(data.get_by_role("list", name="Cleaning rules")).to_have_count(0)
