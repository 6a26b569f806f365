"""A kill at a moment of a step, and what must hold afterwards."""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.torture.scenario import Case
from tests.torture.stage import Ended, Point, going_on, run, started
from tests.torture.state import Seen, leftovers

KILLED = -9
SYSTEM = 4
"""The exit code when disk or memory fails."""


@dataclass(frozen=True)
class Finding:
    """Something that does not hold after a kill."""

    step: str
    when: str
    what: str


def chosen(points: Sequence[Point], wanted: int) -> list[Point]:
    """At most as many points as wanted: of each call on each kind of file, more of frequent ones.

    The share of a kind is the root of how many there are, so that a thousand columns that are
    written leave room for the two calls that publish them.
    """
    if len(points) <= wanted:
        return list(points)
    kinds: dict[tuple[str, str], list[Point]] = {}
    for each in points:
        kinds.setdefault((each.call, each.what), []).append(each)
    roots = sum(math.sqrt(len(each)) for each in kinds.values())
    spare = max(0, wanted - len(kinds))
    found = [
        point
        for each in kinds.values()
        for point in _evenly(each, 1 + int(spare * math.sqrt(len(each)) / roots))
    ]
    return _evenly(found, wanted)


def _evenly(points: Sequence[Point], wanted: int) -> list[Point]:
    """So many points, spread over all of them; the last one is among them."""
    wanted = min(wanted, len(points))
    return [points[(number + 1) * len(points) // wanted - 1] for number in range(wanted)]


def at(case: Case, point: Point, scratch: Path) -> list[Finding]:
    """Kill a step just before a system call; what does not hold afterwards."""
    folder = case.copy(scratch)
    try:
        ended = run(folder, *case.step.argv, inject=point.injection("signal=KILL"))
        return list(_findings(case, folder, f"before {point.call} {point.number}", ended))
    finally:
        shutil.rmtree(folder)


def failing(case: Case, point: Point, fault: str, scratch: Path) -> list[Finding]:
    """Let a system call and all later ones of its kind fail; what does not hold afterwards."""
    folder = case.copy(scratch)
    when = f"{fault} from {point.call} {point.number} on"
    try:
        ended = run(folder, *case.step.argv, inject=point.injection(f"error={fault}", "+"))
        found = list(_findings(case, folder, when, ended))
        if ended.code == SYSTEM and "disk" not in ended.said:
            found.append(Finding(case.step.name, when, f"it is not said what failed: {ended.said}"))
        return found
    finally:
        shutil.rmtree(folder)


def at_random(case: Case, draw: Random, scratch: Path, seconds: float) -> list[Finding]:
    """Kill a step at any time, and what is run after it too, a few times over."""
    folder = case.copy(scratch)
    when = []
    try:
        for _ in range(draw.randrange(1, 4)):
            after = draw.random() * seconds
            when.append(f"after {after:.3f} s")
            with started(folder, *case.step.argv) as process:
                process.join(after)
        return list(_findings(case, folder, ", ".join(when), Ended(KILLED, "")))
    finally:
        shutil.rmtree(folder)


def _findings(case: Case, folder: Path, when: str, ended: Ended) -> Iterator[Finding]:
    def finding(what: str) -> Finding:
        return Finding(case.step.name, when, what)

    if ended.code not in {KILLED, SYSTEM, 0}:
        yield finding(f"it ended with {ended}")
    try:
        with going_on(folder, *case.step.argv) as (between, run_again):
            yield from map(finding, _half(between, case))
            if between.answers == case.new.answers and not case.step.again:
                return
            again, after = run_again()
    except AssertionError as error:
        yield finding(f"it does not open: {error}")
        return
    if again.code != 0:
        yield finding(f"the same command again ended with {again}")
        return
    yield from map(finding, _unlike(after, case.new, "after it ran again"))
    yield from (finding(f"`{each}` is left") for each in leftovers(folder))


def _half(seen: Seen, case: Case) -> Iterator[str]:
    """Whether what is shown after the kill is neither the old nor the new."""
    if seen.answers not in (case.old.answers, case.new.answers):
        differ = [
            name
            for name in {*seen.answers, *case.new.answers}
            if seen.answers.get(name) != case.new.answers.get(name)
        ]
        same = [
            name
            for name in {*seen.answers, *case.old.answers}
            if seen.answers.get(name) != case.old.answers.get(name)
        ]
        yield f"half a result: not yet new {sorted(differ)}, no longer old {sorted(same)}"
    yield from _wrong_books(seen)
    if "running" in seen.runs:
        yield f"a dead run is said to be running: {seen.runs}"


def _unlike(seen: Seen, wanted: Seen, when: str) -> Iterator[str]:
    for name in sorted({*seen.answers, *wanted.answers}):
        if seen.answers.get(name) != wanted.answers.get(name):
            yield f"{when}, {name}: {seen.answers.get(name)} and not {wanted.answers.get(name)}"
    yield from _wrong_books(seen)
    if seen.runs[-1:] != wanted.runs[-1:] or "running" in seen.runs:
        yield f"{when}, runs: {seen.runs}"


def _wrong_books(seen: Seen) -> Iterator[str]:
    for load, entity, records, accepted, unchanged, rejected in seen.books:
        if records != accepted + unchanged + rejected:
            yield f"load {load}, {entity}: {records} records, not all accounted for"
