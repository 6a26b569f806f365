"""`make bench`: about ten minutes on two cores and 4 GB of disk; figures go to standard output.

`python -m benchmarks rfm`, `load` or `duplicates` runs one; `--small` runs a hundredth, to try it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks import duplicates, load, rfm

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Run the benchmarks that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="*", choices=[[], "rfm", "load", "duplicates"], default=[])
    parser.add_argument("--small", action="store_true", help="a hundredth of the size")
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    divisor = 100 if chosen.small else 1
    for name, run in {"rfm": rfm.run, "load": load.run, "duplicates": duplicates.run}.items():
        if not chosen.which or name in chosen.which:
            run(RESULTS, divisor, chosen.runs)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
