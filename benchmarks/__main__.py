"""`make bench`: about ten minutes on two cores and 4 GB of disk; figures go to standard output.

`python -m benchmarks rfm`, `load` or `duplicates` runs one; `--small` runs a hundredth, to try it.
`python -m benchmarks clv` fits and scores lifetime value at up to ten million customers; with
`--lifetimes PYTHON`, the interpreter of an environment that has it, also `lifetimes` at a million.
`python -m benchmarks scale` takes longer and runs only when it is named: 200 features and 1,000
segments of a million customers, or of as many as `--customers` says. So does `growth`: load,
refresh and report of a million customers and of ten million (about an hour of one core, 20 GB).
`python -m benchmarks serving --workspace DIR` puts a server under load over a loaded workspace, to
which it sends events: give it a copy. `python -m benchmarks pages --workspace DIR` opens each page
of the web app over a loaded workspace in a real browser, and counts rules as its builder does.
`python -m benchmarks models --workspace DIR` fits and scores models on a loaded workspace.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from benchmarks import clv, duplicates, load, models, pages, rfm, serving
from benchmarks.scale import growth
from benchmarks.scale import run as scale

RESULTS = Path(__file__).parent / "results"
ALWAYS = {"rfm": rfm.run, "load": load.run, "duplicates": duplicates.run}


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "which",
        nargs="*",
        choices=[[], *ALWAYS, "clv", "scale", "growth", "serving", "pages", "models"],
        default=[],
    )
    parser.add_argument("--small", action="store_true", help="a hundredth of the size")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--customers", type=int, default=1_000_000, help="of `scale` and `growth`")
    parser.add_argument("--lifetimes", default="", help="of `clv`: the Python that has lifetimes")
    parser.add_argument(
        "--workspace", type=Path, default=Path("shop"), help="of `serving`, `pages` and `models`"
    )
    parser.add_argument(
        "--minutes", type=float, default=0, help="of `serving`: for how long events are sent"
    )
    chosen = parser.parse_args()
    divisor = 100 if chosen.small else 1
    every = ALWAYS | {
        "clv": partial(clv.run, lifetimes=chosen.lifetimes),
        "scale": partial(scale.run, customers=chosen.customers),
    }
    for name in chosen.which or ALWAYS:
        if name == "growth":
            growth.run(RESULTS, divisor, chosen.customers)
        elif name == "serving":
            serving.run(chosen.workspace, divisor, chosen.minutes)
        elif name == "pages":
            pages.run(chosen.workspace)
        elif name == "models":
            models.run(chosen.workspace)
        else:
            every[name](RESULTS, divisor, chosen.runs)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
