"""The examples say what happens: each is run as written and held against what it shows.

A walk-through whose data are not at hand is skipped.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.examples.walk import EXAMPLES, SHARED, missing, walk

WALKS = sorted(EXAMPLES.glob("*/README.md"))


@pytest.mark.parametrize("page", [pytest.param(each, id=each.parent.name) for each in WALKS])
def test_the_walk_through_is_true(
    page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = page.parent.name
    if what := missing(name):
        pytest.skip(f"{what} is not at hand")
    here = tmp_path / name
    shutil.copytree(page.parent, here)
    monkeypatch.chdir(here)
    monkeypatch.setenv("DATA", str(SHARED / name))
    monkeypatch.setenv("COLUMNS", "200")
    walk(page)


def test_every_data_set_has_a_walk_through() -> None:
    assert {each.parent.name for each in WALKS} == {
        each.name for each in EXAMPLES.iterdir() if each.is_dir()
    }
