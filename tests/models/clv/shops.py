"""Shops as frames of orders: one simulated, one published."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

START = datetime(2025, 1, 1)
DAYS = 540
AS_OF = "2026-06-25"
"""540 days after the start."""


def simulated(customers: int, seed: int, leaves: float = 0.2) -> pa.Table:
    """Orders of customers who buy by chance at rates of their own, and may leave after each."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows = []
    for number in range(customers):
        rate, usual = draw.gamma(0.6) / 40, draw.gamma(4.0) * 10 + 1
        at = float(draw.uniform(0, DAYS))
        while at < DAYS:
            rows.append((f"c{number}", START + timedelta(days=at), usual * draw.uniform(0.5, 1.5)))
            if draw.random() < leaves:
                break
            at += float(draw.exponential(1 / rate))
    return frame(rows)


def published(folder: Path) -> pa.Table:
    """The sample of CDNOW, 1997-01-01 to 1998-06-30."""
    lines = (folder / "cdnow" / "CDNOW_sample.txt").read_text().splitlines()
    rows = [each.split() for each in lines if each.strip()]
    return frame([(one[1], datetime.fromisoformat(one[2]), float(one[4])) for one in rows])


def frame(rows: list[tuple[str, datetime, float]]) -> pa.Table:
    return pa.table({
        "order_id": [f"o{place}" for place in range(len(rows))],
        "customer_id": [each[0] for each in rows],
        "ordered_at": [each[1] for each in rows],
        "amount": [Decimal(f"{each[2]:.2f}") for each in rows],
    })  # fmt: skip
