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


def make(customers: str, folder: str) -> list[str]:
    """Make the workspace and the files of the day after, where they are not there yet."""
    of, target = source.Shop(int(customers)), Path(folder)
    return [str(shop.make(of, target)), str(source.write_day(of, target))]


STAGES: Mapping[str, Callable[..., Any]] = {
    "make": make,
    "usual": usual.run,
    "plain": plain.run,
    "evaluate": ours.evaluate,
    "check": ours.check,
    "day": ours.day,
}

if __name__ == "__main__":
    name, *arguments = sys.argv[1:]
    print(json.dumps({"found": STAGES[name](*arguments)}))
