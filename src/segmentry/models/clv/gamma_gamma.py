"""Gamma-Gamma: what customers spend each time they buy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import numpy.typing as npt

from segmentry.core.errors import UsageError
from segmentry.models.clv.estimate import Estimate, fit
from segmentry.models.clv.purchases import Array, Places

BINS = 256
"""Groups of totals to a factor of e."""


@dataclass(frozen=True)
class Spending:
    """Groups of customers with the same number of purchases and nearly the same total.

    A group holds totals that differ by 0.4 % at most. All but one term of the likelihood are exact
    sums; that one is off by less than 2e-7 a customer.

    Args:
        frequency: Purchases whose values are known, at least 1.
        log_total: Mean of the logarithm of the customers' totals.
        customers: How many.
    """

    frequency: Array
    log_total: Array
    customers: Array

    @classmethod
    def of(cls, frequency: npt.ArrayLike, total: npt.ArrayLike) -> Self:
        """Group customers; those who bought or spent nothing are left out."""
        count, spent = np.asarray(frequency, float), np.asarray(total, float)
        some = (count > 0) & (spent > 0)
        count, spent = count[some], spent[some]
        keys = np.stack([count, np.floor(np.log(spent) * BINS)], axis=1)
        found, places = np.unique(keys, axis=0, return_inverse=True)
        places = places.reshape(-1)
        size = np.bincount(places).astype(float)
        return cls(found[:, 0].copy(), np.bincount(places, weights=np.log(spent)) / size, size)

    @cached_property
    def log_mean(self) -> Array:
        """Mean of the logarithm of the customers' mean value of a purchase."""
        return self.log_total - np.log(self.frequency)

    @cached_property
    def levels(self) -> tuple[Array, Places]:
        """The distinct frequencies in order, and the place of each row's own among them."""
        return np.unique(self.frequency, return_inverse=True)


@dataclass(frozen=True)
class GammaGamma:
    """Fader and Hardie 2013, after Colombo and Jiang 1999 (Journal of Interactive Marketing 13, 2).

    The values of a customer's purchases are gamma distributed (shape p, scale 1/nu), and nu over
    the customers likewise (q, 1/v). How often somebody buys says nothing of how much.
    """

    p: float
    q: float
    v: float

    @classmethod
    def start(cls, rows: Spending) -> Self:
        """Parameters from which to search: the mean value of a purchase."""
        return cls(2.0, 3.0, float(np.exp(np.average(rows.log_mean, weights=rows.customers))))

    def score(self, rows: Spending) -> tuple[float, Array]:
        """Log-likelihood of the rows, and its derivatives by p, q and v."""
        from scipy.special import digamma, expit, gammaln

        x, places = rows.levels
        size = np.bincount(places, weights=rows.customers)
        both, own = self.p * x + self.q, self.p * x
        by_level = gammaln(both) - gammaln(own) - gammaln(self.q) + own * np.log(x)
        count, weight = rows.frequency, rows.customers
        logs = np.logaddexp(0, rows.log_total - np.log(self.v))
        share = expit(rows.log_total - np.log(self.v))
        means = rows.log_mean - np.log(self.v)
        scaled = self.p * count
        likelihood = np.sum(size * by_level) + np.sum(
            weight * (scaled * means - rows.log_mean - (scaled + self.q) * logs)
        )
        slope = [
            np.sum(size * x * (digamma(both) - digamma(own) + np.log(x)))
            + np.sum(weight * count * (means - logs)),
            np.sum(size * (digamma(both) - digamma(self.q))) - np.sum(weight * logs),
            np.sum(weight * ((scaled + self.q) * share - scaled)) / self.v,
        ]
        return float(likelihood), np.asarray(slope)

    def expected_spend(self, frequency: Array, total: Array) -> Array:
        """Value expected of each later purchase, given the purchases until now and their total.

        Not a number where the model has no mean: p x + q must be above 1.
        """
        over = self.p * frequency + self.q - 1
        return np.where(over > 0, self.p * (self.v + total) / np.where(over > 0, over, 1), np.nan)

    def expected_spend_new_customer(self) -> float:
        """Value expected of a purchase of somebody unknown; not a number where q is 1 or less."""
        return float(self.expected_spend(np.zeros(1), np.zeros(1))[0])


def fit_spending(rows: Spending) -> Estimate[GammaGamma] | None:
    """Gamma-Gamma; nothing where it does not fit, or gives who bought once no mean."""
    try:
        found = fit(GammaGamma.start(rows), rows)
    except UsageError:
        return None
    return found if found.model.p + found.model.q > 1 else None
