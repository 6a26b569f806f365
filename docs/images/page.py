"""Takes the pictures of the page over the demo, in English and in Persian: `make pictures`.

Needs Chromium at the usual place, and the packages for development.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
SIZE = {"width": 1440, "height": 900}
PICTURES = (("page-rfm", "en", "rfm"), ("page-fa", "fa", "segments"))


def main(demo: Path) -> None:
    """Serve a copy of the demo, sign in, and take each picture when its charts are drawn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        _served(Path(folder), demo) as link,
        sync_playwright() as tools,
    ):
        chromium = shutil.which("chromium")
        browser = tools.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport=SIZE)
        page.goto(link)
        page.wait_for_url("**/app/")
        for name, language, place in PICTURES:
            _take(page, link.partition("/app/")[0], name, language, place)
        browser.close()


def _take(page: Page, host: str, name: str, language: str, place: str) -> None:
    page.evaluate("language => localStorage.setItem('segmentry.language', language)", language)
    page.goto(f"{host}/app/{place}")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)
    page.screenshot(path=HERE / f"{name}.png")


@contextmanager
def _served(folder: Path, demo: Path) -> Iterator[str]:
    """The link that signs in."""
    shutil.copytree(demo, folder / "demo-shop")
    command = ["segmentry", "serve", "-w", str(folder / "demo-shop"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdout
        yield next(line for line in iter(server.stdout.readline, "") if "token=" in line).strip()
        server.terminate()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
