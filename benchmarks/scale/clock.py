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
    taken = {"what": what, "cpu": spent() - cpu, "wall": time.perf_counter() - wall}
    shown = {name: value / times if name != "what" else value for name, value in taken.items()}
    print(json.dumps(shown | {"times": times}), flush=True)


def spent() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
