"""Whether a segment is worth having: the trade's criteria, each with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from segmentry.insights.backtest import Verdict

Criterion = Literal["substantial", "measurable", "stable", "separable", "reachable", "actionable"]
Grade = Literal["good", "fair", "poor", "unsaid"]
Evidence = Mapping[str, float | int | str | None]

ENOUGH, FEW = 200, 30
"""Members above which amounts have intervals, and below which shares have none."""
LEAST_SHARE = 0.01
"""Of all customers or of revenue; a segment with less of both seldom pays its own campaign."""


@dataclass(frozen=True)
class Finding:
    """One criterion of a segment, how it is met, and by what one sees it.

    Args:
        evidence: Figures by name; what is not known is `None`.
    """

    criterion: Criterion
    grade: Grade
    evidence: Evidence


def substantial(customers: int, customer_share: float, revenue_share: float | None) -> Finding:
    """Large enough: 200 members and 1 % of customers or revenue is good, 30 members fair."""
    large = customers >= ENOUGH and max(customer_share, revenue_share or 0.0) >= LEAST_SHARE
    grade: Grade = "good" if large else "fair" if customers >= FEW else "poor"
    evidence = {
        "customers": customers, "customer_share": customer_share, "revenue_share": revenue_share
    }  # fmt: skip
    return Finding("substantial", grade, evidence)


def measurable(missing_share: float, trust: float | None) -> Finding:
    """Known: for few of all customers a missing value decides who is in.

    Args:
        trust: Score of the data, 0 to 100.
    """
    grade = _graded(-missing_share, -0.05, -0.2)
    if grade == "good" and trust is not None and trust < 70:
        grade = "fair"
    return Finding("measurable", grade, {"missing_share": missing_share, "trust": trust})


def stable(stayed: float | None, days: float, before: int, half_life: float | None) -> Finding:
    """Lasting: most who were in it some days ago still are; of fewer than 30 nothing is said."""
    known = before >= FEW
    return Finding(
        "stable",
        _graded(stayed, 0.8, 0.5) if known else "unsaid",
        {
            "stayed": stayed,
            "days": days,
            "customers_before": before,
            "half_life_days": half_life if known else None,
        },
    )


def separable(verdict: Verdict, bought_more: float | None, cuts: int) -> Finding:
    """Different: members do other things afterwards than everyone else, by a backtest."""
    grades: Mapping[Verdict, Grade] = {"more": "good", "less": "good", "past": "poor"}
    evidence = {"verdict": verdict, "bought_more": bought_more, "cuts": cuts}
    return Finding("separable", grades.get(verdict, "unsaid"), evidence)


def reachable(contact: float | None, consented: float | None) -> Finding:
    """Within reach: members with an address or a phone number, and of those asked, consent.

    Args:
        contact: Share of members with either; `None` where no such column is loaded.
        consented: Share of members whose last answer is yes; `None` where nobody was asked.
    """
    known = [each for each in (contact, consented) if each is not None]
    grade = _graded(min(known), 0.7, 0.3) if contact is not None and known else "unsaid"
    return Finding("reachable", grade, {"contact_share": contact, "consented_share": consented})


def actionable(questions: int, goal: str) -> Finding:
    """Fit for action: there is a playbook, or the rule itself says what to speak about.

    Args:
        questions: How many of who, what, why, when, where the rule answers.
        goal: What the playbook is for; empty without one.
    """
    grade: Grade = "good" if goal else "fair" if questions > 1 else "poor"
    return Finding("actionable", grade, {"questions": questions, "goal": goal or None})


def _graded(value: float | None, good: float, fair: float) -> Grade:
    if value is None:
        return "unsaid"
    return "good" if value >= good else "fair" if value >= fair else "poor"
