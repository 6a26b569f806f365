"""One contestant a function: each computes RFM of the same Parquet file, alone in its process."""

from __future__ import annotations

import sys
from pathlib import Path

DAY = "2026-01-01"


def sql(file: str) -> int:
    """DuckDB SQL as an analyst writes it."""
    import duckdb

    return (
        duckdb.sql(
            f"""
        WITH customer AS (
            SELECT customer_id, DATE '{DAY}' - max(ordered_at)::DATE AS recency,
                   count(*) AS frequency, sum(amount) AS monetary
            FROM read_parquet('{file}') WHERE ordered_at < '{DAY}' GROUP BY customer_id),
        scored AS (
            SELECT *, ntile(5) OVER (ORDER BY recency DESC) AS r,
                   ntile(5) OVER (ORDER BY frequency) AS f, ntile(5) OVER (ORDER BY monetary) AS m
            FROM customer)
        SELECT *, CASE WHEN recency > 365 THEN 'Lost' WHEN f >= 4 AND m >= 4 AND r > 2 THEN 'VIP'
                       WHEN frequency = 1 AND r >= 4 THEN 'New' WHEN r <= 2 THEN 'Inactive'
                       ELSE 'Regular' END AS rfm_group
        FROM scored"""
        )
        .to_arrow_table()
        .num_rows
    )


def polars(file: str) -> int:
    """polars, lazy and streaming."""
    from datetime import datetime

    import polars as pl

    day = datetime.fromisoformat(DAY)
    scores = {"r": "recency", "f": "frequency", "m": "monetary"}
    customer = (
        pl.scan_parquet(file)
        .filter(pl.col("ordered_at") < day)
        .group_by("customer_id")
        .agg(
            last=pl.col("ordered_at").max(),
            frequency=pl.len(),
            monetary=pl.col("amount").sum(),
        )
        .with_columns(recency=(pl.lit(day.date()) - pl.col("last").dt.date()).dt.total_days())
    )
    scored = customer.with_columns(
        **{
            letter: (
                (pl.col(name).rank("ordinal", descending=letter == "r") - 1) * 5 // pl.len() + 1
            )
            for letter, name in scores.items()
        }
    )
    return (
        scored.with_columns(
            rfm_group=pl.when(pl.col("recency") > 365)
            .then(pl.lit("Lost"))
            .when((pl.col("f") >= 4) & (pl.col("m") >= 4) & (pl.col("r") > 2))
            .then(pl.lit("VIP"))
            .when((pl.col("frequency") == 1) & (pl.col("r") >= 4))
            .then(pl.lit("New"))
            .when(pl.col("r") <= 2)
            .then(pl.lit("Inactive"))
            .otherwise(pl.lit("Regular"))
        )
        .collect(engine="streaming")
        .height
    )


def pandas(file: str) -> int:
    """The usual notebook: read, group, cut by ranks."""
    import numpy as np
    import pandas as pd

    frame = pd.read_parquet(file)
    frame["amount"] = frame["amount"].astype(float)
    day = pd.Timestamp(DAY)
    frame = frame[frame["ordered_at"] < day]
    customer = frame.groupby("customer_id").agg(
        last=("ordered_at", "max"), frequency=("order_id", "count"), monetary=("amount", "sum")
    )
    customer["recency"] = (day - customer["last"].dt.normalize()).dt.days
    for letter, name in {"r": "recency", "f": "frequency", "m": "monetary"}.items():
        ranks = customer[name].rank(method="first", ascending=letter != "r")
        customer[letter] = pd.qcut(ranks, 5, labels=False) + 1
    customer["rfm_group"] = np.select(
        [
            customer["recency"] > 365,
            (customer["f"] >= 4) & (customer["m"] >= 4) & (customer["r"] > 2),
            (customer["frequency"] == 1) & (customer["r"] >= 4),
            customer["r"] <= 2,
        ],
        ["Lost", "VIP", "New", "Inactive"],
        "Regular",
    )
    return len(customer)


def segmentry(file: str) -> int:
    """Segmentry from the same file, without a workspace."""
    from segmentry.workspace.frame import rfm

    return len(rfm(file, as_of=DAY))


def segmentry_loaded(workspace: str) -> int:
    """Segmentry from tables that are loaded."""
    from segmentry.workspace.frame import COLUMNS
    from segmentry.workspace.workspace import Workspace

    with Workspace.open(workspace) as opened:
        return len(opened.columns(COLUMNS, DAY))


if __name__ == "__main__":
    name, source = sys.argv[1:]
    print(globals()[name](str(Path(source))))
