"""How far sets of customers overlap."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace


def overlap(workspace: Workspace, names: Sequence[str], as_of: AsOf) -> Document:
    """Every pair of saved segments, groups (`rfm/VIP`) and rules; without names, all saved."""
    labels = {each.name: each.label for each in workspace.saved() if each.label}
    found = workspace.insights.overlaps(*names, when=as_of)
    return basis(workspace, as_of) | {
        "of": found.customers,
        "none": found.none,
        "sets": [
            {"name": each, "label": labels.get(each, each), "customers": found.size(each)}
            for each in found.names
        ],
        "pairs": [
            {
                "one": one,
                "other": other,
                "customers": found.size(one, other),
                "share_of_one": found.share(one, other),
                "share_of_other": found.share(other, one),
            }
            for one, other in combinations(found.names, 2)
        ],
    }
