"""Settings that every test shares."""

import gc
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

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

# What tests import and build stays until the end: to look through it often finds nothing.
gc.set_threshold(100_000, 20, 100)

LONGEST = (
    "engines/test_workspace.py", "torture/test_kill.py", "corpus/test_load.py",
    "workspace/test_carry_pairs.py", "torture/test_cancel.py", "cli/test_demo.py",
    "workspace/test_live.py", "corpus/test_corpus.py", "workspace/test_point_in_time.py",
    "examples/test_walkthroughs.py",
)  # fmt: skip
"""Files whose tests or fixtures take longest; the first of all, so that nobody waits for them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the longest to the front of what each of two workers begins with, in turn.

    Workers begin with one half of the list each, and then take from one another.
    """
    root = Path(__file__).parent
    places = {root / name: place for place, name in enumerate(LONGEST)}
    first, second, others = [], [], []
    for item in sorted(items, key=lambda each: places.get(each.path, len(places))):
        place = places.get(item.path)
        (others if place is None else second if place % 2 else first).append(item)
    half = max(0, len(items) // 2 - len(first))
    items[:] = [*first, *others[:half], *second, *others[half:]]
