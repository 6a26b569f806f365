"""The written reference is what the commands say."""

from pathlib import Path

from segmentry.cli.reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "cli.md"


def test_the_page_is_not_stale():
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run: python -m segmentry.cli.reference docs/reference/cli.md"
    )
