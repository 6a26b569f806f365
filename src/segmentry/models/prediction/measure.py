"""How good predictions were, on customers and a time that they were not made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from segmentry.models.prediction.rows import Numbers

BINS, DRAWS = 10, 200
LEAST = 1e-6


@dataclass(frozen=True)
class Figure:
    """A figure with its 95 % interval; none of them where it cannot be said."""

    value: float | None
    low: float | None = None
    high: float | None = None


UNKNOWN = Figure(None)


@dataclass(frozen=True)
class Slice:
    """About a tenth of the customers, by what was predicted; equal predictions stay together.

    Args:
        predicted: Mean prediction.
        observed: What came of it: the share of a yes, or the mean amount.
        gain: Share of all yes, or of the whole amount, in this slice and those above it.
        lift: Observed over what it is for everybody; nothing where that is 0.
    """

    customers: int
    predicted: float
    observed: float
    gain: float
    lift: float | None


@dataclass(frozen=True)
class Held:
    """Predictions held against what happened.

    Args:
        label: 1 or 0, or an amount.
        amounts: Whether it is an amount.
    """

    predicted: Numbers
    label: Numbers
    amounts: bool

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """Places from the lowest prediction up."""
        return np.argsort(self.predicted, kind="stable")

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where in that order another prediction begins."""
        ordered = self.predicted[self.order]
        return np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])

    @cached_property
    def bins(self) -> NDArray[np.int64]:
        """The tenth of each customer, from 0; equal predictions are in one."""
        limits = np.quantile(self.predicted, np.arange(1, BINS) / BINS)
        found: NDArray[np.int64] = np.searchsorted(limits, self.predicted, side="left")
        return np.unique(found, return_inverse=True)[1]

    @cached_property
    def loss(self) -> Numbers:
        """Each customer's loss: squared error of a probability, Poisson deviance of an amount."""
        if not self.amounts:
            return np.asarray((self.predicted - self.label) ** 2)
        given = np.maximum(self.predicted, LEAST)
        ratio = np.where(self.label > 0, self.label, 1) / given
        return np.asarray(2 * (self.label * np.log(ratio) - self.label + given))

    @property
    def plain(self) -> Mapping[str, Callable[[Numbers], float]]:
        """Figures by weights of customers."""
        if self.amounts:
            return {"gini": self.gini, "mae": self.mae, "bias": self.bias, "deviance": self.mean}
        return {
            "auc": self.auc,
            "pr": self.precision,
            "brier": self.mean,
            "log_loss": self.log_loss,
            "ece": self.ece,
        }

    def mean(self, weights: Numbers) -> float:
        """Mean loss."""
        return float(weights @ self.loss / weights.sum())

    def auc(self, weights: Numbers) -> float:
        """Chance that a yes is scored above a no; equal scores count half."""
        ups, downs = (
            self._by_score(weights * self.label),
            self._by_score(weights * (1 - self.label)),
        )
        below = np.cumsum(downs) - downs
        return float(ups @ (below + downs / 2) / (ups.sum() * downs.sum()))

    def precision(self, weights: Numbers) -> float:
        """Average precision: area under precision and recall, step by step."""
        ups = self._by_score(weights * self.label)[::-1]
        everybody = np.cumsum(self._by_score(weights)[::-1])
        share = np.cumsum(ups) / np.maximum(everybody, LEAST)
        return float(ups @ share / ups.sum())

    def log_loss(self, weights: Numbers) -> float:
        """Mean logarithmic loss."""
        p = np.clip(self.predicted, LEAST, 1 - LEAST)
        loss = -(self.label * np.log(p) + (1 - self.label) * np.log1p(-p))
        return float(weights @ loss / weights.sum())

    def ece(self, weights: Numbers) -> float:
        """Expected calibration error: mean distance of predicted and observed over the tenths."""
        apart = np.bincount(self.bins, weights * (self.label - self.predicted))
        return float(np.abs(apart).sum() / weights.sum())

    def gini(self, weights: Numbers) -> float:
        """Gini of the amount ordered by prediction, over that ordered by itself."""
        best = Held(self.label, self.label, amounts=True).area(weights)
        return self.area(weights) / best if best > 0 else 0.0

    def mae(self, weights: Numbers) -> float:
        """Mean absolute error."""
        return float(weights @ np.abs(self.predicted - self.label) / weights.sum())

    def bias(self, weights: Numbers) -> float:
        """Predicted over actual total, less 1."""
        return float(weights @ self.predicted / max(float(weights @ self.label), LEAST) - 1)

    def area(self, weights: Numbers) -> float:
        """Area between the curve of amounts gained by prediction and that of equal amounts."""
        people, paid = self._by_score(weights), self._by_score(weights * self.label)
        middle = np.cumsum(paid) - paid / 2
        return float(0.5 - people @ middle / (people.sum() * max(paid.sum(), LEAST)))

    def _by_score(self, values: Numbers) -> Numbers:
        return np.asarray(np.add.reduceat(values[self.order], self.starts))

    # what a card shows

    def figures(self, weights: NDArray[np.float64]) -> dict[str, Figure]:
        """All figures with intervals.

        Args:
            weights: One row a bootstrap draw: how often each customer is in it.
        """
        ones = np.ones(len(self.label))
        found = {
            name: _figure(each(ones), [each(draw) for draw in weights])
            for name, each in self.plain.items()
        }
        return found if self.amounts else found | self.line()

    def line(self) -> dict[str, Figure]:
        """Slope and intercept of the outcome on the predicted log odds; 1 and 0 are ideal.

        Their intervals are Wald's. A slope below 1 says that predictions are too extreme.
        """
        from sklearn.linear_model import LogisticRegression

        p = np.clip(self.predicted, LEAST, 1 - LEAST)
        odds = (np.log(p) - np.log1p(-p)).reshape(-1, 1)
        if np.ptp(odds) < LEAST or len(np.unique(self.label)) < 2:
            return {"slope": Figure(None), "intercept": Figure(None)}
        fitted = LogisticRegression(C=1e9, max_iter=300).fit(odds, self.label)
        q = fitted.predict_proba(odds)[:, 1]
        design = np.column_stack([np.ones(len(odds)), odds])
        spread = np.sqrt(np.diag(np.linalg.inv((design.T * (q * (1 - q))) @ design)))
        values = {"intercept": fitted.intercept_[0], "slope": fitted.coef_[0, 0]}
        return {
            name: Figure(float(value), float(value - 1.96 * each), float(value + 1.96 * each))
            for (name, value), each in zip(values.items(), spread, strict=True)
        }

    def ece_by_chance(self, seed: int) -> float:
        """What the calibration error would be by chance alone if every probability were true."""
        draw = np.random.Generator(np.random.PCG64(seed))
        ones = np.ones(len(self.label))
        drawn = (draw.random(len(self.label)) < self.predicted for _ in range(50))
        found = [Held(self.predicted, each.astype(float), amounts=False) for each in drawn]
        return float(np.mean([_shared(each, self).ece(ones) for each in found]))

    def slices(self) -> tuple[Slice, ...]:
        """Tenths from the highest prediction down."""
        sizes = np.bincount(self.bins)
        predicted = np.bincount(self.bins, self.predicted) / sizes
        totals = np.bincount(self.bins, self.label)
        mean, whole = self.label.mean(), max(totals.sum(), LEAST)
        found, gain = [], 0.0
        for each in range(len(sizes) - 1, -1, -1):
            observed = float(totals[each] / sizes[each])
            gain += float(totals[each] / whole)
            lift = observed / float(mean) if mean > 0 else None
            found.append(Slice(int(sizes[each]), float(predicted[each]), observed, gain, lift))
        return tuple(found)


def _shared(drawn: Held, of: Held) -> Held:
    """The same predictions have the same tenths."""
    drawn.__dict__["bins"] = of.bins
    return drawn


def draws(numbers: NDArray[np.int64], seed: int) -> NDArray[np.float64]:
    """Bootstrap weights: each customer is in a draw as often as Poisson's law says, in all cuts."""
    draw = np.random.Generator(np.random.PCG64(seed))
    people, places = np.unique(numbers, return_inverse=True)
    return draw.poisson(1.0, (DRAWS, len(people))).astype(np.float64)[:, places]


def gained(plain: Held, other: Held, weights: NDArray[np.float64], level: float) -> Figure:
    """How much less is lost than by a plainer way, of what that loses, with a paired interval."""
    ones = np.ones(len(plain.loss))

    def share(given: Numbers) -> float:
        return float(given @ (plain.loss - other.loss) / max(float(given @ plain.loss), LEAST))

    return _figure(share(ones), [share(each) for each in weights], level)


def better_auc(plain: Held, other: Held, weights: NDArray[np.float64], level: float) -> Figure:
    """How much higher the AUC (of amounts the Gini) is, with a paired interval."""
    first, second = (each.gini if each.amounts else each.auc for each in (plain, other))
    ones = np.ones(len(plain.loss))
    return _figure(
        second(ones) - first(ones), [second(each) - first(each) for each in weights], level
    )


def _figure(value: float, drawn: list[float], level: float = 0.05) -> Figure:
    low, high = np.quantile(drawn, [level / 2, 1 - level / 2])
    return Figure(float(value), float(low), float(high))


__all__ = ["UNKNOWN", "Figure", "Held", "Slice", "better_auc", "draws", "gained"]
