"""A budget between segments of a workspace, by responses that were stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.insights.allocation import Allocation, Response, allocate
from segmentry.workspace.card import rule_of

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def allocated(workspace: Workspace, budget: float, responses: Mapping[str, object]) -> Allocation:
    """The split of a budget that leaves most profit.

    Raises:
        UsageError: No response was stated.
        DeclarationError: A response or a segment is none.
    """
    if not responses:
        raise UsageError(
            "what segments bring for what is spent on them is not known; what they are worth does"
            " not say it.",
            fix="State for each segment {spent: …, profit: …}, as a campaign with a control group"
            " has shown.",
        )
    for segment in responses:
        workspace.checked(rule_of(workspace, segment))
    return allocate(budget, [Response.of(name, body) for name, body in responses.items()])
