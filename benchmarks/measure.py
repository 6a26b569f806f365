"""A command's CPU seconds and peak memory, measured by the operating system."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """Medians over the runs of one command."""

    name: str
    cpu_seconds: float
    peak_megabytes: float
    runs: int


def measure(commands: dict[str, Sequence[str]], runs: int = 3) -> list[Measured]:
    """Run commands in turn, A B C A B C …, so that a drift of the machine hits all alike.

    Raises:
        subprocess.CalledProcessError: A command failed.
    """
    seen: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(runs):
        for name, command in commands.items():
            print(f"  {name} {number + 1}/{runs}", end="\r", file=sys.stderr, flush=True)
            seen[name].append(_once(command))
    print(" " * 60, end="\r", file=sys.stderr)
    return [
        Measured(
            name,
            statistics.median(cpu for cpu, _ in each),
            statistics.median(memory for _, memory in each),
            runs,
        )
        for name, each in seen.items()
    ]


def _once(command: Sequence[str]) -> tuple[float, float]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def table(rows: Sequence[Measured], against: str) -> str:
    """The rows as text, each with its ratio to one of them."""
    base = next(each.cpu_seconds for each in rows if each.name == against)
    lines = [f"{'':32}{'CPU s':>8}{'peak MB':>10}{'ratio':>8}"]
    lines += [
        f"{each.name:32}{each.cpu_seconds:8.2f}{each.peak_megabytes:10.0f}"
        f"{each.cpu_seconds / base:8.2f}"
        for each in rows
    ]
    return "\n".join(lines)
