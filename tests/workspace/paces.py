"""Orders of customers who buy at a pace of their own until they leave, unseen."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

START, DAYS = datetime(2025, 1, 1, 12), 200


def orders(customers: int, seed: int = 3) -> pa.Table:
    """Two hundred days of a shop; the same for the same arguments."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows = []
    for number in range(customers):
        pace, end = draw.uniform(5, 30), draw.exponential(400)
        at = draw.uniform(0, 60)
        end += at
        while at < min(end, DAYS):
            rows.append((f"c{number:04d}", START + timedelta(days=at), round(draw.gamma(2, 20), 2)))
            at += draw.exponential(pace)
    who, when, paid = zip(*rows, strict=True)
    return pa.table({"customer_id": who, "ordered_at": when, "amount": paid})
