"""What Segmentry takes for the same, asked as its users and its own commands ask."""

from __future__ import annotations

import random
import time
from pathlib import Path

from benchmarks.scale.clock import spent, timed, told
from benchmarks.scale.declared import SEED, Rule, declare, drawn_rules, used
from benchmarks.scale.growth import chosen
from benchmarks.scale.shop import load, load_files, opened
from benchmarks.scale.source import CATEGORIES
from segmentry.language.text import parse_rule
from segmentry.segments import bits
from segmentry.segments.leaves import Leaves, ready
from segmentry.workspace.workspace import Workspace

DAY = "2026-01-01"
GROWN = "3GB"
"""Memory for the engine where it is shown how costs grow."""


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


def refresh(folder: str) -> None:
    """Refresh for the first time: checks, every feature, a history of 36 months."""
    with opened(folder) as workspace:
        steps = Steps()
        workspace.refresh(DAY, steps)
        steps.end()


def day(folder: str, files: str) -> None:
    """Load the files of one day more into a refreshed workspace, refresh it, then do all anew.

    Raises:
        AssertionError: The refresh after the day differs from computing everything anew.
    """
    with opened(folder) as workspace:
        with timed("a day's files loaded"):
            load(workspace, Path(files))
        with timed("refresh after that day"):
            workspace.refresh()
        found = content(workspace)
        forget(workspace)
    with opened(folder) as workspace:
        with timed("the same, all computed anew"):
            workspace.refresh()
        assert content(workspace) == found


def content(workspace: Workspace) -> list[tuple[object, ...]]:
    """Hashes of the features that a refresh kept, and of the memberships that it recorded."""
    tables = ("customer_features", "membership_point", "membership_size")
    marks = "SELECT bit_xor(hash(segment, part, as_of, mark)) FROM membership_change"
    each = (f"SELECT count(*), bit_xor(hash(t)) FROM {name} AS t" for name in tables)
    return [workspace.engine.rows(query)[0] for query in (*each, marks)]


def forget(workspace: Workspace) -> None:
    """Remove whatever a later refresh would go on from, the last point of the history too."""
    for kept in ("basis.json", "memberships.json"):
        for file in workspace.folder.glob(f"snapshot/*/{kept}"):
            file.unlink()
    for table in ("kept_counts", "kept_counts_at"):
        workspace.engine.drop(table)


def ask(folder: str) -> None:
    """Count rules that nobody saved, on a refreshed workspace."""
    with opened(folder) as workspace:
        workspace.preview("frequency > 1", DAY)  # declarations are read once
        known = [each.text for each in more(50)]
        with timed("count of a rule over features", len(known)):
            for rule in known:
                workspace.preview(rule, DAY)
        fresh = [rule for each in CATEGORIES[:10] for rule in _windowed(each)]
        with timed("count with a new windowed aggregate", len(fresh)):
            for rule in fresh:
                workspace.preview(rule, DAY)


def _windowed(category: str) -> tuple[str, ...]:
    """Rules over values that no feature has."""
    of = f"where => category = '{category}'"
    return (
        f"count(order_lines, {of}, last => '45 days') >= 2",
        f"sum(order_lines.net_amount, {of}, last => '300 days') > 80 AND country = 'UA'",
    )


def one(folder: str, size: int = 200) -> None:
    """Ask for every segment of one customer after the other, each with a fresh event."""
    with opened(folder) as workspace:
        live = workspace.live
        with timed("rows sorted by customer"):
            live.sort()
        names = [f"C{number * 4_111 % 10_000:08d}" for number in range(size + 1)]
        happened = {"occurred_at": "2026-01-01 10:00:00", "name": "add_to_cart"}
        live.standing(names.pop(), {"events": [happened]})
        with timed("1,000 segments of one customer", size):
            for each in names:
                live.standing(each, {"events": [happened]})


def grow_load(folder: str, files: str) -> None:
    """Make a workspace and load some of the files of a shop into it."""
    Workspace.create(folder, timezone="Europe/Kyiv").close()
    with opened(folder, GROWN) as workspace:
        with timed("load"):
            load_files(workspace, chosen(Path(files)))
        declare(workspace)


def grow_refresh(folder: str) -> None:
    """Refresh it for the first time."""
    with opened(folder, GROWN) as workspace:
        steps = Steps()
        workspace.refresh(DAY, steps)
        steps.end()


def grow_report(folder: str) -> None:
    """Write its report."""
    with opened(folder, GROWN) as workspace, timed("report"):
        workspace.report(Path(folder) / "report.html", DAY)


class Steps:
    """Progress of a refresh that prints what each of its steps took."""

    def __init__(self) -> None:
        self._what, self._cpu, self._wall = "", 0.0, 0.0

    def __call__(self, step: str, *_: int) -> None:
        """Take note that a step begins or goes on."""
        if step != self._what:
            self.end()
            self._what, self._cpu, self._wall = step, spent(), time.perf_counter()

    def end(self) -> None:
        """The last step has ended."""
        if self._what:
            told(f"refresh: {self._what}", spent() - self._cpu, time.perf_counter() - self._wall)
