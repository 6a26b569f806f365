"""A budget between segments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.allocation import Allocation
    from segmentry.workspace.workspace import Workspace


def allocation(workspace: Workspace, budget: float, responses: Mapping[str, object]) -> Document:
    """The split of a budget between segments by what spending on each was stated to bring."""
    return _document(workspace.insights.allocate(budget, responses))


def latest(workspace: Workspace, as_of: AsOf) -> Document:
    """The last split by an instant; `None` where there was none."""
    from segmentry.workspace.allocation import latest as split

    found = split(workspace, as_of)
    return {"latest": None if found is None else _document(found)}


def _document(found: Allocation) -> Document:
    return {
        "budget_amount": found.budget,
        "spent_amount": found.spent,
        "profit_amount": found.profit,
        "net_amount": found.net,
        "net_low_amount": found.low,
        "net_high_amount": found.high,
        "marginal": found.marginal,
        "segments": [
            {
                "name": each.segment,
                "spent_amount": each.spent,
                "profit_amount": each.profit,
                "marginal": each.marginal,
                "spent_at_low_amount": found.spent_between.get(each.segment, (None, None))[0],
                "spent_at_high_amount": found.spent_between.get(each.segment, (None, None))[1],
            }
            for each in found.shares
        ],
        "curve": [{"budget_amount": one, "net_amount": net} for one, net in found.curve],
    }
