"""Loading five million order lines from CSV, checks on, beside DuckDB's own reader."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc

from benchmarks.measure import measure, table


def run(folder: Path, divisor: int, runs: int) -> None:
    """Measure both and print them beside each other."""
    rows = 5_000_000 // divisor
    file = lines(folder, rows)
    command = [sys.executable, "-m", "benchmarks.load"]
    measured = measure(
        {
            "DuckDB read_csv": [*command, "duckdb", str(file)],
            "Segmentry load and check": [*command, "segmentry", str(file)],
        },
        runs,
    )
    size = file.stat().st_size / 1e6
    print(f"Loading {rows:,} order lines from CSV ({size:,.0f} MB), median of {runs} runs")
    print(table(measured, "DuckDB read_csv"), end="\n\n")


def lines(folder: Path, rows: int, seed: int = 11) -> Path:
    """Write a seeded CSV of order lines, about three to an order, in order of time."""
    path = folder / f"lines_{rows}_{seed}.csv"
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    order = np.sort(random.integers(0, rows // 3, rows))
    customer = random.integers(0, rows // 20, rows // 3 + 1)[order]
    day = np.datetime64("2024-01-01T08:00:00", "s") + (order * (63_000_000 / (rows / 3))).astype(
        "timedelta64[s]"
    )
    table_ = pa.table(
        {
            "order_id": order + 1_000_000,
            "customer_id": customer + 1,
            "ordered_at": pa.array(day).cast(pa.timestamp("s")),
            "product_id": np.char.add("P", random.integers(1000, 9999, rows).astype(str)),
            "quantity": random.integers(1, 6, rows),
            "unit_price": (random.gamma(2, 800, rows) + 50).round() / 100,
            "channel": np.array(["web", "shop", "phone"])[order % 3],
        }
    )
    partial = path.with_suffix(".new")
    pc.write_csv(table_, partial, pc.WriteOptions(quoting_style="none"))
    partial.rename(path)
    return path


def main(which: str, file: str) -> None:
    """One contestant, alone in its process, into a new database on disk."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        if which == "duckdb":
            import duckdb

            with duckdb.connect(f"{folder}/plain.duckdb") as connection:
                connection.execute(f"CREATE TABLE lines AS SELECT * FROM read_csv('{file}')")
        else:
            from segmentry.workspace.workspace import Workspace

            with Workspace.create(f"{folder}/shop") as workspace:
                workspace.load(order_lines=Path(file))
                workspace.check()


if __name__ == "__main__":
    main(*sys.argv[1:])
