"""What Segmentry takes for the same, asked as its users and its own commands ask."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks.scale.clock import timed
from benchmarks.scale.declared import SEED, Rule, drawn_rules, used
from benchmarks.scale.shop import load, opened
from segmentry.language.text import parse_rule
from segmentry.segments import bits
from segmentry.segments.leaves import Leaves, ready

DAY = "2026-01-01"


def evaluate(folder: str) -> dict[str, int]:
    """Evaluate all segments from the facts; gives how many members each has."""
    with opened(folder) as workspace:
        with timed("declarations"):
            rules, customers = workspace.rules(), workspace.customers(DAY)
        with (
            timed("features and conditions"),
            ready(customers, rules.values()) as known,
        ):
            leaves = Leaves.of(known)
            leaves.compute(rules.values())
        with timed("memberships"):
            found = {name: bits.count(leaves.members(rule)) for name, rule in rules.items()}
        others = [parse_rule(each.text) for each in more()]
        with timed("one more segment", len(others)):
            for rule in others:
                bits.count(leaves.members(rule))
    return found


def more(size: int = 200) -> list[Rule]:
    """Other segments over the conditions of the thousand."""
    return drawn_rules(random.Random(SEED + 3), used(), size)


def check(folder: str) -> int:
    """Run the checks; gives the trust score."""
    with opened(folder) as workspace, timed("check"):
        return workspace.check()[0].score


def day(folder: str, files: str) -> None:
    """Load the files of one day more."""
    with opened(folder) as workspace:
        load(workspace, Path(files))
