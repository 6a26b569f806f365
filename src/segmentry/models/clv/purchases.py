"""Grouped sufficient rows: all that models of purchases need to know of any number of customers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Places = npt.NDArray[np.intp]


SHORTEST = 2.0 ** -np.arange(6, 0, -1.0)
"""Where the first stretch of time is divided."""
WIDEST = 0.125
"""Of a stretch between two moments, relative to the time passed before it."""


@dataclass(frozen=True)
class Moments:
    """Points of time at which anything happened, none far from the next.

    Args:
        times: From 0 on, in order.
        recencies: The place of each row's recency among them.
        ages: The place of each row's age.
    """

    times: Array
    recencies: Places
    ages: Places


@dataclass(frozen=True)
class Purchases:
    """Distinct histories, each with how many customers have it.

    Any unit of time will do, if all three use it; the workspace counts in days.

    Args:
        frequency: Repeat purchases, orders of one day as one: the first does not count.
        recency: Time from the first purchase to the last; 0 without repeats.
        age: Time from the first purchase to the instant of the question; at least the recency.
        customers: How many have exactly this history.
    """

    frequency: Array
    recency: Array
    age: Array
    customers: Array

    @classmethod
    def of(cls, frequency: npt.ArrayLike, recency: npt.ArrayLike, age: npt.ArrayLike) -> Self:
        """Group histories, one a customer, sorted by frequency, recency and age."""
        each = np.stack([np.asarray(one, float) for one in (frequency, recency, age)], axis=1)
        rows, count = np.unique(each, axis=0, return_counts=True)
        frequencies, recencies, ages = rows.T.copy()
        return cls(frequencies, recencies, ages, count.astype(float))

    def taken(self, places: Places) -> Self:
        """Some of the rows."""
        parts = (self.frequency, self.recency, self.age, self.customers)
        return type(self)(*(each[places] for each in parts))

    def __len__(self) -> int:
        return len(self.frequency)

    @property
    def total(self) -> float:
        """Customers."""
        return float(self.customers.sum())

    @cached_property
    def levels(self) -> tuple[Array, Places]:
        """The distinct frequencies in order, and the place of each row's own among them."""
        return np.unique(self.frequency, return_inverse=True)

    @cached_property
    def sizes(self) -> Array:
        """Customers of each distinct frequency."""
        return _sums(self.levels[1], self.customers)

    @cached_property
    def moments(self) -> Moments:
        """The points of time between which integrals over time are taken."""
        seen = np.unique(np.concatenate([[0.0], self.recency, self.age]))
        times = np.unique(np.concatenate([seen, *_between(seen)]))
        return Moments(
            times, np.searchsorted(times, self.recency), np.searchsorted(times, self.age)
        )

    @cached_property
    def ages(self) -> tuple[Purchases, Places]:
        """The distinct pairs of frequency and age, and the place of each row's own among them.

        What is expected of somebody who is still a customer depends on nothing else.
        """
        (x, by_x), (ages, by_age) = self.levels, np.unique(self.age, return_inverse=True)
        pairs, places = np.unique(by_x * len(ages) + by_age, return_inverse=True)
        frequency, age = x[pairs // len(ages)], ages[pairs % len(ages)]
        return Purchases(frequency, age, age, _sums(places, self.customers)), places


def _between(seen: Array) -> Iterator[Array]:
    """Further points, so that each is near the one before it."""
    if len(seen) > 1:
        yield seen[1] * SHORTEST
    for start, end in pairwise(seen[1:]):
        parts = int(np.ceil((end - start) / max(WIDEST * start, seen[1])))
        yield np.linspace(start, end, parts + 1)[1:-1]


def _sums(places: Places, weights: Array) -> Array:
    return np.bincount(places, weights=weights).astype(float, copy=False)
