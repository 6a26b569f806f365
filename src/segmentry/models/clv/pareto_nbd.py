"""Pareto/NBD: customers buy by chance until they leave, at any moment and unseen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from segmentry.models.clv.departures import Departures, departures
from segmentry.models.clv.purchases import Array, Purchases

NEAR_ONE = 1e-9
"""At s = 1 the formula divides 0 by 0; this far from it, it is right to nine digits."""


@dataclass(frozen=True)
class ParetoNbd:
    """Schmittlein, Morrison and Colombo 1987 (Management Science 33, 1).

    Rates of purchase are gamma distributed (r, 1/alpha), rates of leaving gamma (s, 1/beta); times
    in the unit of the rows. The integral over the moment of leaving is taken once for all customers
    of a frequency (`departures`) instead of a hypergeometric function for each.
    """

    r: float
    alpha: float
    s: float
    beta: float

    @classmethod
    def start(cls, rows: Purchases) -> Self:
        """Parameters from which to search: half the rate at which customers of any age bought."""
        bought, spent = float(rows.frequency @ rows.customers) + 1, float(rows.age @ rows.customers)
        return cls(0.5, 0.5 * spent / bought, 0.5, 0.5 * spent / rows.total)

    def score(self, rows: Purchases) -> tuple[float, Array]:
        """Log-likelihood of the rows, and its derivatives by r, alpha, s and beta."""
        from scipy.special import digamma, gammaln

        left, weight = self._departures(rows), rows.customers
        x, size = rows.levels[0], rows.sizes
        rate = gammaln(self.r + x) - gammaln(self.r) - x * np.log(self.alpha)
        likelihood = np.sum(size * rate) + np.sum(weight * left.logs)
        slope = left.slopes @ weight
        slope[0] += np.sum(size * (digamma(self.r + x) - digamma(self.r)))
        slope[1] -= np.sum(size * x) / self.alpha
        return float(likelihood), slope

    def probability_alive(self, rows: Purchases) -> Array:
        """Probability of still being a customer, a row each."""
        return self._departures(rows).alive

    def purchases_if_alive(self, rows: Purchases, horizon: float) -> Array:
        """Purchases expected within the horizon of those who still are customers."""
        rate = (self.r + rows.frequency) / (self.alpha + rows.age)
        return rate * self._time(self.beta + rows.age, horizon)

    def expected_purchases(self, rows: Purchases, horizon: float) -> Array:
        """Purchases expected within the horizon from now, a row each."""
        return self.probability_alive(rows) * self.purchases_if_alive(rows, horizon)

    def expected_purchases_new_customer(self, time: Array) -> Array:
        """Repeat purchases expected within times after the first purchase."""
        return self.r / self.alpha * self._time(np.full_like(time, self.beta), time)

    def _time(self, beta: Array, horizon: Array | float) -> Array:
        """Time expected until the customer leaves or the horizon ends."""
        over = self.s - 1 if abs(self.s - 1) > NEAR_ONE else NEAR_ONE
        time: Array = -beta * np.expm1(-over * np.log1p(horizon / beta)) / over
        return time

    def _departures(self, rows: Purchases) -> Departures:
        return departures(rows, self.r, self.alpha, self.s, self.beta)
