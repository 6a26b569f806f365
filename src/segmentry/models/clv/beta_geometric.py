"""What BG/NBD and MBG/NBD share: purchases by chance, and a chance to leave after each of them.

While a customer, somebody buys at a rate of their own (gamma distributed: shape r, scale 1/alpha).
After a purchase they leave with a probability of their own (beta distributed: a, b).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np

from segmentry.models.clv.gauss import gauss
from segmentry.models.clv.purchases import Array, Purchases

NEAR_ONE = 1e-4
"""At a = 1 the formula divides 0 by 0; nearer than this, the mean of both sides is taken."""

LARGEST = 700.0
"""Logarithm of odds that doubles still hold."""


@dataclass(frozen=True)
class BetaGeometric(ABC):
    """The common parameters, in the unit of time of the rows.

    Args:
        r: Shape of the rates of purchase.
        alpha: Inverse scale of the rates: time.
        a: With `b`: of the chance to leave; its mean is a / (a + b).
    """

    r: float
    alpha: float
    a: float
    b: float

    chances: ClassVar[int]
    """How many purchases were followed by a chance to leave before the first repeat."""

    @classmethod
    def start(cls, rows: Purchases) -> Self:
        """Parameters from which to search: half the rate at which customers of any age bought."""
        bought = float(rows.frequency @ rows.customers) + 1.0
        return cls(0.5, 0.5 * float(rows.age @ rows.customers) / bought, 0.5, 1.5)

    def score(self, rows: Purchases) -> tuple[float, Array]:
        """Log-likelihood of the rows, and its derivatives by r, alpha, a and b."""
        whole, last = np.log(self.alpha + rows.age), np.log(self.alpha + rows.recency)
        count, weight = self.r + rows.frequency, rows.customers
        alive = 1 / (1 + self._odds(rows, whole - last))
        gone = weight * (1 - alive)
        since = gone * (whole - last) - weight * whole
        ages = gone - weight  # over alpha + age
        likelihood, slope = self._by_frequency(rows)
        likelihood -= float(np.sum(weight * (np.log(alive) + count * whole)))
        by_level = np.bincount(rows.levels[1], weights=gone)
        slope += [
            np.sum(since),
            np.sum(count * (ages / (self.alpha + rows.age) - gone / (self.alpha + rows.recency))),
            np.sum(gone) / self.a,
            -np.sum(by_level / self._leavings(rows.levels[0])),
        ]
        return likelihood, slope

    def _by_frequency(self, rows: Purchases) -> tuple[float, Array]:
        """The part of the score that depends on nothing but the frequency."""
        from scipy.special import digamma, gammaln

        x, size = rows.levels[0], rows.sizes
        r, both, stays = self.r + x, self.a + self.b + x + self.chances, self.b + x + self.chances
        rate = gammaln(r) - gammaln(self.r) + self.r * np.log(self.alpha)
        stay = gammaln(self.a + self.b) - gammaln(self.b) + gammaln(stays) - gammaln(both)
        by_both = digamma(self.a + self.b) - digamma(both)
        slope = [
            digamma(r) - digamma(self.r) + np.log(self.alpha),
            np.full_like(x, self.r / self.alpha),
            by_both,
            by_both - digamma(self.b) + digamma(stays),
        ]
        return float(np.sum(size * (rate + stay))), np.asarray([np.sum(size * s) for s in slope])

    def _leavings(self, frequency: Array) -> Array:
        """What the odds of having left are divided by; endless for whom they are nil anyway."""
        chances = frequency + self.chances
        return np.where(chances > 0, self.b + chances - 1, np.inf)

    def _odds(self, rows: Purchases, logs: Array) -> Array:
        """Odds of having left after the last purchase, a row each; `logs` of the time since."""
        with np.errstate(divide="ignore"):
            base = np.log(self.a / self._leavings(rows.levels[0]))[rows.levels[1]]
        odds: Array = np.exp(np.minimum(base + (self.r + rows.frequency) * logs, LARGEST))
        return odds

    def probability_alive(self, rows: Purchases) -> Array:
        """Probability of still being a customer, a row each."""
        logs = np.log(self.alpha + rows.age) - np.log(self.alpha + rows.recency)
        alive: Array = 1 / (1 + self._odds(rows, logs))
        return alive

    def purchases_if_alive(self, rows: Purchases, horizon: float) -> Array:
        """Purchases expected within the horizon of those who still are customers."""
        count = rows.frequency
        stays = self.b + count + self.chances
        return self._purchases(self.r + count, self.alpha + rows.age, stays, horizon)

    def expected_purchases(self, rows: Purchases, horizon: float) -> Array:
        """Purchases expected within the horizon from now, a row each."""
        pairs, places = rows.ages
        return self.probability_alive(rows) * self.purchases_if_alive(pairs, horizon)[places]

    @abstractmethod
    def expected_purchases_new_customer(self, time: Array) -> Array:
        """Repeat purchases expected within times after the first purchase."""

    def _purchases(self, r: Array, alpha: Array, b: Array, horizon: Array | float) -> Array:
        """Of somebody with these parameters."""
        share = horizon / (alpha + horizon)
        over = self.a - 1
        if abs(over) > NEAR_ONE:
            return _bought(r, b, share, over)
        beside = (_bought(r, b, share, over + each) for each in (2 * NEAR_ONE, -2 * NEAR_ONE))
        return sum(beside, start=np.zeros(1)) / 2


def _bought(r: Array, b: Array, share: Array, over: float) -> Array:
    """Of the two equal forms of the series (Euler) each row gets the one that converges."""
    turned, last = r > over, over + b
    first, second = np.where(turned, last - r, r), np.where(turned, over, b)
    series = (1 - share) ** np.where(turned, over, r) * gauss(first, second, last, share)
    found: Array = last / over * (1 - series)
    return found
