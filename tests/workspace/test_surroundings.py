"""The server's zone, clock, language, hash seed and cores change nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LATER = "2031-02-28 23:59:50"
SURROUNDINGS = {"TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "2"}


def said(folder: Path, surroundings: dict[str, str], threads: int, *before: str) -> list[str]:
    """The hash that a process in these surroundings prints, and what its clock shows."""
    folder.mkdir()
    command = [*before, sys.executable, "-m", "tests.workspace.say", str(folder), str(threads)]
    done = subprocess.run(
        command, env=os.environ | surroundings, cwd=ROOT, capture_output=True, text=True,
        check=False, encoding="utf-8",
    )  # fmt: skip
    assert not done.returncode, done.stderr[-2000:]
    return done.stdout.split()


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder = tmp_path_factory.mktemp("surroundings") / "plain"
    return said(folder, {"TZ": "UTC", "PYTHONHASHSEED": "0"}, 2)


def test_another_place_says_the_same(tmp_path, plain):
    assert said(tmp_path / "shop", SURROUNDINGS, 1)[0] == plain[0]


@pytest.mark.skipif(shutil.which("faketime") is None, reason="faketime is not installed")
def test_another_time_says_the_same(tmp_path, plain):
    found = said(tmp_path / "shop", {"TZ": "Asia/Tehran"}, 2, "faketime", LATER)
    assert found[1].startswith("2031-"), "the clock is to be another one"
    assert found[0] == plain[0]
