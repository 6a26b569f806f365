"""How far sets of customers overlap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from segmentry.answers.basis import basis
from segmentry.answers.plain import Document

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.insights.overlap import Overlap
    from segmentry.language.node import Condition
    from segmentry.workspace.workspace import Workspace

LARGEST = 30
"""Combinations that are told, the largest ones."""


def overlap(workspace: Workspace, names: Sequence[str], as_of: AsOf) -> Document:
    """Every pair of saved segments, groups (`rfm/VIP`) and rules; without names, all saved."""
    from segmentry.workspace.cell import in_all, set_rule

    labels = {each.name: each.label for each in workspace.saved() if each.label}
    found = workspace.insights.overlaps(*names, when=as_of)
    rules = {each: set_rule(workspace, each) for each in found.names}
    return basis(workspace, as_of) | {
        "of": found.customers,
        "none": found.none,
        "sets": [
            {
                "name": each,
                "label": labels.get(each, each),
                "customers": found.size(each),
                "rule": rules[each].text(),
            }
            for each in found.names
        ],
        "pairs": [
            {
                "one": one,
                "other": other,
                "customers": found.size(one, other),
                "share_of_one": found.share(one, other),
                "share_of_other": found.share(other, one),
                "rule": in_all([rules[one], rules[other]]).text(),
            }
            for one, other in combinations(found.names, 2)
        ],
        "combinations": [
            {"sets": list(sets), "customers": customers, "rule": _exactly(rules, sets)}
            for sets, customers in _largest(found)
        ],
    }


def _largest(found: Overlap) -> list[tuple[list[str], int]]:
    """The largest combinations, largest first; of equals, those of fewer sets."""
    ordered = sorted(found.together.items(), key=lambda each: (-each[1], len(each[0]), each[0]))
    return [([found.names[place] for place in sets], size) for sets, size in ordered[:LARGEST]]


def _exactly(rules: Mapping[str, Condition], sets: Sequence[str]) -> str:
    """The rule of those who are in these sets and in none of the others."""
    from segmentry.workspace.cell import in_all

    others = [rule for name, rule in rules.items() if name not in sets]
    return in_all([rules[each] for each in sets], others).text()
