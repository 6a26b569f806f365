"""Five hundred hostile texts in all that people give: nothing runs, nothing leaves, all is shown."""

from __future__ import annotations

import csv
import io
import json
import logging
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, expect
from tests.api.conftest import client_of
from tests.web.beset import HOSTILE, OWNER, PASSWORD, WHOLE, beset, folder_of
from tests.web.conftest import PATIENT_MS, Site, Watched, serving, settled

from segmentry.api.log import JsonLines
from segmentry.data.source import stage
from segmentry.data.staged import ReadOptions
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.workspace import Workspace

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
API = "/api/v1"


@dataclass
class Beset:
    """The shop, served."""

    folder: Path
    labels: list[str]
    site: Site
    client: TestClient


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beset]:
    folder = tmp_path_factory.mktemp("beset") / "shop"
    labels = beset(folder)
    with serving(folder) as site:
        yield Beset(folder, labels, site, client_of(site.app, "admin"))


@pytest.fixture(scope="module")
def logged(shop: Beset) -> Iterator[io.StringIO]:
    """What the server logs, as it would stand on stderr."""
    sink = io.StringIO()
    handler = logging.StreamHandler(sink)
    handler.setFormatter(JsonLines())
    logger = logging.getLogger("segmentry")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel("INFO")
    yield sink
    logger.removeHandler(handler)
    logger.setLevel(before)


# what is sent


def test_requests_are_answered_and_nothing_of_them_gets_into_heads_or_the_log(shop, logged):
    for number, text in enumerate(HOSTILE):
        header = {"idempotency-key": text.encode(), "accept-language": text.encode()}
        path = quote(text, safe="")
        sent = {"params": {"as_of": text, "language": text, text: text}, "headers": header}
        more = (
            ("GET", f"/segments/{path}/members/{path}", {"headers": header}),
            ("GET", "/customers", {"params": {"search": text, "limit": 1}}),
            ("GET", "/rules/values", {"params": {"of": text, "as_of": text}}),
            ("POST", "/rules/read", {"json": {"rule": text}}),
            ("POST", "/rules/read", {"json": {"rule": f"city = '{text}'"}}),
        )
        for method, place, given in (
            ("GET", f"/customers/{path}/standing", sent),
            more[number % len(more)],
        ):
            answer = shop.client.request(method, f"{API}{place}", **given)
            assert answer.status_code < 500, (text, answer.text)
            assert "set-cookie" not in answer.headers, text
            assert answer.headers["content-type"].endswith("json"), text
    lines = logged.getvalue().split("\n")[:-1]
    assert len(lines) == len(logged.getvalue().splitlines()) > len(HOSTILE)
    said = [json.loads(line) for line in lines]
    assert not [each for each in said if "fired" in json.dumps(each)]


def test_files_lists_and_people_are_called_as_they_are_and_stay_inside(shop):
    around = set(shop.folder.parent.iterdir())
    for text in HOSTILE:
        sent = shop.client.post(f"{API}/sources", files={"file": (f"{text}.csv", b"a,b\n1,2\n")})
        assert sent.status_code in (201, 400, 422), (text, sent.text)
    kept = {each.name for each in (shop.folder / "uploads").rglob("*") if each.is_file()}
    assert kept == {"about.json", "records.csv"}
    assert set(shop.folder.parent.iterdir()) == around
    listed = shop.client.post(
        f"{API}/lists", json={"name": "all", "customers": WHOLE, "label": WHOLE[0]}
    )
    assert listed.status_code == 201, listed.text
    everybody = len({each.strip() for each in WHOLE if each.strip()})
    assert listed.json()["members"] > everybody * 0.9
    for number, text in enumerate(WHOLE[:60]):
        person = {"name": text, "role": "viewer", "password": f"{number} lamps under the bridge"}
        assert shop.client.post(f"{API}/people", json=person).status_code in (201, 400, 409, 422)
        place = {"otherwise": {"text": text, text: text}}
        answer = shop.client.put(f"{API}/contents/beset_{number}", json=place)
        assert answer.status_code in (200, 201, 422), answer.text
        for name, cron in ((quote(text, safe=""), "0 5 * * *"), ("beset", text)):
            answer = shop.client.put(f"{API}/schedules/{name}", json={"cron": cron})
            assert answer.status_code in (404, 405, 422), (text, answer.text)
    assert shop.client.get(f"{API}/schedules").json()["schedules"] == []


# what goes out


@pytest.mark.parametrize("what", ["features", "segmentations/main_category", "segments/beset_0"])
def test_no_export_holds_what_a_spreadsheet_would_run(shop, what, tmp_path):
    files = {}
    for kind in ("csv", "tsv", "xlsx", "jsonl", "parquet"):
        answer = shop.client.get(f"{API}/{what}/export", params={"format": kind})
        assert answer.status_code == 200, answer.text
        assert f".{kind}" in answer.headers["content-disposition"]
        assert answer.headers["content-type"] == "application/octet-stream"
        files[kind] = tmp_path / f"out.{kind}"
        files[kind].write_bytes(answer.content)
    table = pq.read_table(files["parquet"])
    texts = {each.name for each in table.schema if str(each.type) == "string"}
    for kind, delimiter in (("csv", ","), ("tsv", "\t")):
        text = files[kind].read_text("utf-8")
        rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
        assert len(rows) == table.num_rows
        ran = [row[each] for row in rows for each in texts if row[each].startswith(RISKY)]
        assert ran == []
        assert not [each for each in rows[0] if each.startswith(RISKY)]
    sheet = openpyxl.load_workbook(files["xlsx"]).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d", "b"}
    inside = " ".join(zipfile.ZipFile(files["xlsx"]).namelist())
    assert "external" not in inside
    assert "_rels/sheet" not in inside
    lines = files["jsonl"].read_text("utf-8").split("\n")[:-1]
    ids = table["customer_id"].to_pylist()
    assert [json.loads(line)["customer_id"] for line in lines] == ids
    assert len(set(ids) & {each.strip() for each in WHOLE}) > len(WHOLE) * 0.9
    with DuckDB() as session:
        staged = stage(session, files["csv"])
        again = session.rows(f"SELECT customer_id FROM {staged.table}")
    readable = {each for each in ids if "\0" not in each}
    assert {each for (each,) in again} >= readable


def test_rejected_records_come_back_as_text(tmp_path):
    with Workspace.create(tmp_path / "shop", currency="EUR") as shop:
        heads = ["customer_id", "=1+1", "@SUM(A1)", "\uff1dA1"]
        file = tmp_path / "customers.csv"
        with file.open("w", newline="", encoding="utf-8") as sink:
            writer = csv.writer(sink, quoting=csv.QUOTE_ALL)
            writer.writerows([heads, *([f"c{number}", "", "", ""] for number in range(600))])
            writer.writerows(["", text, text, text] for text in WHOLE)
        done = shop.loader().load(file, "customers", options=ReadOptions(header=True))
        assert done.rejected_file is not None
        text = done.rejected_file.read_text("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert sum(cell.startswith(tuple(f"'{each}" for each in RISKY)) for cell in cells) > 100
    assert {each for each in cells if each.startswith(RISKY)} <= {"-0"}, "numbers alone"


# what is shown


PAGES = (
    "/", "/segments", "/segments/beset_0", "/segments/beset_1?tab=history",
    "/segments/beset_0?tab=members", "/builder?segment=beset_2", "/rfm", "/lifecycle",
    "/compare", "/value", "/discover", "/data", "/data?tab=files", "/data?tab=duplicates",
    "/data/import", "/runs", "/settings?tab=people", "/settings?tab=keys", "/settings?tab=audit",
)  # fmt: skip
TRAPS = """
window.__fired = 0;
addEventListener('securitypolicyviolation', (each) => console.error('CSP ' + each.blockedURI));
"""


def watched(browser: Browser, site: Site) -> tuple[Page, Watched]:
    """A page of somebody signed in, which notes whatever ran."""
    context = browser.new_context(
        base_url=site.address, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    context.add_init_script(TRAPS)
    signed_in = context.request.post("/api/v1/sessions", data={"name": OWNER, "password": PASSWORD})
    assert signed_in.status == 201, signed_in.text()
    page = context.new_page()
    page.set_default_timeout(PATIENT_MS)
    seen = Watched(page)
    page.on("dialog", lambda each: (seen.wrong.append(f"dialog: {each.message}"), each.dismiss()))
    return page, seen


def calm(page: Page, seen: Watched, where: str) -> None:
    """Nothing ran, nothing was asked elsewhere, nothing complained."""
    assert page.evaluate("window.__fired") == 0, where
    assert seen.wrong == [], where


def test_no_page_runs_any_of_it_and_all_show_it_as_it_is(shop: Beset, browser: Browser) -> None:
    page, seen = watched(browser, shop.site)
    for path in PAGES:
        page.goto(f"/app{path}")
        settled(page)
        calm(page, seen, path)
    page.goto("/app/segments")
    settled(page)
    page.get_by_text("Cards", exact=True).click()
    assert sorted(all_of(page, "article h2 a")) == sorted(shop.labels)
    folders = [each for number in range(len(shop.labels)) if (each := folder_of(number))]
    assert len(folders) > 0.7 * len(shop.labels)
    assert sorted(page.locator(".folder [dir]").all_text_contents()) == sorted(folders)
    page.get_by_label("Folder", exact=True).press("ArrowDown")
    expect(page.locator(".ant-select-item-option").nth(1)).to_be_visible()
    calm(page, seen, "cards")
    ids = customers(page)
    asked = shop.client.get(f"{API}/customers", params={"limit": len(HOSTILE)}).json()
    assert sorted(ids) == sorted(each["customer_id"] for each in asked["customers"])
    assert len(ids) > 0.9 * len(HOSTILE)
    calm(page, seen, "customers")
    for text in HOSTILE[::50]:
        page.evaluate(
            "to => { history.pushState(null, '', to); dispatchEvent(new PopStateEvent('popstate')); }",
            f"/app/customers?search={quote(text, safe='')}&as_of={quote(text, safe='')}",
        )
        settled(page)
        assert page.evaluate("window.__fired") == 0, text
    page.context.close()


def test_the_report_shows_all_and_runs_nothing(
    shop: Beset, browser: Browser, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(shop.folder, tmp_path / "copy"))
    with Workspace.open(copy) as workspace:
        workspace.report(tmp_path / "report.html", sections=["segments", "categories", "geography"])
    page = browser.new_page()
    page.add_init_script(TRAPS)
    seen = Watched(page)
    page.goto((tmp_path / "report.html").as_uri())
    expect(page.locator("h1").first).to_be_visible()
    assert set(map(flat, shop.labels)) <= set(
        map(flat, page.locator("h3, h4, td, summary, b, strong, th").all_text_contents())
    )
    calm(page, seen, "report")
    page.close()


def flat(text: str) -> str:
    """A text without what HTML does not keep of space."""
    return " ".join(text.split())


def customers(page: Page) -> list[str]:
    """Everybody on the page of customers."""
    page.goto("/app/customers")
    settled(page)
    return all_of(page, "td a")


def all_of(page: Page, links: str) -> list[str]:
    """The texts of a long list, a piece after the other."""
    shown, more = page.locator(links), page.get_by_role("button", name="Show more")
    while more.count():
        before = shown.count()
        more.click()
        expect(shown).not_to_have_count(before)
    return shown.all_text_contents()
