"""T9: on data without groups the answer is "none"; on separated groups it is their true number."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.random import PCG64, Generator
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from segmentry.models.clusters.choose import Judge
from segmentry.models.clusters.column import Column
from segmentry.models.clusters.prepare import prepare

ROWS = 2_000
Points = NDArray[np.float64]
APART = 6.0
"""Least distance between two centres, in standard deviations of a group of middling width."""


def uniform(random: Generator) -> Points:
    return random.random((ROWS, int(random.integers(2, 13))))


def gaussian(random: Generator) -> Points:
    return random.standard_normal((ROWS, int(random.integers(2, 13))))


def correlated(random: Generator) -> Points:
    features = int(random.integers(2, 13))
    return gaussian_of(random, features) @ random.standard_normal((features, features))


def gaussian_of(random: Generator, features: int) -> Points:
    return random.standard_normal((ROWS, features))


def rfm(random: Generator) -> Points:
    """Recency, frequency, monetary value, average order: log-normal, correlated, whole numbers."""
    related = np.array([[1, -0.4, -0.35], [-0.4, 1, 0.8], [-0.35, 0.8, 1]])
    recency, orders, value = (gaussian_of(random, 3) @ np.linalg.cholesky(related).T).T
    return np.column_stack(
        [
            np.round(np.exp(4 + 1.1 * recency)),
            np.ceil(np.exp(0.5 + 0.8 * orders)),
            np.exp(5 + value),
            np.exp(5 + value - 0.5 * orders),
        ]
    )


def buyers(random: Generator) -> Points:
    """Customers who buy and leave as BG/NBD has it: one continuum, most of them with one order."""
    age = random.uniform(30, 700, ROWS)
    rate = random.gamma(0.8, 1 / 40, ROWS)
    stay = random.geometric(np.maximum(random.beta(0.8, 2.5, ROWS), 1e-3))
    repeats, last = np.zeros(ROWS), np.zeros(ROWS)
    at, alive = np.zeros(ROWS), np.ones(ROWS, dtype=bool)
    while alive.any():
        at = at + random.exponential(1 / rate)
        alive &= (at <= age) & (repeats < stay)
        repeats[alive] += 1
        last[alive] = at[alive]
    spent = np.exp(random.normal(3.5, 0.6, ROWS)) * (repeats + 1)
    spent *= np.exp(random.normal(0, 0.2, ROWS))
    gap = np.where(repeats > 0, last / np.maximum(repeats, 1), np.nan)
    return np.column_stack([np.round(age - last), repeats + 1, spent, spent / (repeats + 1), gap])


def separated(random: Generator) -> tuple[Points, int]:
    """Two to eight groups of different sizes and widths in 3 to 12 features."""
    k, features = int(random.integers(2, 9)), int(random.integers(3, 13))
    centres = random.standard_normal((k, features)) * 4
    apart = np.linalg.norm(centres[:, None] - centres[None], axis=2) + np.eye(k) * 1e9
    centres *= max(1.0, APART / apart.min())
    labels = random.choice(k, ROWS, p=random.dirichlet(np.full(k, 5.0)))
    widths = random.uniform(0.6, 1.2, (k, features))
    return centres[labels] + random.standard_normal((ROWS, features)) * widths[labels], k


STRUCTURELESS: Mapping[str, Callable[[Generator], Points]] = {
    "uniform": uniform,
    "gaussian": gaussian,
    "correlated": correlated,
    "rfm": rfm,
    "buyers": buyers,
}


def found(points: Points, seed: int) -> int:
    """The number of natural groups found; 0 for none."""
    columns = [Column(f"f{place}", values) for place, values in enumerate(points.T)]
    preparation = prepare(columns)
    widths = [each.width for each in preparation.scales]
    with threadpool_limits(1):
        fitted = Judge(preparation.points(columns), widths, seed).choose().fitted
    return fitted.k if fitted else 0


def figures(seed: int, sets: int) -> dict[str, float]:
    """Share of structureless sets called so, by kind and in all; of separated ones, the true k.

    Args:
        sets: Of structureless data, the kinds in turn; and as many of separated data.
    """
    kinds = list(STRUCTURELESS)
    right: dict[str, list[bool]] = {kind: [] for kind in kinds}
    for number in range(sets):
        kind = kinds[number % len(kinds)]
        points = STRUCTURELESS[kind](Generator(PCG64([seed, number])))
        right[kind].append(found(points, number) == 0)
    true = []
    for number in range(sets):
        points, k = separated(Generator(PCG64([seed, sets + number])))
        true.append(found(points, number) == k)
    every = [each for rights in right.values() for each in rights]
    return {
        **{f"none_on_{kind}": float(np.mean(each)) for kind, each in right.items() if each},
        "none_on_structureless": float(np.mean(every)),
        "true_number_on_separated": float(np.mean(true)),
    }
