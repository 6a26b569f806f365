"""One piece of work, alone in its process: `python -m benchmarks.scale.stage NAME FOLDER …`.

It prints, a JSON object a line, what its parts took; last, under `found`, what came out.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.scale import ours, plain, shop, source, usual
from benchmarks.scale.clock import timed


def make(customers: str, folder: str) -> list[str]:
    """Make the files and the workspace, where they are not there yet, and the day after."""
    of, target = source.Shop(int(customers)), Path(folder)
    files = source.write(of, target)
    with timed("load"):
        loaded = shop.make(of, target, files)
    return [str(loaded), str(source.write_day(of, target))]


STAGES: Mapping[str, Callable[..., Any]] = {
    "make": make,
    "usual": usual.run,
    "plain": plain.run,
    "evaluate": ours.evaluate,
    "check": ours.check,
    "refresh": ours.refresh,
    "ask": ours.ask,
    "one": ours.one,
    "day": ours.day,
    "grow_load": ours.grow_load,
    "grow_refresh": ours.grow_refresh,
    "grow_report": ours.grow_report,
}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps({"found": STAGES[name](*arguments)}))
