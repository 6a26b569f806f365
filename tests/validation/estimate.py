"""How often the intervals of amounts with long tails hold the truth, by simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import exp, gamma

import numpy as np

from segmentry.insights.estimate import Numbers, means, means_of_others, ratios

Draw = Callable[[np.random.Generator, int], Numbers]
SIZES = (200, 500, 1_000, 5_000)
SPREADS = (0.5, 1.0, 1.25, 1.5, 2.0)
TAILS = (2.25, 2.5, 3.0)
ZEROS = (0.5, 0.8, 0.9, 0.97)


@dataclass(frozen=True)
class Amounts:
    """Revenue of customers by chance, and its true mean."""

    name: str
    draw: Draw
    mean: float

    def rare(self, zeros: float) -> Amounts:
        """The same amounts of customers of whom a share brings nothing."""

        def draw(chance: np.random.Generator, count: int) -> Numbers:
            return np.where(chance.random(count) < zeros, 0.0, self.draw(chance, count))

        return Amounts(f"{self.name}, {zeros:.0%} zeros", draw, self.mean * (1 - zeros))


def log_normal(spread: float) -> Amounts:
    return Amounts(
        f"log-normal {spread:g}",
        lambda chance, count: np.exp(spread * chance.standard_normal(count)),
        exp(spread**2 / 2),
    )


def with_pareto(tail: float, part: float = 0.1) -> Amounts:
    """Log-normal amounts of which some have a Pareto tail."""

    def draw(chance: np.random.Generator, count: int) -> Numbers:
        usual = np.exp(0.75 * chance.standard_normal(count))
        far = 2 * chance.random(count) ** (-1 / tail)
        return np.where(chance.random(count) < part, far, usual)

    mean = (1 - part) * exp(0.75**2 / 2) + part * 2 * tail / (tail - 1)
    return Amounts(f"Pareto {tail:g}", draw, mean)


def weibull(shape: float) -> Amounts:
    return Amounts(
        f"Weibull {shape:g}",
        lambda chance, count: chance.weibull(shape, count),
        gamma(1 + 1 / shape),
    )


def amounts() -> Iterator[Amounts]:
    """Every distribution that intervals are tried on."""
    whole = [*map(log_normal, SPREADS), *map(with_pareto, TAILS), weibull(0.5), weibull(1.0)]
    yield from whole
    for each in (log_normal(1.0), log_normal(2.0), with_pareto(2.5), weibull(1.0)):
        for zeros in ZEROS:
            yield each.rare(zeros)


@dataclass(frozen=True)
class Cover:
    """How an interval did over many sets of customers.

    Args:
        shown: Share of sets in which there was an interval.
        held: Of those, the share whose interval held the truth; 1 when there was none.
    """

    name: str
    size: int
    shown: float
    held: float

    @property
    def misled(self) -> float:
        """Share of all sets in which an interval was shown that did not hold the truth."""
        return self.shown * (1 - self.held)


def cover(each: Amounts, size: int, sets: int, seed: int) -> Cover:
    """Intervals of a mean of so many customers, in so many sets of them."""
    chance = np.random.default_rng([seed, size])
    held: list[bool] = []
    at_once = max(1, 2_000_000 // size)
    for start in range(0, sets, at_once):
        some = min(at_once, sets - start)
        codes = np.repeat(np.arange(some), size)
        found = means(each.draw(chance, some * size), codes, some).estimates()
        held += [
            one.low <= each.mean <= one.high
            for one in found
            if one.low is not None and one.high is not None
        ]
    return Cover(each.name, size, len(held) / sets, float(np.mean(held)) if held else 1.0)


def covers(seed: int, sets: int, sizes: tuple[int, ...] = SIZES) -> list[Cover]:
    """Every distribution with every size."""
    return [cover(each, size, sets, seed) for each in amounts() for size in sizes]


def figures(seed: int = 1, sets: int = 2_000) -> dict[str, float]:
    """Coverage of means; of ratios and differences, and how often nothing is said.

    `least` and `most` are over the distributions and sizes in which an interval is shown more often
    than not, `least_of_rare` over those in which it is shown in 5 % of sets at least; `misled` is
    the largest share of sets, over all of them, in which one was shown that was wrong.
    """
    found = covers(seed, sets)
    usual = [each for each in found if each.shown >= 0.5]
    shown = sum(each.shown for each in found)
    return {
        "cells": float(len(found)),
        "shown": shown / len(found),
        "held": sum(each.shown * each.held for each in found) / shown,
        "least": min(each.held for each in usual),
        "most": max(each.held for each in usual),
        "least_of_rare": min(
            (each.held for each in found if 0.05 <= each.shown < 0.5), default=1.0
        ),
        "misled": max(each.misled for each in found),
        "order_value": _order_value(seed, sets),
        "more_than_others": _more_than_others(seed, sets),
    }


def _order_value(seed: int, sets: int, size: int = 500) -> float:
    """Coverage of revenue over orders, where those who order often spend more on each."""
    chance, held, shown = np.random.default_rng([seed, 2]), 0, 0
    for _ in range(sets):
        orders = 1.0 + chance.negative_binomial(1, 0.4, size)
        spent = orders**1.2 * np.exp(0.8 * chance.standard_normal(size))
        [found] = ratios(spent, orders, np.zeros(size, np.int64), 1).estimates()
        if found.low is not None and found.high is not None:
            shown += 1
            held += found.low <= _TRUE_ORDER_VALUE <= found.high
    return held / shown


def _true_order_value() -> float:
    # Of orders the sum to the power of 1.2 over the sum, times the mean of what is log-normal.
    orders = 1.0 + np.arange(200)
    chances = 0.4 * 0.6 ** np.arange(200)
    return float((chances * orders**1.2).sum() / (chances * orders).sum()) * exp(0.8**2 / 2)


_TRUE_ORDER_VALUE = _true_order_value()


def _more_than_others(seed: int, sets: int, size: int = 1_000) -> float:
    """Coverage of the difference between a quarter of customers and the rest."""
    chance, held, shown = np.random.default_rng([seed, 3]), 0, 0
    one, other = log_normal(1.0), log_normal(0.75)
    codes = np.where(np.arange(size) < size // 4, 0, -1)
    for _ in range(sets):
        spent = np.where(codes == 0, one.draw(chance, size), other.draw(chance, size))
        difference = means(spent, codes, 1) - means_of_others(spent, codes, 1)
        [found] = difference.estimates()
        if found.low is not None and found.high is not None:
            shown += 1
            held += found.low <= one.mean - other.mean <= found.high
    return held / shown
