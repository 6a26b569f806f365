"""Loads and refreshes, one after the other, in one process: memory and open files stay flat."""

from __future__ import annotations

import gc
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
from tests.torture.stage import tell

from segmentry.workspace.workspace import Workspace

MOST_MB_A_MINUTE = 1.0
FIRST = datetime(2024, 1, 1)
CUSTOMERS, ORDERS = 400, 300
KEPT_DAYS = 30
"""Orders come again with the same ids, so the shop stays as large as it is."""
WARM_UP = 0.3
"""The share of the rounds in which caches fill; they are not judged."""


@dataclass(frozen=True)
class Sample:
    """What the process held at a time."""

    seconds: float
    megabytes: float
    files: int


def for_minutes(minutes: float) -> list[str]:
    """What grew in so many minutes; nothing is right."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return judged(list(_rounds(Path(folder) / "shop", minutes * 60)))


def judged(samples: list[Sample]) -> list[str]:
    """What grew: memory by more than a megabyte a minute, or open files at all."""
    steady = samples[int(len(samples) * WARM_UP) :]
    minutes = np.array([each.seconds / 60 for each in steady])
    slope = float(np.polyfit(minutes, [each.megabytes for each in steady], 1)[0])
    files = steady[-1].files - steady[0].files
    tell(f"{len(samples)} rounds, {steady[-1].megabytes:.0f} MB, {slope:+.2f} MB a minute, "
         f"{steady[-1].files} open files ({files:+d})")  # fmt: skip
    found = [f"memory grows by {slope:.2f} MB a minute"] if slope > MOST_MB_A_MINUTE else []
    return found + ([f"{files} more open files"] if files > 0 else [])


def _rounds(folder: Path, seconds: float) -> Iterator[Sample]:
    began, draw, number = time.monotonic(), Random(3), 0
    Workspace.create(folder).close()
    while time.monotonic() - began < seconds:
        with Workspace.open(folder) as shop:
            shop.load(orders=_orders(draw, number % KEPT_DAYS))
            shop.refresh(FIRST + timedelta(days=KEPT_DAYS + 1))
        number += 1
        gc.collect()
        pa.default_memory_pool().release_unused()
        yield Sample(time.monotonic() - began, _megabytes(), _open_files())


def _orders(draw: Random, day: int) -> pa.Table:
    moment = FIRST + timedelta(days=day)
    rows = [
        {
            "order_id": f"{day}-{number}",
            "customer_id": f"C{draw.randrange(CUSTOMERS)}",
            "ordered_at": moment + timedelta(minutes=draw.randrange(1440)),
            "amount": Decimal(draw.randrange(100, 9000)) / 100,
        }
        for number in range(ORDERS)
    ]
    return pa.Table.from_pylist(rows)


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20
