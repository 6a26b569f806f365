"""What Segmentry takes for the same, asked as its users and its own commands ask."""

from __future__ import annotations

from benchmarks.scale.clock import timed
from benchmarks.scale.shop import opened
from segmentry.segments import bits
from segmentry.segments.leaves import Leaves, ready


def evaluate(folder: str) -> dict[str, int]:
    """Evaluate all segments from the facts; gives how many members each has."""
    with opened(folder) as workspace:
        with timed("ours: declarations"):
            rules, customers = workspace.rules(), workspace.customers("2026-01-01")
        with (
            timed("ours: features and conditions"),
            ready(customers, rules.values()) as known,
        ):
            leaves = Leaves.of(known)
            leaves.compute(rules.values())
        with timed("ours: memberships"):
            found = {name: bits.count(leaves.members(rule)) for name, rule in rules.items()}
    return found
