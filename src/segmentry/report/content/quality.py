"""Whether groups are worth having, by the trade's criteria."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeView:
    """How a group meets a criterion.

    Args:
        points: 1 for good, .5 for fair, 0 for poor; `None` where it cannot be said.
        evidence: By what one sees it, in words.
    """

    grade: str
    points: float | None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityView:
    """Groups and how each meets every criterion; without groups it is not shown."""

    criteria: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    grades: tuple[tuple[GradeView, ...], ...] = ()
