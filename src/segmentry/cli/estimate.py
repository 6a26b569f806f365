"""Numbers with intervals, as JSON and for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.text import Text

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    pass

WHY = {"nothing": "–", "few": "too few", "heavy": "a few decide"}
"""What stands where there is no interval."""


def span(document: Document, written: Callable[[Any], str]) -> Text:
    """An interval as `12–18`, or why there is none."""
    if document["reason"]:
        return Text(WHY[document["reason"]], style="dim")
    return Text(f"{written(document['low'])}–{written(document['high'])}")
