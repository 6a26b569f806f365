"""The report in a real browser, straight from disk: every chart is drawn, nothing complains."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from segmentry.report import ReportContent, has_charts, write_report

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-logging=stderr",
    "--virtual-time-budget=5000",
    "--dump-dom",
)

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
    pytest.mark.skipif(not has_charts(), reason="the chart library has not been built"),
]


def open_page(path: Path, profile: Path) -> tuple[str, list[str]]:
    """The page once it is drawn, and what it wrote to the console."""
    assert CHROMIUM is not None
    run = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", path.as_uri()],
        capture_output=True,
        text=True,
        timeout=90,
        check=True,
    )
    return run.stdout, [line for line in run.stderr.splitlines() if "CONSOLE" in line]


def test_all_charts_are_drawn(shop: ReportContent, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(shop, path)
    page, console = open_page(path, tmp_path / "profile")
    assert console == []
    assert 'data-ready="true"' in page
    drawn = re.findall(r'data-chart="(\w+)"[^>]*>\s*<div[^>]*>\s*<svg', page)
    assert drawn == re.findall(r'data-chart="(\w+)"', page)
    assert len(drawn) > 20
    assert "<details open" not in page.split("</figure>")[0]


def test_an_empty_workspace_opens_without_complaint(empty: ReportContent, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(replace(empty, workspace_name="<script>boo()</script>"), path)
    page, console = open_page(path, tmp_path / "profile")
    assert console == []
    assert 'data-ready="true"' in page
