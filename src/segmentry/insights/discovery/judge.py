"""Whether groups hold among customers whom the search never saw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

EXTREME = 0.995
"""What lies beyond this quantile, or below its counterpart, counts as if it were there."""
RATE = 0.05
"""Share of the groups that are called found which may be there by chance alone."""


@dataclass(frozen=True)
class Limits:
    """Between which values an outcome counts as it is."""

    low: float
    high: float

    @classmethod
    def of(cls, values: Numbers) -> Limits:
        """The limits of some customers, whose extremes then say nothing about others.

        Where so few bring anything that the limit would cut it all, nothing is cut.
        """
        low, high = (float(each) for each in np.quantile(values, [1 - EXTREME, EXTREME]))
        if low == high:
            low, high = float(values.min()), float(values.max())
        return cls(low, high)

    def cut(self, values: Numbers) -> Numbers:
        """The values, none beyond the limits."""
        return np.clip(values, self.low, self.high)


@dataclass(frozen=True)
class Verdicts:
    """What is said of each group.

    Args:
        chance: Probability that a group which is like the others would differ as much.
        adjusted: The same, for as many groups as were tried (Benjamini and Hochberg 1995).
    """

    chance: Numbers
    adjusted: Numbers

    @property
    def held(self) -> NDArray[np.bool_]:
        """Which groups are called found."""
        found: NDArray[np.bool_] = self.adjusted <= RATE
        return found


def judged(groups: Iterable[NDArray[np.bool_]], outcome: Numbers) -> Verdicts:
    """How likely each group is to have that much more than everyone else by chance.

    The error of a difference is the larger of two: from the group's own spread, and from that of
    all. Where a few bring most, the first is too small for a group that has none of these few, and
    the second for one that has them by chance; the larger is too small for neither.

    Args:
        groups: Who is in each.
        outcome: Extremes already cut, by limits that other customers gave.
    """
    from scipy.special import stdtr

    size, total = len(outcome), float(outcome.sum())
    squares = outcome**2
    whole = float(squares.sum())
    spread = max(whole / size - (total / size) ** 2, 0.0)
    figures = np.array([_figures(each, outcome, squares) for each in groups]).reshape(-1, 3)
    count, own, square = figures.T
    rest = size - count
    with np.errstate(all="ignore"):
        mean, other = own / count, (total - own) / rest
        within = np.maximum(square / count - mean**2, 0) * count / (count - 1)
        beside = np.maximum((whole - square) / rest - other**2, 0)
        error = np.maximum(within / count + beside / rest, spread / count + spread / rest)
        score = (mean - other) / np.sqrt(error)
    enough = (count > 1) & (rest > 1) & np.isfinite(score)
    free = np.maximum(np.minimum(count, rest) - 1, 1)
    chance = np.where(enough, stdtr(free, -np.where(enough, score, 0.0)), 1.0)
    return Verdicts(chance, adjusted(chance))


def _figures(inside: NDArray[np.bool_], outcome: Numbers, squares: Numbers) -> tuple[float, ...]:
    return float(inside.sum()), float(outcome[inside].sum()), float(squares[inside].sum())


def adjusted(chance: Numbers) -> Numbers:
    """Probabilities adjusted for their number, so that a level is a false discovery rate.

    >>> adjusted(np.array([0.01, 0.04, 0.5])).round(3).tolist()
    [0.03, 0.06, 0.5]
    """
    from scipy.stats import false_discovery_control

    found: Numbers = false_discovery_control(chance) if len(chance) else chance
    return found


__all__ = ["Limits", "Verdicts", "adjusted", "judged"]
