"""`python -m tests.torture kill 2000` and `python -m tests.torture soak 10`: the long forms.

`kill` takes every moment there is, or as many as asked for, and fills up with kills at any time;
`soak` loads and refreshes for so many minutes and watches memory and open files.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from tests.torture import kill, soak
from tests.torture.kill import Finding
from tests.torture.scenario import NAMES, Case, Life
from tests.torture.stage import INSTALL, Point, has_strace, tell

RANDOM_SECONDS = 1.0
Job = tuple[Case, Point | Random]


def main() -> int:
    """Run what was asked for; the exit code is 1 when something did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("what", choices=("kill", "soak"))
    parser.add_argument("how_much", type=int, help="points, or minutes")
    asked = parser.parse_args()
    began = time.monotonic()
    found = _kills(asked.how_much) if asked.what == "kill" else soak.for_minutes(asked.how_much)
    for each in found:
        tell(str(each))
    tell(f"{len(found)} findings in {time.monotonic() - began:,.0f} s.")
    return bool(found)


def _kills(wanted: int) -> list[Finding]:
    with tempfile.TemporaryDirectory(prefix="torture-") as name:
        folder = Path(name)
        life = Life(folder / "life")
        jobs = list(_jobs(life, wanted, folder))
        tell(f"{len(jobs):,} kills of {len(NAMES)} steps")
        with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
            done = pool.map(lambda job: _killed(job, folder), jobs)
            return [each for found in _told(done, len(jobs)) for each in found]


def _jobs(life: Life, wanted: int, folder: Path) -> Iterator[Job]:
    """A quarter of the kills come at any time, the others before a system call."""
    cases = [life.case(name) for name in NAMES]
    points = [_points(each, folder) for each in cases]
    roots = sum(math.sqrt(len(each)) for each in points)
    number = 0
    for case, each in zip(cases, points, strict=True):
        for point in kill.chosen(each, round(wanted * 0.75 * math.sqrt(len(each)) / roots)):
            number += 1
            yield case, point
    for left in range(wanted - number):
        yield cases[left % len(cases)], Random(left)


def _points(case: Case, folder: Path) -> list[Point]:
    assert case.old != case.new or case.step.again  # both are made before threads ask for them
    if not has_strace():
        tell(f"{INSTALL}; kills at any time only")
        return []
    return case.points(folder)


def _killed(job: Job, folder: Path) -> list[Finding]:
    case, moment = job
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        if isinstance(moment, Point):
            return kill.at(case, moment, Path(scratch))
        return kill.at_random(case, moment, Path(scratch), RANDOM_SECONDS)


def _told(done: Iterator[list[Finding]], of: int) -> Iterator[list[Finding]]:
    for number, each in enumerate(done, start=1):
        if number % 100 == 0:
            tell(f"  {number:,} of {of:,}")
        yield each


if __name__ == "__main__":
    sys.exit(main())
