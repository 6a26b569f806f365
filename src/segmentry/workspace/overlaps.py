"""How far segments, groups and rules overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from segmentry.core.errors import UsageError
from segmentry.insights.overlap import Overlap, overlap
from segmentry.segments.leaves import Leaves, ready
from segmentry.workspace.card import rule_of

if TYPE_CHECKING:
    from segmentry.workspace.folder import When
    from segmentry.workspace.workspace import Workspace

MOST = 100
"""Sets that are compared at once."""


def overlaps(workspace: Workspace, names: Sequence[str], when: When) -> Overlap:
    """How many are in both of any two; each is a saved segment, a group (`rfm/VIP`) or a rule.

    Raises:
        UsageError: There are more than a hundred.
        DeclarationError: One is none of these.
    """
    if len(names) > MOST:
        raise UsageError(f"{len(names)} sets are too many.", fix=f"Name {MOST} at most.")
    rules = {name: workspace.checked(rule_of(workspace, name)) for name in names}
    with ready(workspace.customers(when), rules.values()) as known:
        leaves = Leaves.of(known)
        leaves.compute(rules.values())
        sets = {name: leaves.members(rule) for name, rule in rules.items()}
        return overlap(sets, leaves.known)


__all__ = ["overlaps"]
