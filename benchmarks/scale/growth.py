"""How the cost grows with the shop: load, first refresh and report, each alone in its process.

Fifteen months of lines (ten to a customer) and the last three of events: one million customers
bring 10 million lines, ten million bring 100 million. The refresh keeps what the 1,000 segments
read and takes fifteen months of history; the engine gets 3 GB.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.scale.run import Ran, stage
from benchmarks.scale.source import Shop, write

MONTHS = 3
LINES, EVENTS = range(8, 13), range(12, 13)
"""The quarters, of twelve, whose files are loaded."""
STAGES = ("grow_load", "grow_refresh", "grow_report")
TIMES = 10


def run(folder: Path, divisor: int, customers: int = 1_000_000) -> None:
    """Measure the shop and one ten times as large, and print how much more each stage takes."""
    found = [_measured(customers * times // divisor, folder) for times in (1, TIMES)]
    print(f"{'':14}{'CPU s':>9}{'GB':>6}{f'{TIMES} × as large':>16}{'GB':>6}{'growth':>9}")
    for small, large in zip(*found, strict=True):
        before, after = _cpu(small), _cpu(large)
        print(
            f"{small.stage.removeprefix('grow_'):14}{before:9.1f}{small.peak_megabytes / 1024:6.1f}"
            f"{after:16.1f}{large.peak_megabytes / 1024:6.1f}{after / before:8.1f}×",
            flush=True,
        )
    small, large = (sum(map(_cpu, each)) for each in found)
    print(f"{'together':14}{small:9.1f}{'':6}{large:16.1f}{'':6}{large / small:8.1f}×")


def _measured(customers: int, folder: Path) -> list[Ran]:
    """The stages in turn, on files that are made if they are not there; told as they end."""
    files, target = write(Shop(customers), folder, MONTHS), folder / f"grown_{customers}"
    shutil.rmtree(target, ignore_errors=True)
    taken = []
    for name, arguments in zip(STAGES, ([target, files], [target], [target]), strict=True):
        taken.append(stage(name, arguments))
        for what, cpu, wall in taken[-1].parts:
            print(f"{customers:,} {what}: {cpu:.1f} CPU s, {wall:.1f} s", file=sys.stderr)
        print(f"{customers:,} {name}: {taken[-1].peak_megabytes:.0f} MB", file=sys.stderr)
    shutil.rmtree(target)
    return taken


def chosen(files: Path) -> Iterator[Path]:
    """The files that are loaded, in their order."""
    yield files / "customers.parquet"
    yield files / "products.parquet"
    yield from (files / f"lines_{number:02d}.parquet" for number in LINES)
    yield from (files / f"events_{number:02d}.parquet" for number in EVENTS)


def _cpu(ran: Ran) -> float:
    return sum(cpu for _, cpu, _ in ran.parts)
