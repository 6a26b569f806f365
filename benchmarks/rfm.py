"""RFM of a million customers and twenty million orders, from one Parquet file and from tables."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks import shop
from benchmarks.measure import measure, table


def run(folder: Path, divisor: int, runs: int) -> None:
    """Measure the contestants one after the other and print them beside each other."""
    customers, orders = 1_000_000 // divisor, 20_000_000 // divisor
    file = shop.orders(folder, customers, orders)
    workspace = _loaded(folder / f"rfm_{divisor}", file)
    command = [sys.executable, "-m", "benchmarks.contestants"]
    rows = measure(
        {
            "DuckDB SQL by hand": [*command, "sql", str(file)],
            "polars, streaming": [*command, "polars", str(file)],
            "pandas notebook": [*command, "pandas", str(file)],
            "Segmentry, same file": [*command, "segmentry", str(file)],
            "Segmentry, loaded tables": [*command, "segmentry_loaded", str(workspace)],
        },
        runs,
    )
    print(f"RFM, {customers:,} customers, {orders:,} orders, median of {runs} runs")
    print(table(rows, "DuckDB SQL by hand"), end="\n\n")


def _loaded(folder: Path, file: Path) -> Path:
    """A workspace with the orders loaded, made by a process of its own."""
    done = folder / "done"
    if not done.exists():
        shutil.rmtree(folder, ignore_errors=True)
        script = (
            "import sys, segmentry; from pathlib import Path\n"
            "with segmentry.create(sys.argv[1]) as shop: shop.load(orders=Path(sys.argv[2]))"
        )
        subprocess.run([sys.executable, "-c", script, str(folder), str(file)], check=True)
        done.touch()
    return folder
