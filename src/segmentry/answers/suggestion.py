"""What is suggested for a source: how its columns map, and what to clean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.data.cleaning_suggest import SuggestedStep
    from segmentry.workspace.loading import Suggested


def suggestion(found: Suggested, to: Path | None = None) -> Document:
    """How a source's columns map, with reasons; what only a person can decide; what is missing."""
    suggested = found.suggestion
    return {
        "source": found.origin,
        "records": found.records,
        "recognised": suggested.mapping.vendor or None,
        "mapping": suggested.mapping.model_dump(mode="json", exclude_defaults=True),
        "reasons": [
            {
                "column": each.column,
                "target": each.target,
                "why": each.why,
                "example": found.examples.get(each.column),
            }
            for each in suggested.reasons
        ],
        "questions": [
            {
                "column": each.column,
                "text": each.text,
                "choices": [choice.label for choice in each.choices],
            }
            for each in suggested.questions
        ],
        "missing": [{"target": each.target, "fix": each.fix} for each in suggested.missing],
        "mapping_file": str(to) if to else None,
    }


def cleaning(found: tuple[SuggestedStep, ...]) -> Document:
    """Steps for what looks wrong in a source."""
    return {
        "steps": [
            {
                "column": each.column,
                "step": each.step.model_dump(exclude_none=True),
                "check": each.check,
                "records": each.records,
            }
            for each in found
        ]
    }
