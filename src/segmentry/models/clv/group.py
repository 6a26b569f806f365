"""What a group of customers is worth together, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.models.clv.correction import Correction
from segmentry.models.clv.counts import Totals
from segmentry.models.clv.estimate import Estimate
from segmentry.models.clv.gamma_gamma import GammaGamma
from segmentry.models.clv.model import PurchaseModel
from segmentry.models.clv.outlook import outlook
from segmentry.models.clv.purchases import Array

DRAWS = 100
LEAST = 30
"""Customers below which chance has the last word."""


@dataclass(frozen=True)
class Mended:
    """What held-out time says that the models do not.

    Args:
        correction: Of purchases.
        spend_factor: On the value of a purchase.
        doubt: Standard deviation of the logarithm of what sums may be wrong by, all of them alike.
    """

    correction: Correction | None = None
    spend_factor: float = 1.0
    doubt: float = 0.0


@dataclass(frozen=True)
class GroupValue:
    """Discounted value of a group over the horizon.

    Args:
        clv: In sum.
        low: Lower end of the 90 % interval: for what is not known of the parameters, for what each
            customer does by chance, and for how wrong the sum of all was at earlier cuts, where
            there are two or more. Nothing for fewer than 30 customers, or where values spread so
            widely that their variance has no end.
        high: Upper end.
        orders: Purchases expected within the horizon, in sum.
    """

    customers: int
    clv: float
    low: float | None
    high: float | None
    orders: float


def group_value(
    totals: Totals,
    purchases: Estimate[PurchaseModel],
    spending: Estimate[GammaGamma] | None,
    *,
    horizon_days: int,
    yearly_discount: float,
    mended: Mended,
    seed: int,
) -> GroupValue:
    """Add up a group, with parameters as fitted and with some drawn around them.

    Everything is computed once a history: the sums of what its customers paid are enough, since the
    expected value of a purchase is linear in that.
    """
    rows, correction = totals.rows, mended.correction
    ahead = outlook(purchases.model, rows, horizon_days, yearly_discount, correction)
    spend = spending.model if spending else None
    value = (
        mended.spend_factor * float(ahead.discounted @ _spend(totals, spend)) if len(rows) else 0.0
    )
    orders = float(ahead.orders @ rows.customers) if len(rows) else 0.0
    size = int(rows.total)
    variance = _variance(totals, purchases.model, spend, ahead.discounted, ahead.alive)
    if size < LEAST or spending is None or not np.isfinite(variance):
        return GroupValue(size, value, None, None, orders)
    drawn = [
        float(
            outlook(model, rows, horizon_days, yearly_discount, correction).discounted
            @ _spend(totals, other)
        )
        for model, other in zip(
            purchases.draws(DRAWS, seed), spending.draws(DRAWS, seed + 1), strict=True
        )
    ]
    chance = np.random.Generator(np.random.PCG64(seed + 2)).standard_normal((2, DRAWS, 20))
    possible = np.asarray(drawn)[:, None] + chance[0] * np.sqrt(variance)
    possible *= mended.spend_factor * np.exp(mended.doubt * chance[1])
    low, high = np.quantile(possible, (0.05, 0.95))
    return GroupValue(size, value, max(float(low), 0.0), float(high), orders)


def _spend(totals: Totals, model: GammaGamma | None) -> Array:
    """The sum over each history's customers of the value of a purchase."""
    days = totals.rows.frequency + 1
    if model is None:
        return totals.spent / days
    size = totals.rows.customers
    found: Array = model.p * (model.v * size + totals.spent) / (model.p * days + model.q - 1)
    return found


def _variance(
    totals: Totals, model: PurchaseModel, spend: GammaGamma | None, mean: Array, alive: Array
) -> float:
    """Of the sum, as each customer buys more or less than expected, and dearer or cheaper.

    Purchases of those who stay are taken for negative binomial; endless where the spread of values
    has no end.
    """
    rows = totals.rows
    if spend is None:
        return float("inf")
    shape = spend.p * (rows.frequency + 1) + spend.q
    if np.any(shape <= 2):
        return float("inf")
    squares = spend.v**2 * rows.customers + 2 * spend.v * totals.spent + totals.squares
    pair = spend.p**2 / ((shape - 1) * (shape - 2)) * squares
    own = pair * (spend.p + 1) / spend.p
    staying = mean / np.maximum(alive, 1e-12)
    pairs = alive * staying**2 * (1 + 1 / (model.r + rows.frequency))
    known = (spend.p / (shape - 1)) ** 2 * squares
    return float(np.sum(mean * own + pairs * pair - mean**2 * known))
