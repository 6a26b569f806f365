"""Shifted beta-geometric: how long customers under contract stay."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from segmentry.models.clv.purchases import Array


@dataclass(frozen=True)
class Renewals:
    """What customers did at the end of a period, by how many periods they had then completed.

    Cohorts of any age may be added up: each period counts those who were there to decide.

    Args:
        period: 1 for the first decision.
        renewed: Customers who stayed.
        lost: Customers who left.
    """

    period: Array
    renewed: Array
    lost: Array


@dataclass(frozen=True)
class ShiftedBetaGeometric:
    """Fader and Hardie 2007 (Journal of Interactive Marketing 21, 76).

    At the end of each period a customer leaves with a chance of their own (beta distributed: a, b),
    so that those who are left are more and more the loyal ones.
    """

    a: float
    b: float

    @classmethod
    def start(cls, rows: Renewals) -> Self:
        """Parameters from which to search: the same chance for all."""
        lost, renewed = float(rows.lost.sum()), float(rows.renewed.sum())
        return cls((lost + 1) / (lost + renewed + 2), (renewed + 1) / (lost + renewed + 2))

    def score(self, rows: Renewals) -> tuple[float, Array]:
        """Log-likelihood of the rows, and its derivatives by a and b."""
        stays = self.b + rows.period - 1
        both = self.a + stays
        decided = rows.renewed + rows.lost
        logs = rows.lost * np.log(self.a) + rows.renewed * np.log(stays) - decided * np.log(both)
        by_both = np.sum(decided / both)
        slope = [np.sum(rows.lost) / self.a - by_both, np.sum(rows.renewed / stays) - by_both]
        return float(np.sum(logs)), np.asarray(slope)

    def retention(self, period: Array) -> Array:
        """Share expected to stay at the end of a period, of those who reached it."""
        return (self.b + period - 1) / (self.a + self.b + period - 1)

    def survival(self, periods: Array, completed: int = 0) -> Array:
        """Share expected to stay for further periods, of those who completed some."""
        from scipy.special import betaln

        stays = self.b + completed
        share: Array = np.exp(betaln(self.a, stays + periods) - betaln(self.a, stays))
        return share

    def expected_periods(self, horizon: int, completed: int = 0, discount: float = 0.0) -> float:
        """Further periods expected of a customer, each paid at its end and discounted by a rate.

        Args:
            horizon: Periods that are looked at, at most.
            completed: Periods behind the customer, who has just decided to stay.
            discount: Rate for one period, 0.01 for a hundredth.
        """
        ahead = np.arange(1.0, horizon + 1)
        return float(np.sum(self.survival(ahead, completed) / (1 + discount) ** ahead))
