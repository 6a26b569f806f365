"""Settings that every test shares."""

import gc
import os
import shutil
import tempfile
from functools import cache
from itertools import chain, islice
from pathlib import Path

import pytest
from hypothesis import settings
from typer import testing

# The same examples on every run and machine, and no failure for being slow on a busy one.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.load_profile("ci")

MEMORY = Path("/dev/shm")
LEAST_ROOM = 6 * 2**30
"""Bytes that must be free in memory; the tests were seen to take far less."""


def in_memory() -> None:
    """Put the tests' folders in memory where there is room.

    A refresh waits for a disk more than a hundred times, for milliseconds each; what a killed
    process has written is there afterwards on both, as only a machine that loses power tells them
    apart. `TMPDIR` says otherwise.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    if shutil.disk_usage(MEMORY).free >= LEAST_ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


in_memory()

# The tree of commands is always the same; built anew at each call it takes a tenth of a second.
testing._get_command = cache(testing._get_command)  # type: ignore[attr-defined]

# What tests import and build stays until the end: to look through it often finds nothing.
gc.set_threshold(100_000, 20, 100)

LONGEST = (
    "engines/test_workspace.py", "torture/test_kill.py", "corpus/test_load.py",
    "workspace/test_carry_pairs.py", "torture/test_cancel.py", "cli/test_demo.py",
    "workspace/test_live.py", "corpus/test_corpus.py", "workspace/test_point_in_time.py",
    "examples/test_walkthroughs.py",
)  # fmt: skip
"""Files whose tests or fixtures take longest; the first of all, so that nobody waits for them."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bring the longest to the front of what each worker begins with, in turn.

    Workers begin with equal parts of the list, and then take from one another.
    """
    workers = getattr(config, "workerinput", {}).get("workercount", 1)
    places = {item: _place(item) for item in items}
    parts: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for item in sorted(items, key=lambda each: places[each]):
        if places[item] < len(LONGEST):
            parts[places[item] % workers].append(item)
    others = iter([item for item in items if places[item] == len(LONGEST)])
    for part in parts[:-1]:
        part.extend(islice(others, max(0, len(items) // workers - len(part))))
    items[:] = [*chain(*parts), *others]


def _place(item: pytest.Item) -> int:
    """Which of the longest it is one of; all that ask Spark are the first, so that one starts it."""
    name = item.path.as_posix().rpartition("/tests/")[2]
    if "engines/" in name and "spark" in item.nodeid:
        return 0
    return LONGEST.index(name) if name in LONGEST else len(LONGEST)
