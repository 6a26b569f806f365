"""What a piece of work in this process takes: CPU seconds of all its threads, and wall time."""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def timed(what: str, times: int = 1) -> Iterator[None]:
    """Print as JSON what the block took, for one of `times` equal pieces of work."""
    wall, cpu = time.perf_counter(), spent()
    yield
    told(what, (spent() - cpu) / times, (time.perf_counter() - wall) / times)


def told(what: str, cpu: float, wall: float) -> None:
    """Print what a piece of work took."""
    print(json.dumps({"what": what, "cpu": cpu, "wall": wall}), flush=True)


def spent() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
