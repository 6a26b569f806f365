"""Whether a segment is worth having."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.worthwhile import Finding
    from segmentry.workspace.workspace import Workspace


def worthwhile(
    workspace: Workspace, which: str, as_of: AsOf, language: str | None = None
) -> Document:
    """The trade's criteria for a saved segment, a group or a rule, each with its evidence."""
    from segmentry.workspace.worthwhile import goal_of

    goal = goal_of(workspace, which, as_of, language)
    found = workspace.remembered(
        "worthwhile",
        lambda: workspace.insights.worthwhile(which, when=as_of),
        as_of,
        bool(goal),
        about=[which],
    )
    return {
        "name": found.name,
        "rule": found.rule,
        **basis(workspace, as_of),
        "findings": [_finding(each, goal) for each in found.findings],
    }


def _finding(found: Finding, goal: str) -> Document:
    evidence = dict(found.evidence)
    if evidence.get("goal"):
        evidence["goal"] = goal  # in the language that was asked for
    return {"criterion": found.criterion, "grade": found.grade, "evidence": evidence}
