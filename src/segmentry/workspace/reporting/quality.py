"""Whether the groups of RFM are worth having."""

from __future__ import annotations

from segmentry.core.errors import SegmentryError
from segmentry.insights.worthwhile import Finding
from segmentry.report.content import GradeView, QualityView
from segmentry.workspace.latest import of_state
from segmentry.workspace.reporting.asking import Asking
from segmentry.workspace.worthwhile import Worthwhile, evidence, several

KEPT = "worthwhile/last"
"""The name under which it is kept among the cards, for the next report."""
OF = "rfm"
POINTS = {"good": 1.0, "fair": 0.5, "poor": 0.0}


def quality(asked: Asking) -> QualityView:
    """The groups that have customers; none without orders."""
    segmentation = asked.available.get(OF)
    if segmentation is None:
        return QualityView()
    names = [f"{OF}/{each.name}" for each in segmentation.groups]
    try:
        found = of_state(
            asked.workspace,
            KEPT,
            asked.customers,
            tuple[Worthwhile, ...],
            lambda: several(asked.workspace, names, asked.as_of),
        )
    except SegmentryError:  # there are no orders
        return QualityView()
    groups = [each for each in found if each.findings[0].evidence["customers"]]
    if not groups:
        return QualityView()
    return QualityView(
        criteria=tuple(
            asked.words(f"terminal.worthwhile.of.{each.criterion}") for each in groups[0].findings
        ),
        groups=tuple(
            asked.wording.group(segmentation, each.name.partition("/")[2]) for each in groups
        ),
        grades=tuple(
            tuple(_grade(asked, each.name, one) for one in each.findings) for each in groups
        ),
    )


def _grade(asked: Asking, name: str, found: Finding) -> GradeView:
    goal = None
    if found.criterion == "actionable":
        segmentation = asked.available[OF]
        playbook = asked.wording.playbook(segmentation, name.partition("/")[2])
        goal = playbook.goal if playbook else None
    return GradeView(
        grade=asked.words(f"terminal.worthwhile.grade.{found.grade}"),
        points=POINTS.get(found.grade),
        evidence=tuple(
            evidence({**found.evidence, **({"goal": goal} if goal else {})}, asked.write)
        ),
    )
