"""The level: a factor on a sum ahead, chosen by what would have been right at earlier cuts.

Models take the world for constant. At every cut there are several *ways* to know by how much the
sum will differ: `none`, that the model is right; `last`, what it was wrong by in the days before;
`tracking`, what came in those days over what the model, fitted to them too, makes of them. Which
of these was nearest at earlier cuts is used; how near it was says how sure the factor is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from segmentry.models.clv.estimate import NORMAL_90
from segmentry.models.clv.model import PurchaseModel
from segmentry.models.clv.purchases import Array, Purchases

NONE, LAST, TRACKING = "none", "last", "tracking"
JUDGES = 2
"""Earlier cuts without which nothing can be said of how sure a factor is."""
LEAST, MOST = 0.01, 100.0
"""Between which a factor lies that anybody would believe."""
Ways = Mapping[str, float]
"""A factor by way."""


@dataclass(frozen=True)
class Ratio:
    """A sum that came over the sum expected, with a 90 % interval for what happens by chance."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, came: Array, expected: Array) -> Self:
        """Of customers, one each; 1 where nothing was expected."""
        total = float(expected.sum())
        if total <= 0:
            return cls(1.0, 1.0, 1.0)
        value = float(came.sum()) / total
        spread = NORMAL_90 * float(np.sqrt(np.sum((came - value * expected) ** 2))) / total
        return cls(value, value - spread, value + spread)

    @property
    def drawn(self) -> float:
        """The value drawn to 1, by as much as chance explains (James and Stein 1961)."""
        away, error = self.value - 1, (self.high - self.low) / 2 / NORMAL_90
        return 1 + away * max(0.0, 1 - (error / away) ** 2) if away else 1.0


@dataclass(frozen=True)
class Judged:
    """An earlier cut: the factor that was known there, and the one that was right."""

    day: str
    known: float
    right: float

    @property
    def error(self) -> float:
        """The logarithm of the right one over the known."""
        return float(np.log(_bounded(self.right) / _bounded(self.known)))


@dataclass(frozen=True)
class Factor:
    """The factor on a sum ahead.

    Args:
        way: How it is known.
        low: Lower end of its 90 % interval, from how wrong the way was at earlier cuts; nothing
            where these are fewer than two.
        high: Upper end.
        judged: The earlier cuts, the newest first.
    """

    way: str
    value: float
    low: float | None
    high: float | None
    judged: tuple[Judged, ...]

    @classmethod
    def of(cls, now: Ways, past: Sequence[tuple[str, float, Ways]]) -> Self:
        """The factor known now, by the way that was nearest at earlier cuts.

        Args:
            now: The way to be used without such a cut first.
            past: Day, right factor and known ones of earlier cuts, the newest first.
        """
        way = chosen(now, past)
        judged = tuple(Judged(day, known[way], right) for day, right, known in past)
        value = _bounded(now[way])
        spread = _spread(judged)
        if spread is None:
            return cls(way, value, None, None, judged)
        times = float(np.exp(spread))
        return cls(way, value, value / times, value * times, judged)

    @property
    def doubt(self) -> float:
        """Standard deviation of its logarithm, as far as it is known; else 0."""
        if len(self.judged) < JUDGES:
            return 0.0
        return _error(self.judged)


RIGHT = Factor(NONE, 1.0, None, None, ())
"""Where nothing can be said, the model is taken at its word."""


def chosen(now: Ways, past: Sequence[tuple[str, float, Ways]]) -> str:
    """The way that was nearest at earlier cuts; of equal ones, and without cuts, the first."""

    def away(way: str) -> float:
        return sum(abs(Judged(day, known[way], right).error) for day, right, known in past)

    return min(now, key=away)


def tracked(model: PurchaseModel, rows: Purchases, before: Purchases, days: int) -> float:
    """Repeat purchases of the last days over those that the model, fitted with them, expects.

    Args:
        before: The histories as they were before these days.
    """
    came = float(rows.frequency @ rows.customers - before.frequency @ before.customers)
    until = model.expected_purchases_new_customer(rows.age)
    since = model.expected_purchases_new_customer(np.maximum(rows.age - days, 0.0))
    expected = float((until - since) @ rows.customers)
    return came / expected if expected > 0 else 1.0


def _error(judged: Sequence[Judged]) -> float:
    return float(np.sqrt(np.mean([each.error**2 for each in judged])))


def _spread(judged: Sequence[Judged]) -> float | None:
    """Half of the 90 % interval of the logarithm: Student's; choosing a way cost one cut."""
    from scipy.special import stdtrit

    if len(judged) < JUDGES:
        return None
    return float(stdtrit(len(judged) - 1, 0.95)) * _error(judged)


def _bounded(factor: float) -> float:
    return float(min(max(factor, LEAST), MOST))


__all__ = ["JUDGES", "LAST", "NONE", "RIGHT", "TRACKING", "Factor", "Judged", "Ratio", "Ways",
           "chosen", "tracked"]  # fmt: skip
