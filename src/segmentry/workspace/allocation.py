"""A budget between segments of a workspace, by responses that were stated."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.insights.allocation import Allocation, Response, allocate
from segmentry.workspace.card import rule_of
from segmentry.workspace.latest import Latest

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

KEPT = "allocation/last"
"""The name under which the last split is kept among the cards."""


def allocated(workspace: Workspace, budget: float, responses: Mapping[str, object]) -> Allocation:
    """The split of a budget that leaves most profit. It is kept until the next one.

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
    found = allocate(budget, [Response.of(name, body) for name, body in responses.items()])
    body = TypeAdapter(Allocation).dump_python(found, mode="json")
    Latest(workspace.engine).keep(KEPT, workspace.as_of(), body, len(responses))
    return found


def latest(workspace: Workspace, by: AsOf) -> Allocation | None:
    """The last split; `None` where there was none by then."""
    found = Latest(workspace.engine).last(KEPT, by)
    return None if found is None else TypeAdapter(Allocation).validate_python(found)
