"""The page over a large workspace: until a page can be used, and until a rule is counted.

A real browser on the same machine asks a server that was started some minutes ago, then once more;
then it goes there from another page, as people do who have the application open. A page can be used
when it has its title, its answers and its pictures.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from urllib.parse import urlsplit

from playwright.sync_api import Page, Response, sync_playwright

from benchmarks.serving import served
from segmentry.workspace.workspace import Workspace

NAME, PASSWORD = "benchmark", "a password of a benchmark"
PATIENT_MS = 300_000
USABLE = """
() => document.querySelector("main h1:not([data-before])")
  && !document.querySelector(".ant-skeleton, .ant-spin-spinning, [data-chart]:not([data-ready])")
"""
GO = """
path => {
  document.querySelector("main h1").dataset.before = "";
  history.pushState({}, "", path);
  dispatchEvent(new PopStateEvent("popstate"));
}
"""
"""Go there without loading the application again."""
RULES = (
    "frequency >= 3",
    "recency_days <= 90 AND monetary > 100",
    "NOT (frequency >= 5 OR average_order_amount > 250)",
    "rfm_group IN ('VIP', 'Regular') AND recency_days BETWEEN 10 AND 200",
    "recency_days IS NULL OR frequency = 1",
)
"""Over features; another number is put in each time, so that none was asked before."""
WINDOWED = "count(orders, last => '{days} days') >= 2"
NUMBER = re.compile(r"\d+")
TIMES = 5
AHEAD_SECONDS = 150
"""What pages show is worked out after a start; that is waited for."""


def run(workspace: Path) -> None:
    """Print what each page and count takes."""
    with Workspace.open(workspace) as opened:
        segment = min((each.name for each in opened.saved()), default="")
        [(customer,)] = opened.engine.rows("SELECT min(customer_id) FROM customers")
        if NAME not in {each.name for each in opened.access.people.all()}:
            opened.access.people.add(NAME, "admin", PASSWORD)
        _, key = opened.access.keys.add("pages", ["read", "personal"])
    with served(workspace) as (_, port), _browser(f"http://127.0.0.1:{port}") as page:
        sleep(AHEAD_SECONDS)
        print(
            f"{'':36}{'first ms':>10}{'again ms':>10}{'within ms':>10}   slowest request at first"
        )
        for path in _paths(segment, customer):
            first, slowest = _usable(page, path)
            again, _ = _usable(page, path)
            within = _within(page, path)
            print(f"{path:36}{first:10,.0f}{again:10,.0f}{within:10,.0f}   {slowest}", flush=True)
        print(f"\n{'count of a rule':60}{'first ms':>10}{'median ms':>10}")
        for rule in (*RULES, WINDOWED.format(days=90)):
            first, *others = (_counted(page, key, _varied(rule, turn)) for turn in range(TIMES))
            print(f"{rule:60}{first:10,.0f}{median(others):10,.0f}", flush=True)


def _paths(segment: str, customer: str) -> list[str]:
    return [
        "/", "/segments", f"/segments/{segment}", f"/segments/{segment}?tab=history",
        f"/segments/{segment}?tab=members", f"/builder?segment={segment}", "/rfm", "/lifecycle",
        "/compare", "/value", "/discover", "/customers", f"/customers/{customer}", "/data",
        "/data/import", "/runs", "/settings",
    ]  # fmt: skip


@contextmanager
def _browser(address: str) -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(
            base_url=address, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
        )
        page.set_default_timeout(PATIENT_MS)
        entered = page.request.post("/api/v1/sessions", data={"name": NAME, "password": PASSWORD})
        assert entered.status == 201, entered.text()
        yield page
        browser.close()


def _usable(page: Page, path: str) -> tuple[float, str]:
    """Milliseconds until a page can be used, and the request that it waited for longest."""
    waited: list[tuple[float, str]] = []

    def note(response: Response) -> None:
        parts = urlsplit(response.url)
        waited.append((response.request.timing["responseStart"], parts.path))

    page.on("response", note)
    page.goto("about:blank")
    begin = perf_counter()
    page.goto(f"/app{path}")
    page.wait_for_function(USABLE, polling="raf")
    took = 1000 * (perf_counter() - begin)
    page.remove_listener("response", note)
    milliseconds, slowest = max(waited)
    return took, f"{milliseconds:,.0f} {slowest}"


def _within(page: Page, path: str) -> float:
    """Milliseconds until a page can be used that is gone to from another one."""
    _usable(page, "/data/import" if path == "/settings" else "/settings")
    begin = perf_counter()
    page.evaluate(GO, f"/app{path}")
    page.wait_for_function(USABLE, polling="raf")
    return 1000 * (perf_counter() - begin)


def _varied(rule: str, turn: int) -> str:
    return NUMBER.sub(lambda found: str(int(found[0]) + turn), rule, count=1)


def _counted(page: Page, key: str, rule: str) -> float:
    """Milliseconds until the builder's question was answered, over HTTP."""
    begin = perf_counter()
    answer = page.request.post(
        "/api/v1/segments/preview",
        data={"rule": rule},
        headers={"Authorization": f"Bearer {key}"},
        timeout=PATIENT_MS,
    )
    assert answer.status == 200, answer.text()
    return 1000 * (perf_counter() - begin)
