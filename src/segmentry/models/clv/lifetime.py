"""Lifetime value of the customers of a workspace: fit, choose, score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.features.customers import Customers
from segmentry.language.node import Condition
from segmentry.models.clv.backtest import backtest
from segmentry.models.clv.card import Card, Tracked, parameters
from segmentry.models.clv.correction import Correction
from segmentry.models.clv.counts import history
from segmentry.models.clv.estimate import Estimate
from segmentry.models.clv.estimate import fit as estimate
from segmentry.models.clv.gamma_gamma import GammaGamma, Spending, fit_spending
from segmentry.models.clv.gate import check, needs
from segmentry.models.clv.group import GroupValue, Mended, group_value
from segmentry.models.clv.level import RIGHT
from segmentry.models.clv.model import METHODS, PurchaseModel
from segmentry.models.clv.outlook import YEAR, outlook
from segmentry.models.clv.past import Past, pasts
from segmentry.models.clv.purchases import Purchases

UNTESTED = "mbg_nbd"
"""The model where no time can be held out: its probability says something of every customer."""


@dataclass(frozen=True)
class Fitted:
    """A fitted lifetime value, ready to score any customers of the same shop.

    Args:
        spending: Nothing where Gamma-Gamma does not fit: then each customer's own mean counts.
        correction: Of purchases; nothing where held-out time gave no reason, or there was none.
    """

    purchases: Estimate[PurchaseModel]
    spending: Estimate[GammaGamma] | None
    correction: Correction | None
    card: Card

    def scores(self, customers: Customers) -> pa.Table:
        """A row for each customer who ever bought, by ascending `customer_no`.

        `clv` is the discounted value over the horizon; `clv_orders` the purchases expected in it;
        `clv_spend` the value of one of them; `clv_alive` the probability of still being a customer;
        `clv_next_days` the days until half of such customers, if customers still, have bought
        again, empty beyond ten years. A single customer's value is a mean over many alike: most
        will bring nothing or far more. Rank by it; do not promise it.
        """
        with history(customers) as now:
            rows = now.purchases()
            worth = self.card.spend_factor.value
            return now.joined(rows, self._per_history(rows), self._spend(), worth)

    def group(self, customers: Customers, rule: Condition) -> GroupValue:
        """What those who meet a rule are worth together, with a 90 % interval."""
        with history(customers, members=rule) as now:
            totals = now.totals()
        return group_value(
            totals,
            self.purchases,
            self.spending,
            horizon_days=self.card.horizon_days,
            yearly_discount=self.card.yearly_discount,
            mended=Mended(
                self.correction,
                self.card.spend_factor.value,
                hypot(self.card.orders_factor.doubt, self.card.spend_factor.doubt),
            ),
            seed=self.card.seed,
        )

    def _per_history(self, rows: Purchases) -> dict[str, Any]:
        found = outlook(
            self.purchases.model,
            rows,
            self.card.horizon_days,
            self.card.yearly_discount,
            self.correction,
        )
        return {
            "discounted": found.discounted,
            "clv_orders": found.orders,
            "clv_alive": found.alive,
            "clv_next_days": pa.array(found.next_days, from_pandas=True),
        }

    def _spend(self) -> GammaGamma | None:
        return self.spending.model if self.spending else None


def fit(
    customers: Customers,
    horizon_days: int = 365,
    yearly_discount: float = 0.1,
    method: str = "auto",
    seed: int = 0,
) -> Fitted:
    """Fit lifetime value as of the customers' instant, chosen and corrected on held-out time.

    Args:
        horizon_days: How far to look ahead.
        yearly_discount: 0.1 makes what comes in a year worth a tenth less, nearly.
        method: A model by name, or `auto`: the best on held-out time.

    Raises:
        UnknownNameError: There is no such method.
        UsageError: There is too little to learn from; says what is missing.
        LockedFeatureError: No orders are loaded.
    """
    if method not in ("auto", *METHODS):
        raise UnknownNameError("method", method, ["auto", *METHODS])
    if horizon_days < 1 or yearly_discount < 0:
        raise UsageError("a horizon is a day or longer, and a discount is not below 0.")
    with history(customers) as now:
        extent = now.extent()
        check(extent)
        rows, spending = now.rows_to_fit(), now.spending()
        past = pasts(customers, now, min(horizon_days, extent.days // 2))
    tested = backtest(past, method, seed) if past[0].enough else None
    chosen = tested.method if tested else (method if method != "auto" else UNTESTED)
    purchases, spend = estimate(METHODS[chosen].start(rows), rows), fit_spending(spending)
    orders = tested.foresight.orders(purchases.model, rows) if tested else RIGHT
    correction = tested.correction(orders, purchases.model, rows, horizon_days) if tested else None
    card = Card.of(
        tested,
        method=chosen,
        correction=correction.name if correction else "none",
        orders_factor=orders,
        spend_factor=tested.foresight.spend() if tested else RIGHT,
        year_seen=extent.days >= YEAR,
        as_of=str(customers.as_of),
        horizon_days=horizon_days,
        yearly_discount=yearly_discount,
        seed=seed,
        needs=needs(extent),
        customers=int(rows.total),
        groups=len(rows),
        parameters=parameters(purchases),
        log_likelihood=purchases.log_likelihood,
        spending="gamma_gamma" if spend else "mean",
        spending_parameters=parameters(spend),
        frequency_spend_correlation=_correlation(spending),
        tracking=_tracking(purchases.model, rows, past, str(customers.as_of)),
    )
    return Fitted(purchases, spend, correction, card)


def _correlation(rows: Spending) -> float | None:
    covariance = np.cov(np.stack([rows.frequency, rows.log_mean]), aweights=rows.customers)
    spread = float(np.sqrt(covariance[0, 0] * covariance[1, 1]))
    return float(covariance[0, 1]) / spread if spread > 0 else None


def _tracking(
    model: PurchaseModel, rows: Purchases, past: Sequence[Past], today: str
) -> tuple[Tracked, ...]:
    """Repeat purchases until each cut, and those that the model expects of these customers."""
    found = []
    cuts = [(each.as_of, each.days_ago, each.rows) for each in reversed(past)]
    for day, ago, until in [*cuts, (today, 0, rows)]:
        there = rows.age > ago
        expectation = model.expected_purchases_new_customer(rows.age[there] - ago)
        actual = float(until.frequency @ until.customers)
        found.append(Tracked(day, actual, float(expectation @ rows.customers[there])))
    return tuple(found)
