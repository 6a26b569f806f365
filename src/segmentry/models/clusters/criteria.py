"""How good a division is: by distance, by repeating it, by the gaps between its groups."""

from __future__ import annotations

import numpy as np
from numpy.random import Generator
from sklearn.metrics.pairwise import euclidean_distances

from segmentry.models.clusters.algorithm import METHODS, Fitted
from segmentry.models.clusters.column import Floats, Whole

BOOTSTRAPS = 20
HALVINGS = 3
NO_VALLEY = 10.0
"""What is said of groups that are not apart at all, or too few to tell."""
WINDOW = 0.12
"""Half the width in which customers are counted, of the way between two centres."""


def distances(points: Floats) -> Floats:
    """Distances between all points."""
    return np.asarray(euclidean_distances(points))


def silhouette(apart: Floats, labels: Whole) -> float:
    """The mean silhouette (Rousseeuw 1987): 1 is far apart, 0 is no division; -1 for one group."""
    counts = np.bincount(labels)
    if (counts > 0).sum() < 2:
        return -1.0
    member = np.eye(len(counts))[labels]
    sums = apart @ member
    own = sums[np.arange(len(labels)), labels] / np.maximum(counts[labels] - 1, 1)
    means = sums / np.maximum(counts, 1)
    means[np.arange(len(labels)), labels] = np.inf
    means[:, counts == 0] = np.inf
    other = means.min(axis=1)
    each = (other - own) / np.maximum(np.maximum(other, own), 1e-12)
    return float(np.where(counts[labels] > 1, each, 0.0).mean())


def within(points: Floats, labels: Whole) -> float:
    """Logarithm of the squared distances to the groups' means, as the gap statistic takes it."""
    counts = np.maximum(np.bincount(labels), 1)[:, None]
    sums = np.zeros((len(counts), points.shape[1]))
    np.add.at(sums, labels, points)
    return float(np.log(((points - (sums / counts)[labels]) ** 2).sum() + 1e-12))


def jaccards(points: Floats, fitted: Fitted, random: Generator) -> Floats:
    """Per group, how much of it comes back when the sample is drawn again (Hennig 2007).

    The mean, over bootstraps, of the Jaccard index with the most similar group.
    """
    labels = fitted.place(points)
    found = np.zeros(fitted.k)
    for _ in range(BOOTSTRAPS):
        rows = random.integers(len(points), size=len(points))
        again = METHODS[fitted.method](points[rows], fitted.k, int(random.integers(2**31)))
        found += jaccard_matrix(labels, again.place(points), fitted.k).max(axis=1)
    return found / BOOTSTRAPS


def jaccard_matrix(labels: Whole, others: Whole, k: int) -> Floats:
    """Members in common over members of either, for each pair of groups."""
    both = np.bincount(labels * k + others, minlength=k * k).reshape(k, k).astype(float)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0)[None, :] - both
    common: Floats = np.divide(both, either, out=np.zeros_like(both), where=either > 0)
    return common


def prediction_strength(points: Floats, method: str, k: int, random: Generator) -> float:
    """How well one half foretells who is together in the other (Tibshirani and Walther 2005).

    The mean, over halvings, of the share of pairs kept together in the group that does worst.
    """
    worst = []
    for _ in range(HALVINGS):
        order = random.permutation(len(points))
        halves = points[order[: len(order) // 2]], points[order[len(order) // 2 :]]
        one, two = (METHODS[method](half, k, int(random.integers(2**31))) for half in halves)
        own, foretold = two.place(halves[1]), one.place(halves[1])
        both = np.bincount(own * k + foretold, minlength=k * k).reshape(k, k).astype(float)
        sizes = both.sum(axis=1)
        pairs = (both * (both - 1)).sum(axis=1)
        worst.append(float((pairs / np.maximum(sizes * (sizes - 1), 1)).min()))
    return float(np.mean(worst))


def valley(points: Floats, labels: Whole, k: int) -> float:
    """How dense it is half way between two groups, against the thinner of their middles.

    The largest over all pairs of groups, looked at along the direction that tells the two apart
    best (Fisher's). Below 1 there are fewer customers between any two groups than inside them;
    a cloud that is merely cut has 1 or more.
    """
    deepest = 0.0
    for one in range(k):
        for two in range(one + 1, k):
            deepest = max(deepest, _between(points[labels == one], points[labels == two]))
    return deepest


def _between(one: Floats, two: Floats) -> float:
    if min(len(one), len(two)) < 2:
        return NO_VALLEY
    scatter = np.cov(one.T) * (len(one) - 1) + np.cov(two.T) * (len(two) - 1)
    scatter = np.atleast_2d(scatter) / (len(one) + len(two))
    scatter += np.eye(len(scatter)) * (np.trace(scatter) / len(scatter) * 0.1 + 1e-9)
    along = np.linalg.solve(scatter, two.mean(axis=0) - one.mean(axis=0))
    start, end = np.median(one @ along), np.median(two @ along)
    if end <= start:
        return NO_VALLEY
    way = (np.concatenate([one, two]) @ along - start) / (end - start)
    low, middle, high = ((np.abs(way - each) < WINDOW).sum() for each in (0.0, 0.5, 1.0))
    return float(min(middle / max(min(low, high), 1), NO_VALLEY))
