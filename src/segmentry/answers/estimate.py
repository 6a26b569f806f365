"""Numbers with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.insights.estimate import Estimate


def estimate(found: Estimate) -> Document:
    """The number, the ends of its interval, and why there is none."""
    return {
        "value": found.value,
        "low": found.low,
        "high": found.high,
        "reason": found.reason or None,
    }
