"""The ways of dividing points into a number of groups; scikit-learn does the mathematics."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.random import PCG64, Generator
from sklearn.cluster import AgglomerativeClustering, KMeans
from sklearn.exceptions import ConvergenceWarning
from sklearn.metrics import pairwise_distances_argmin
from sklearn.mixture import GaussianMixture

from segmentry.models.clusters.column import Floats, Whole

STARTS = 4
"""Starts of k-means; the best is taken."""
ROUNDS = 60
"""Steps of the mixture, which begins where k-means ends."""
MOST_WARD = 1_000
"""Points that are merged step by step; the others go to the nearest centre."""


@dataclass(frozen=True)
class Fitted:
    """A division that can place any point.

    Args:
        place: From points to the group's number, 0 to k - 1.
    """

    method: str
    k: int
    place: Callable[[Floats], Whole]


def kmeans(points: Floats, k: int, seed: int) -> Fitted:
    """Groups around means: round, of similar width."""
    model = KMeans(k, n_init=STARTS, random_state=seed).fit(points)
    return Fitted("kmeans", k, _predicting(model))


def mixture(points: Floats, k: int, seed: int) -> Fitted:
    """Groups as a mixture of normal distributions: of any width and slant."""
    model = GaussianMixture(k, reg_covar=1e-2, max_iter=ROUNDS, tol=1e-2, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a division is judged by what it does
        model.fit(points)
    return Fitted("mixture", k, _predicting(model))


def ward(points: Floats, k: int, seed: int) -> Fitted:
    """Groups by merging the nearest step by step, on a sample; then the nearest centre."""
    few = np.sort(Generator(PCG64(seed)).permutation(len(points))[:MOST_WARD])
    labels = AgglomerativeClustering(k).fit_predict(points[few])
    centres = np.array([points[few][labels == each].mean(axis=0) for each in range(k)])
    return Fitted("ward", k, lambda asked: _whole(pairwise_distances_argmin(asked, centres)))


METHODS: Mapping[str, Callable[[Floats, int, int], Fitted]] = {
    "kmeans": kmeans,
    "mixture": mixture,
    "ward": ward,
}


def _predicting(model: Any) -> Callable[[Floats], Whole]:
    return lambda points: _whole(model.predict(points))


def _whole(labels: Any) -> Whole:
    return np.asarray(labels, dtype=np.int64)
