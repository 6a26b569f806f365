"""The page of every method on every shop is what its command writes."""

from __future__ import annotations

import pytest
from tests.examples.methods import METHODS, PAGE, SHOPS, section
from tests.examples.walk import EXAMPLES, missing

SMALL = "crm_b2b"


def test_the_page_has_every_shop_and_every_method() -> None:
    _, *parts = PAGE.read_text(encoding="utf-8").split("\n## ")
    assert [part.splitlines()[0] for part in parts] == [each.title for each in SHOPS.values()]
    for part in parts:
        rows = [line.split(" | ")[0].strip("| ") for line in part.splitlines() if line[:2] == "| "]
        assert rows[1:] == list(METHODS)
    assert all((EXAMPLES / name / "README.md").is_file() for name in SHOPS)


@pytest.mark.slow
def test_a_shop_asked_again_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    if what := missing(SMALL):
        pytest.skip(f"{what} is not at hand")
    monkeypatch.setenv("DATA", "")  # put back afterwards
    monkeypatch.setenv("COLUMNS", "200")
    assert section(SMALL) in PAGE.read_text(encoding="utf-8")
