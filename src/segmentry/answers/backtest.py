"""Whether segments say anything about what comes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.estimate import estimate
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.backtest import Outcome, Ranked, Tried
    from segmentry.locale import Messages
    from segmentry.workspace.workspace import Workspace


def backtest(
    workspace: Workspace, names: Sequence[str], as_of: AsOf, language: str | None = None
) -> Document:
    """What members as of past months did afterwards, and which segmentation foretells most.

    Without names, the usual segmentations and all that is saved.
    """
    found = workspace.remembered(
        "backtest", lambda: workspace.insights.backtest(*names, when=as_of), as_of, about=names
    )
    messages = workspace.wording(language).messages
    return {
        **basis(workspace, as_of),
        "cuts": list(found.cuts),
        "tried": [
            {"name": name, "groups": [_tried(each, messages) for each in groups]}
            for name, groups in found.groups.items()
        ],
        "ranking": [_ranked(each) for each in found.ranking],
    }


def _tried(found: Tried, messages: Messages) -> Document:
    return {
        "name": found.name,
        "customers": found.customers,
        "memberships": found.memberships,
        "past_more": estimate(found.past_more),
        "outcomes": [_outcome(each) for each in found.outcomes],
        "verdict": found.verdict,
        "sentence": messages(f"backtest.verdict.{found.verdict}"),
    }


def _outcome(found: Outcome) -> Document:
    return {
        "days": found.days,
        "revenue": estimate(found.revenue),
        "revenue_more": estimate(found.revenue_more),
        "orders": estimate(found.orders),
        "orders_more": estimate(found.orders_more),
        "bought": estimate(found.bought),
        "bought_more": estimate(found.bought_more),
    }


def _ranked(found: Ranked) -> Document:
    return {
        "name": found.name,
        "groups": found.groups,
        "gini": estimate(found.gini),
        "explained": estimate(found.explained),
        "over_naive": estimate(found.over_naive),
        "naive": found.naive,
    }
