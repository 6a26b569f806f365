"""Records that are one customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document, instant
from segmentry.core.progress import Progress, unwatched

if TYPE_CHECKING:
    from segmentry.data.identity.decisions import Decision
    from segmentry.data.identity.search import Method
    from segmentry.workspace.duplicates import Candidate
    from segmentry.workspace.workspace import Workspace


def find(workspace: Workspace, method: Method = "own", progress: Progress = unwatched) -> Document:
    """Search all customers for duplicates; nothing is merged."""
    found = workspace.duplicates.find(progress, method)
    return {
        "found_at": instant(found.found_at, workspace.settings.timezone),
        "records": found.records,
        "compared": found.compared,
        "likely": found.likely,
        "review": found.review,
    }


def pending(workspace: Workspace, at_least: float, limit: int) -> Document:
    """Pairs that nothing was decided about, the most probable first, and why."""
    duplicates = workspace.duplicates
    return {
        "found_at": instant(duplicates.found_at(), workspace.settings.timezone),
        "pending": duplicates.count(at_least),
        "pairs": [_pair(each) for each in duplicates.candidates(at_least, limit)],
    }


def merge(workspace: Workspace, customers: Sequence[str], reason: str) -> Document:
    """Make the named records one customer; the first one survives."""
    first, *others = customers
    number = workspace.duplicates.merge(first, *others, reason=reason)
    return {"decisions": [number], "records": len(customers)}


def merge_all(workspace: Workspace, at_least: float, reason: str) -> Document:
    """Merge every pair that is probable enough."""
    made = workspace.duplicates.merge_all(at_least, reason)
    return {"decisions": list(made.decisions), "records": made.records}


def refuse(workspace: Workspace, one: str, other: str, reason: str) -> Document:
    """Two records are not one customer; they never come again."""
    number = workspace.duplicates.refuse(one, other, reason)
    return {"decision": number, "customers": [one, other]}


def undo(workspace: Workspace, number: int, reason: str) -> Document:
    """Take a merge or a refusal back."""
    return {"decision": workspace.duplicates.undo(number, reason), "undoes": number}


def history(workspace: Workspace, limit: int) -> Document:
    """What was decided about duplicates, the latest first."""
    zone = workspace.settings.timezone
    return {"decisions": [_decision(each, zone) for each in workspace.duplicates.history(limit)]}


def _pair(each: Candidate) -> Document:
    return {
        "customer_id": each.customer_id,
        "other_id": each.other_id,
        "probability": each.probability,
        "exact": each.exact,
        "likely": each.likely,
        "why": each.why,
        "records": list(each.records),
    }


def _decision(each: Decision, timezone: str) -> Document:
    return {
        "number": each.number,
        "kind": each.kind,
        "decided_at": instant(each.decided_at, timezone),
        "reason": each.reason,
        "customers": list(each.customers),
        "undoes": each.undoes,
        "undone_by": each.undone_by,
    }
