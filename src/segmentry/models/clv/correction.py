"""What a model of purchases got wrong last time, as factors on what it expects.

A correction is learnt from customers at an earlier cut and what they did since: its *shape* says
for whom more and for whom less. Carried to customers of a later day, it changes their sum by a
level that is known otherwise (`level.py`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

import numpy as np

from segmentry.models.clv.purchases import Array, Places, Purchases

WEIGHT = 50.0
"""Expected purchases of a group at which it counts as much as all together."""
FREQUENCIES = (1, 2, 4, 7)
"""Where groups by frequency begin, after the first."""
IDLE = (1 / 3, 2 / 3)
"""Where groups by the share of life without a purchase begin, after the first."""
LEAST = 1e-9


class Correction(ABC):
    """Factors on expected purchases, a history each."""

    name: ClassVar[str]

    @classmethod
    @abstractmethod
    def learn(cls, rows: Purchases, expected: Array, came: Array, seed: int) -> Self:
        """From histories, what was expected of each, and what came."""

    @abstractmethod
    def carried(self, rows: Purchases, expected: Array, level: float) -> Self:
        """The same shape for customers of another day, changing their sum by a level."""

    @abstractmethod
    def factors(self, rows: Purchases, expected: Array) -> Array:
        """What to multiply expectations with."""


@dataclass(frozen=True)
class Level(Correction):
    """One factor for all."""

    name: ClassVar[str] = "level"
    factor: float

    @classmethod
    def learn(cls, rows: Purchases, expected: Array, came: Array, seed: int) -> Self:  # noqa: ARG003
        """The sum that came over the sum expected."""
        weight = rows.customers
        return cls(float(weight @ came) / max(float(weight @ expected), LEAST))

    def carried(self, rows: Purchases, expected: Array, level: float) -> Self:  # noqa: ARG002
        """The level itself."""
        return replace(self, factor=level)

    def factors(self, rows: Purchases, expected: Array) -> Array:  # noqa: ARG002
        """The one factor."""
        return np.full(len(expected), self.factor)


@dataclass(frozen=True)
class ByGroup(Correction):
    """A factor for each group of frequency and idleness, drawn to that of all where it is small."""

    name: ClassVar[str] = "groups"
    table: tuple[float, ...]

    @classmethod
    def learn(cls, rows: Purchases, expected: Array, came: Array, seed: int) -> Self:
        """Group by group, the sum that came over the sum expected."""
        level = Level.learn(rows, expected, came, seed).factor
        groups = _groups(rows)
        size = (len(FREQUENCIES) + 1) * (len(IDLE) + 1)
        sums = [
            np.bincount(groups, weights=rows.customers * each, minlength=size)
            for each in (came, expected)
        ]
        return cls(tuple(((sums[0] + WEIGHT * level) / (sums[1] + WEIGHT)).tolist()))

    def carried(self, rows: Purchases, expected: Array, level: float) -> Self:
        """The table, all of it times as much."""
        times = level / _mean(rows, expected, self.factors(rows, expected))
        return replace(self, table=tuple(each * times for each in self.table))

    def factors(self, rows: Purchases, expected: Array) -> Array:  # noqa: ARG002
        """The factor of the group of each."""
        return np.asarray(self.table)[_groups(rows)]


@dataclass(frozen=True)
class Boosted(Correction):
    """Gradient boosting on the history: a factor that changes wherever the data say so.

    Args:
        usual: Expectation of a customer on average: trees see each one's against that, since it
            differs from day to day.
        times: By how much more than the trees say.
    """

    name: ClassVar[str] = "boosted"
    trees: Any
    least: float
    most: float
    usual: float
    times: float = 1.0

    @classmethod
    def learn(cls, rows: Purchases, expected: Array, came: Array, seed: int) -> Self:
        """Trees for the ratio, weighted by the expectation: Poisson counts with an offset."""
        from sklearn.ensemble import HistGradientBoostingRegressor
        from threadpoolctl import threadpool_limits

        trees = HistGradientBoostingRegressor(
            loss="poisson",
            learning_rate=0.05,
            max_iter=100,
            max_leaf_nodes=8,
            min_samples_leaf=100,
            l2_regularization=1.0,
            early_stopping=False,
            random_state=seed,
        )
        sure, usual = np.maximum(expected, LEAST), _usual(rows, expected)
        features = _features(rows, sure / usual)
        with threadpool_limits(1):
            trees.fit(features, came / sure, sample_weight=rows.customers * sure)
            seen = trees.predict(features)
        return cls(trees, max(float(seen.min()), LEAST), float(seen.max()), usual)

    def carried(self, rows: Purchases, expected: Array, level: float) -> Self:
        """The trees, of expectations against the average of these customers."""
        found = replace(self, usual=_usual(rows, expected), times=1.0)
        times = level / _mean(rows, expected, found.factors(rows, expected))
        return replace(found, times=times)

    def factors(self, rows: Purchases, expected: Array) -> Array:
        """The trees' word."""
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1):
            relative = np.maximum(expected, LEAST) / self.usual
            said: Array = self.trees.predict(_features(rows, relative))
        return np.clip(said, self.least, self.most) * self.times


def _usual(rows: Purchases, expected: Array) -> float:
    return max(float(rows.customers @ expected) / rows.total, LEAST)


def _mean(rows: Purchases, expected: Array, factors: Array) -> float:
    """By how much factors change the sum."""
    whole = max(float(rows.customers @ expected), LEAST)
    return max(float(rows.customers @ (expected * factors)) / whole, LEAST)


def _groups(rows: Purchases) -> Places:
    idle = (rows.age - rows.recency) / np.maximum(rows.age, 1)
    groups: Places = np.searchsorted(FREQUENCIES, rows.frequency, side="right") * (
        len(IDLE) + 1
    ) + np.searchsorted(IDLE, idle, side="right")
    return groups


def _features(rows: Purchases, relative: Array) -> Array:
    """What trees may look at: nothing that grows with the calendar."""
    life = np.maximum(rows.age, 1)
    return np.stack(
        [rows.frequency, rows.recency / life, rows.frequency / life, np.log(relative)], axis=1
    )
