"""One number for how far the data can be trusted, with its reasons."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from segmentry.data.checks.check import CheckResult, Severity

WEIGHTS = {Severity.ERROR: 40.0, Severity.WARNING: 15.0, Severity.INFO: 3.0}
"""Points that a check costs when every row fails."""


@dataclass(frozen=True, slots=True)
class Trust:
    """How far the data can be trusted.

    Args:
        score: 100 when nothing fails beyond what is tolerated, down to 0.
        reasons: What cost points, the dearest first, as sentences.
    """

    score: int
    reasons: tuple[str, ...] = ()


def trust(results: Iterable[CheckResult]) -> Trust:
    """100 less the cost of every check, rounded down, never below 0.

    A check costs weight × √excess, where the excess is the share of failing rows beyond the
    tolerated share, from 0 to 1: every row failing costs the full weight, one row in a hundred a
    tenth of it. More failing rows never give a higher score.
    """
    costs = sorted(((cost(each), each.sentence()) for each in results), key=lambda x: (-x[0], x[1]))
    lost = sum(each for each, _ in costs)
    score = max(0, math.floor(100 - lost + 1e-9))
    return Trust(score, tuple(sentence for each, sentence in costs if each > 0))


def cost(result: CheckResult) -> float:
    """Points that a check costs."""
    excess = (result.share - result.tolerance) / (1 - result.tolerance)
    return WEIGHTS[result.severity] * math.sqrt(min(max(excess, 0.0), 1.0))


__all__ = ["WEIGHTS", "Trust", "cost", "trust"]
