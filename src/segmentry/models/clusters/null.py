"""Data as it would be without natural groups, to hold found groups against.

Two ways, and groups must beat both: every feature drawn for itself, and one continuous cloud (a
Gaussian copula) in which features keep their values and go together as much as they do. So what
comes from a feature's own form (many zeros, whole numbers) or from mere correlation is no group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from scipy.special import ndtri

from segmentry.models.clusters.column import Floats

ROUNDS = 3
"""Corrections of the cloud's correlations for ties."""


@dataclass(frozen=True)
class Null:
    """A sample's features without their groups.

    Args:
        blocks: Coordinates of each feature, its rows in the feature's order.
        factor: Of the correlations between features, as ranks.
    """

    blocks: tuple[Floats, ...]
    factor: Floats

    def permuted(self, random: Generator) -> Floats:
        """Points of which no feature knows of another."""
        return np.hstack([random.permutation(each) for each in self.blocks])

    def cloud(self, random: Generator) -> Floats:
        """Points of one continuous cloud with the same features and correlations."""
        latent = random.standard_normal((len(self.blocks[0]), len(self.blocks))) @ self.factor.T
        return np.hstack(
            [block[_ranks(latent[:, place])] for place, block in enumerate(self.blocks)]
        )


def null_of(points: Floats, widths: Sequence[int]) -> Null:
    """What the two kinds are drawn from; `widths` are the coordinates of each feature, in order."""
    blocks = np.split(points, np.cumsum(widths)[:-1], axis=1)
    main = _main(points)
    keys = [each[:, 0] if each.shape[1] == 1 else _along(each, main) for each in blocks]
    ordered = tuple(
        block[np.argsort(key, kind="stable")] for block, key in zip(blocks, keys, strict=True)
    )
    wanted = _related(np.column_stack([_scores(each) for each in keys]))
    sorted_keys = [np.sort(each) for each in keys]
    return Null(ordered, _factor(_untied(wanted, sorted_keys)))


def _main(points: Floats) -> Floats:
    """Coordinates along the direction of most variance."""
    centred = points - points.mean(axis=0)
    _, vectors = np.linalg.eigh(centred.T @ centred)
    along: Floats = centred @ vectors[:, -1]
    return along


def _along(block: Floats, main: Floats) -> Floats:
    """One number for each row of a feature of several coordinates: where the like of it lie."""
    _, place = np.unique(block[:, 1:], axis=0, return_inverse=True)
    place = place.ravel()
    means = np.bincount(place, main) / np.bincount(place)
    spread = np.ptp(block[:, 0]) + 1.0
    order = np.argsort(np.argsort(means, kind="stable"))
    key: Floats = block[:, 0] + order[place] * spread
    return key


def _untied(wanted: Floats, keys: Sequence[Floats]) -> Floats:
    """Correlations of the cloud that give those wanted after equal values are made equal."""
    random = np.random.Generator(np.random.PCG64(len(keys)))
    drawn = random.standard_normal((max(len(keys[0]), 2000), len(keys)))
    latent = wanted
    for _ in range(ROUNDS):
        made = drawn @ _factor(latent).T
        tied = [
            key[_ranks(made[:, place]) * len(key) // len(made)] for place, key in enumerate(keys)
        ]
        found = _related(np.column_stack([_scores(each) for each in tied]))
        latent = np.clip(latent + wanted - found, -0.999, 0.999)
        np.fill_diagonal(latent, 1.0)
    return latent


def _factor(related: Floats) -> Floats:
    """A matrix whose product with itself is the nearest proper correlation matrix."""
    values, vectors = np.linalg.eigh(related)
    factor = vectors * np.sqrt(np.maximum(values, 1e-9))
    return np.asarray(factor / np.linalg.norm(factor, axis=1, keepdims=True))


def _related(scores: Floats) -> Floats:
    return np.nan_to_num(np.atleast_2d(np.corrcoef(scores, rowvar=False)))


def _scores(values: Floats) -> Floats:
    """Normal scores; equal values have the middle of their places."""
    ordered = np.sort(values)
    places = np.searchsorted(ordered, values) + np.searchsorted(ordered, values, side="right")
    return np.asarray(ndtri(places / 2 / len(values)))


def _ranks(values: Floats) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks
