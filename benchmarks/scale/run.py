"""All stages in turn, several times, and a table of what each takes beside a query per segment."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.scale.declared import SEGMENTS

USUAL, PLAIN, OURS = "one query per segment", "by hand: groups, bitmaps", "Segmentry"


@dataclass(frozen=True)
class Ran:
    """What one run of a stage took.

    Args:
        parts: What it did, in order, and CPU and wall seconds of it.
    """

    stage: str
    parts: Sequence[tuple[str, float, float]]
    peak_megabytes: float
    found: Any


@dataclass(frozen=True)
class Row:
    """A line of the table: medians over the runs, CPU seconds with the least and the most."""

    what: str
    cpu: Sequence[float]
    wall: Sequence[float]
    peak_megabytes: float


def run(folder: Path, divisor: int, runs: int, customers: int = 1_000_000) -> None:
    """Measure every stage and print what it takes.

    Raises:
        AssertionError: Two ways found different members.
    """
    size = customers // divisor
    # In a process of its own: what a process ever held counts as the peak of those it starts.
    made = stage("make", [size, folder])
    loaded, day = map(Path, made.found)
    found: dict[str, list[Ran]] = {"make": [made]}
    for number in range(runs):
        for name, arguments in _stages(loaded, day):
            print(f"  {name} {number + 1}/{runs}", end="\r", file=sys.stderr, flush=True)
            found.setdefault(name, []).append(stage(name, arguments))
    print(" " * 40, end="\r", file=sys.stderr)
    _compare(found)
    print(f"{size:,} customers, {SEGMENTS:,} segments, {runs} runs, median (least–most)")
    print(table(list(_rows(found))), end="\n\n")


def _stages(loaded: Path, day: Path) -> Iterator[tuple[str, list[Path]]]:
    """Names and arguments; what changes the workspace is done to a copy of it, in this order."""
    for name in ("usual", "plain", "evaluate", "check"):
        yield name, [loaded]
    copy = loaded.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(loaded, copy)
    for name in ("refresh", "ask", "one"):
        yield name, [copy]
    yield "day", [copy, day]
    shutil.rmtree(copy)


def stage(name: str, arguments: Sequence[object]) -> Ran:
    """Run a stage in a process of its own.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    command = [sys.executable, "-m", "benchmarks.scale.stage", name, *map(str, arguments)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [json.loads(line) for line in process.stdout]
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    *parts, last = said
    return Ran(
        name,
        [(each["what"], each["cpu"], each["wall"]) for each in parts],
        usage.ru_maxrss / 1024,
        last["found"],
    )


def _compare(found: Mapping[str, Sequence[Ran]]) -> None:
    truth = found["plain"][0].found
    for name in ("usual", "evaluate"):
        for each in found[name]:
            wrong = [segment for segment, size in each.found.items() if truth[segment] != size]
            assert not wrong, f"{name}: {wrong[:5]}"


# the table


def _rows(found: Mapping[str, Sequence[Ran]]) -> Iterator[Row]:
    yield _scaled(found["usual"])
    yield _sum(PLAIN, found["plain"])
    full = ("declarations", "features and conditions", "memberships")
    yield _sum(f"{OURS}: all segments", found["evaluate"], full)
    for what in (*full, "one more segment"):
        yield _sum(f"  {what}", found["evaluate"], (what,))
    yield _sum(f"{OURS}: all checks", found["check"])
    yield _sum(f"{OURS}: first refresh, 36 months", found["refresh"])
    for name in ("refresh", "ask", "one", "day"):
        for what, *_ in found[name][0].parts:
            yield _sum(f"  {what}", found[name], (what,))


def _sum(what: str, runs: Sequence[Ran], parts: Sequence[str] = ()) -> Row:
    """The parts together; all of them when none is named."""
    chosen = [[each for each in one.parts if not parts or each[0] in parts] for one in runs]
    return Row(
        what,
        [sum(cpu for _, cpu, _ in each) for each in chosen],
        [sum(wall for _, _, wall in each) for each in chosen],
        max(each.peak_megabytes for each in runs),
    )


def _scaled(runs: Sequence[Ran]) -> Row:
    """The sample of segments for all of them."""
    row = _sum(USUAL, runs)
    times = SEGMENTS / len(runs[0].parts)
    cpu = [each for one in runs for _, each, _ in one.parts]
    error = statistics.stdev(cpu) / len(runs[0].parts) ** 0.5
    print(
        f"A query per segment: {len(runs[0].parts)} of {SEGMENTS:,} sampled, "
        f"{statistics.mean(cpu):.3f} CPU s each (standard error {error:.3f}, "
        f"{min(cpu):.3f} to {max(cpu):.3f})"
    )
    taken = ([each * times for each in values] for values in (row.cpu, row.wall))
    return Row(row.what, *taken, row.peak_megabytes)


def table(rows: Sequence[Row]) -> str:
    """The rows as text, each with how many times less CPU it takes than the first."""
    base = statistics.median(rows[0].cpu)
    lines = [f"{'':38}{'CPU s':>10}{'':>18}{'wall s':>10}{'peak MB':>10}{'ratio':>12}"]
    for each in rows:
        cpu = statistics.median(each.cpu)
        spread = f"({min(each.cpu):.4g}–{max(each.cpu):.4g})"
        lines.append(
            f"{each.what:38}{cpu:10.4g}{spread:>18}{statistics.median(each.wall):10.4g}"
            f"{each.peak_megabytes:10.0f}{f'1/{base / cpu:,.1f}' if cpu else '':>12}"
        )
    return "\n".join(lines)
