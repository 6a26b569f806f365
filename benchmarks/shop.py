"""A synthetic shop, seeded and skewed: the same bytes for the same arguments.

Customers differ in how often they buy (gamma), orders fall in five years with more of them later
and a December peak, amounts are log-normal to the cent.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

START = np.datetime64("2021-01-01T00:00:00", "s")
DAYS = 5 * 365
CHUNK = 2_000_000


def orders(path: Path, customers: int, rows: int, seed: int = 7) -> Path:
    """Write `rows` orders of `customers` customers to a Parquet file, in order of time."""
    name = path / f"orders_{customers}_{rows}_{seed}.parquet"
    if name.exists():
        return name
    path.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    weights = random.gamma(0.6, 1.0, customers) + 1e-4
    edges = np.cumsum(weights / weights.sum())
    seconds = np.sort(_seconds(random, rows))
    partial = name.with_suffix(".new")
    with pq.ParquetWriter(partial, SCHEMA, compression="zstd") as writer:
        for start in range(0, rows, CHUNK):
            size = min(CHUNK, rows - start)
            buyer = np.searchsorted(edges, random.random(size)).clip(0, customers - 1)
            cents = np.exp(random.normal(3.4, 0.9, size)) * 100
            amount = np.maximum(cents.round(), 1) / 100
            table = pa.table(
                {
                    "order_id": np.arange(start, start + size),
                    "customer_id": buyer.astype(np.int64),
                    "ordered_at": START + seconds[start : start + size].astype("timedelta64[s]"),
                    "amount": amount,
                }
            ).cast(SCHEMA)
            writer.write_table(table)
    partial.rename(name)
    return name


SCHEMA = pa.schema(
    [
        ("order_id", pa.int64()),
        ("customer_id", pa.int64()),
        ("ordered_at", pa.timestamp("us")),
        ("amount", pa.decimal128(12, 2)),
    ]
)


def _seconds(random: np.random.Generator, rows: int) -> np.ndarray:
    day = (np.sqrt(random.random(rows)) * DAYS).astype(np.int64)
    december = (day % 365) >= 334
    again = random.random(rows) < 0.6
    shifted = (day // 365) * 365 + random.integers(334, 365, rows)
    day = np.where(~december & again & (random.random(rows) < 0.08), shifted, day).clip(0, DAYS - 1)
    return day * 86_400 + random.integers(8 * 3600, 22 * 3600, rows)
