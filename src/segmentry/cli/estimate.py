"""Numbers with intervals, as JSON and for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rich.text import Text

from segmentry.answers.plain import Document


def span(document: Document, written: Callable[[Any], str], language: str = "en") -> Text:
    """An interval as `12–18`, or why there is none."""
    if document["reason"]:
        from segmentry.locale import messages

        return Text(messages(language)(f"terminal.why.{document['reason']}"), style="dim")
    return Text(f"{written(document['low'])}–{written(document['high'])}")
