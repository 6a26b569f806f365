"""What is to be expected of each history over a horizon, and what it is worth today."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.models.clv.correction import Correction
from segmentry.models.clv.model import PurchaseModel
from segmentry.models.clv.purchases import Array, Purchases

YEAR = 365.0
MONTH = YEAR / 12
FARTHEST_DAYS = 3650.0
"""Beyond this no day of a next purchase is named."""


@dataclass(frozen=True)
class Outlook:
    """Of each row of histories.

    Args:
        orders: Purchases expected within the horizon.
        discounted: The same, each worth less the later it comes.
        alive: Probability of still being a customer.
        next_days: Days until half of such customers, if they are customers still, have bought
            again; not a number beyond ten years.
    """

    orders: Array
    discounted: Array
    alive: Array
    next_days: Array


def outlook(
    model: PurchaseModel,
    rows: Purchases,
    horizon_days: int,
    yearly_discount: float,
    correction: Correction | None = None,
) -> Outlook:
    """Look ahead for each distinct history.

    Purchases of a month count as at its middle: `sum of orders_m / (1 + d)^(t_m / 365)`, where
    `t_m` is the middle of month m in days, and the last month is as short as the horizon makes it.
    """
    pairs, places = rows.ages
    ends = [*np.arange(MONTH, horizon_days, MONTH).tolist(), float(horizon_days)]
    orders, discounted, start = np.zeros(len(pairs)), np.zeros(len(pairs)), 0.0
    for end in ends:
        until = model.purchases_if_alive(pairs, end)
        discounted += (until - orders) * (1 + yearly_discount) ** (-(start + end) / 2 / YEAR)
        orders, start = until, end
    alive = model.probability_alive(rows)
    expected = alive * orders[places]
    factor = correction.factors(rows, expected) if correction else np.ones(1)
    half = np.expm1(np.log(2) / (model.r + pairs.frequency)) * (model.alpha + pairs.age)
    next_days = np.where(half <= FARTHEST_DAYS, half, np.nan)[places]
    return Outlook(expected * factor, alive * discounted[places] * factor, alive, next_days)
