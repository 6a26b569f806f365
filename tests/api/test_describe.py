"""The committed description is that of the code."""

from __future__ import annotations

from pathlib import Path

from segmentry.api.describe import described

FILE = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


def test_the_committed_description_is_that_of_the_code():
    assert FILE.read_text(encoding="utf-8") == described(), (
        "run `python -m segmentry.api.describe docs/reference/openapi.json`"
    )
