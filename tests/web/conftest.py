"""A served shop, and a browser that is watched: no request may leave this machine, nothing fail."""

from __future__ import annotations

import random
import shutil
import socket
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, Page, expect

from segmentry.api.app import create
from segmentry.api.page import STATIC
from segmentry.workspace.workspace import Workspace

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser") if (path := shutil.which(name))), None
)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = WIDE, NARROW = (1440, 390)
OWNER, PASSWORD = "Owner of the shop", "green lamp under the bridge"
PATIENT_MS = 60_000
"""How long to wait for what should take a second: tests run beside others on small machines."""
expect.set_options(timeout=PATIENT_MS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say why these tests are left out, where a browser or the page is missing."""
    reason = None
    if CHROMIUM is None:
        reason = "there is no Chromium here: `apt-get install chromium`"
    elif not (STATIC / "index.html").is_file():
        reason = "the page was not built: `python hatch_build.py`"
    if reason:
        here = Path(__file__).parent
        for item in items:
            if here in item.path.parents and "browser" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Nothing moves: what is looked at in the middle of a movement is of no colour of the page."""
    return browser_context_args | {"reduced_motion": "reduce"}


@pytest.fixture(scope="session")
def base_url() -> str:
    """None: each site has its own address."""
    return ""


@pytest.fixture(scope="session")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Orders of sixty customers, as a file; the column called `total` counts items."""
    draw = random.Random(7)
    rows = ["order_id,customer_id,ordered_at,takings,total"]
    for number in range(400):
        when = datetime(2024, 1, 1) + timedelta(days=draw.randrange(180), hours=draw.randrange(24))
        who = f"c{int(draw.paretovariate(0.7)) % 60:03}"
        paid = draw.uniform(5, 200)
        rows.append(f"o{number},{who},{when:%Y-%m-%d %H:%M},{paid:.2f},{draw.randrange(1, 9)}")
    rows.append("o900,c001,the day after,12.00,1")
    file = tmp_path_factory.mktemp("sold") / "orders.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


@dataclass
class Site:
    """A workspace that is served."""

    address: str
    app: FastAPI

    def link(self) -> str:
        """A link that lets its first user in."""
        return f"{self.address}/app/sign-in#token={self.app.state.door.link()}"


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """A workspace, served from a thread at a free port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        app = create(folder)
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield Site(f"http://127.0.0.1:{listener.getsockname()[1]}", app)
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, sold: Path) -> Iterator[Site]:
    """A shop with two segments and somebody who may do everything."""
    folder = tmp_path_factory.mktemp("served") / "shop"
    with Workspace.create(folder, currency="UAH", timezone="Europe/Kyiv") as shop:
        shop.load(orders=sold)
        shop.segment("regulars", "frequency >= 3", "Regular buyers")
        shop.segment("silent", "recency_days > 60 AND NOT in_segment('regulars')", "Мовчазні")
        shop.refresh("2024-06-01")
        shop.refresh()
    with serving(folder) as found:
        found.app.state.door.access.people.add(OWNER, "admin", PASSWORD)
        yield found


class Watched:
    """What went wrong in a page: errors it logged or threw, requests that leave this machine."""

    def __init__(self, page: Page) -> None:
        self.wrong: list[str] = []
        page.on("pageerror", lambda error: self.wrong.append(f"thrown: {error}"))
        page.on("console", self._logged)
        page.on("request", self._asked)

    def _logged(self, message: Any) -> None:
        if message.type in {"error", "warning"}:
            self.wrong.append(f"{message.type}: {message.text}")

    def _asked(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            self.wrong.append(f"asked elsewhere: {request.url}")


Open = Callable[..., Page]
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport]:
    """Note whether a test failed, for those who keep what it saw."""
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture(scope="session")
def contexts(browser: Browser, site: Site) -> Iterator[Callable[[str], BrowserContext]]:
    """Browsers of somebody signed in, by language; each keeps what it has loaded."""
    made: dict[str, BrowserContext] = {}

    def context(language: str) -> BrowserContext:
        if language not in made:
            made[language] = found = browser.new_context(
                viewport={"width": 1440, "height": 900},
                base_url=site.address,
                locale=language,
                reduced_motion="reduce",
            )
            found.tracing.start(snapshots=True, sources=True)
            signed_in = found.request.post(
                "/api/v1/sessions", data={"name": OWNER, "password": PASSWORD}
            )
            assert signed_in.status == 201, signed_in.text()
        return made[language]

    yield context
    for each in made.values():
        each.close()


@pytest.fixture
def opened(
    contexts: Callable[[str], BrowserContext], request: pytest.FixtureRequest
) -> Iterator[Open]:
    """Opens an address of the page and waits until it is all there; fails if anything was wrong.

    What a test that failed saw is kept in the folder `test-results`, as a trace and as pictures.
    """
    pages: list[tuple[Page, Watched]] = []

    def open_(path: str, language: str = "en") -> Page:
        context = contexts(language)
        if not any(page.context is context for page, _ in pages):
            context.tracing.start_chunk(title=request.node.name)
        page = context.new_page()
        page.set_default_timeout(PATIENT_MS)
        pages.append((page, Watched(page)))
        page.goto(f"/app{path}")
        settled(page)
        return page

    yield open_
    wrong = [each for _, watched in pages for each in watched.wrong]
    failed = request.node.stash.get(FAILED, False) or bool(wrong)
    folder = Path(request.config.getoption("output")) / request.node.name.replace("/", "_")
    for number, (page, _) in enumerate(pages):
        if failed:
            page.screenshot(path=folder / f"{number}.png", full_page=True)
        page.close()
    for number, context in enumerate({page.context for page, _ in pages}):
        context.tracing.stop_chunk(path=folder / f"trace-{number}.zip" if failed else None)
    assert wrong == []


def settled(page: Page) -> None:
    """Wait until a page has its title, its answers and its pictures."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.locator(".ant-skeleton, .ant-spin-spinning, .ant-btn-loading")).to_have_count(0)
    expect(page.locator("[data-chart]:not([data-ready])")).to_have_count(0)


def fitting(page: Page) -> None:
    """Wait until nothing is wider than the window: what is drawn follows a new width a bit later.

    It is asked from outside; the page's own rules let nobody wait inside it.
    """
    until = time.monotonic() + PATIENT_MS / 1000
    while page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        assert time.monotonic() < until, "something is wider than the window"
        page.wait_for_timeout(100)
