"""A shop in which one crossing of two criteria brings far more than everyone else."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

START, DAYS = datetime(2025, 1, 1, 12), 360
CITIES, PLANS = ("Lviv", "Kyiv", "Odesa"), ("free", "paid")


def frames(customers: int = 3_000, *, times: float = 3, seed: int = 5) -> dict[str, pa.Table]:
    """Customers of three cities and two plans; in Lviv those with the paid plan spend `times` as
    much. Otherwise all buy alike.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    city, plan = draw.integers(0, 3, customers), draw.integers(0, 2, customers)
    planted = (city == 0) & (plan == 1)
    count = draw.poisson(8, customers)
    who = np.repeat(np.arange(customers), count)
    days = draw.uniform(0, DAYS, len(who))
    paid = draw.lognormal(3, 0.7, len(who)) * np.where(planted[who], times, 1)
    names = [f"c{each:04}" for each in range(customers)]
    return {
        "customers": pa.table(
            {
                "customer_id": names,
                "city": [CITIES[each] for each in city],
                "plan": [PLANS[each] for each in plan],
            }
        ),
        "orders": pa.table(
            {
                "customer_id": [names[each] for each in who],
                "ordered_at": [START + timedelta(days=float(each)) for each in days],
                "amount": [f"{each:.2f}" for each in paid],
            }
        ),
    }
