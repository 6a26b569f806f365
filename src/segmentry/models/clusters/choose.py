"""How many natural groups there are, if any: several ways and numbers, held against a null."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.random import PCG64, Generator
from scipy.optimize import linear_sum_assignment

from segmentry.models.clusters import criteria
from segmentry.models.clusters.algorithm import METHODS, Fitted
from segmentry.models.clusters.column import Floats
from segmentry.models.clusters.null import Null, null_of
from segmentry.models.clusters.trial import Trial

NUMBERS = range(2, 9)
LOOKED_AT = 2_000
"""Customers of the sample on whom ways and numbers are compared."""
NULLS = 10
"""Data sets without groups of each of the two kinds."""
STRENGTH = 0.8
"""Least prediction strength (Tibshirani and Walther 2005)."""
STABLE = 0.75
"""Least bootstrapped Jaccard index of every group (Hennig 2007)."""
DEEPEST = 0.7
"""Most customers half way between two groups, against the thinner of their middles."""
EXCESS, SURE = 0.02, 3.0
"""How far the silhouette must be above the null's: by itself, and in its standard deviations."""
MOST = 4
"""Numbers that are drawn again and held against the null: the largest that may be."""
SIMPLER = 0.01
"""How much better a later way's silhouette must be than an earlier way's of the same number."""
LEAST_SHARE, LEAST = 0.01, 20
"""Smaller groups are oddities, not groups."""


@dataclass(frozen=True)
class Choice:
    """The division taken, and everything that was tried.

    Args:
        fitted: `None` when there are no natural groups.
        closest: What came nearest to being natural groups, or is them.
        votes: Which number each criterion by itself likes best among those that passed all.
    """

    fitted: Fitted | None
    closest: Trial
    trials: tuple[Trial, ...]
    votes: tuple[tuple[str, int], ...] = ()


class Judge:
    """Judges divisions of a sample; everything follows from the points and the seed."""

    def __init__(self, points: Floats, widths: Sequence[int], seed: int) -> None:
        self._seed = seed
        random = self._random("sample")
        few = np.sort(random.permutation(len(points))[:LOOKED_AT])
        self._points = points[few]
        self._apart = criteria.distances(self._points)
        self._null: Null = null_of(self._points, widths)
        self._nulls: list[tuple[Floats, Floats]] = []
        self._fits: dict[tuple[str, int], Fitted] = {}

    def choose(self) -> Choice:
        """Try every way and number; take the finest division that all criteria call natural."""
        going = [self._first(method, k) for method in METHODS for k in NUMBERS]
        tried = {(each.method, each.k): each for each in going}
        steps = ((self._strong, len(NUMBERS)), (self._stable, MOST), (self.against_null, MOST))
        for judge, most in steps:
            going = [judge(each) for each in _best(going)[:most]]
            tried |= {(each.method, each.k): each for each in going}
        natural = [each for each in going if not each.failed]
        if not natural:
            closest = max(tried.values(), key=_closeness)
            if closest.gap is None:
                closest = self.against_null(closest)
            tried[closest.method, closest.k] = closest
            return Choice(None, closest, tuple(tried.values()))
        votes = _votes(natural)
        taken = max(natural, key=lambda each: each.k)
        return Choice(self._fits[taken.method, taken.k], taken, tuple(tried.values()), tuple(votes))

    def divide(self, k: int) -> tuple[Fitted, Trial]:
        """A division into a stated number, natural or not: the way with the best silhouette."""
        trial = max((self._first(each, k) for each in METHODS), key=lambda each: each.silhouette)
        fitted = self._fits[trial.method, k]
        stable = criteria.jaccards(self._points, fitted, self._random("stable"))
        return fitted, replace(trial, jaccards=tuple(map(float, stable)))

    def matched(self, fitted: Fitted, like: Fitted) -> Fitted:
        """The division of more points, its groups numbered like those of the one judged."""
        own, other = fitted.place(self._points), like.place(self._points)
        common = criteria.jaccard_matrix(own, other, fitted.k)
        rows, columns = linear_sum_assignment(common, maximize=True)
        numbers = np.empty(fitted.k, dtype=np.int64)
        numbers[rows] = columns
        return replace(fitted, place=lambda points: numbers[fitted.place(points)])

    def _first(self, method: str, k: int) -> Trial:
        fitted = METHODS[method](self._points, k, self._seed)
        self._fits[method, k] = fitted
        labels = fitted.place(self._points)
        smallest = int(np.bincount(labels, minlength=k).min())
        trial = Trial(
            method,
            k,
            criteria.silhouette(self._apart, labels),
            criteria.valley(self._points, labels, k),
            smallest / len(labels),
        )
        failed = {
            "size": smallest < max(LEAST, LEAST_SHARE * len(labels)),
            "valley": trial.valley > DEEPEST,
        }
        return replace(trial, failed=tuple(name for name, failed in failed.items() if failed))

    def _strong(self, trial: Trial) -> Trial:
        strength = criteria.prediction_strength(
            self._points, trial.method, trial.k, self._random("strength")
        )
        return replace(
            trial, strength=strength, failed=() if strength >= STRENGTH else ("strength",)
        )

    def _stable(self, trial: Trial) -> Trial:
        fitted = self._fits[trial.method, trial.k]
        found = criteria.jaccards(self._points, fitted, self._random("stable"))
        failed = () if found.min() >= STABLE else ("stability",)
        return replace(trial, jaccards=tuple(map(float, found)), failed=failed)

    def against_null(self, trial: Trial) -> Trial:
        """The trial with what the same way makes of data without groups; both kinds count."""
        rows = np.array([self._of_null(trial, *each) for each in self._null_sets()])
        kinds = rows.reshape(2, NULLS, 2)
        means, deviations = kinds[:, :, 0].mean(axis=1), kinds[:, :, 0].std(axis=1)
        above = trial.silhouette - means
        beaten = (
            above.min() >= EXCESS
            and bool((above >= SURE * deviations).all())
            and trial.silhouette > rows[:, 0].max()
        )
        worst = int(above.argmin())
        labels = self._fits[trial.method, trial.k].place(self._points)
        gap = kinds[:, :, 1].mean(axis=1).min() - criteria.within(self._points, labels)
        return replace(
            trial,
            gap=float(gap),
            null_silhouette=float(means[worst]),
            null_sd=float(deviations[worst]),
            failed=trial.failed + (() if beaten else ("null",)),
        )

    def _of_null(self, trial: Trial, points: Floats, apart: Floats) -> tuple[float, float]:
        labels = METHODS[trial.method](points, trial.k, self._seed).place(points)
        return criteria.silhouette(apart, labels), criteria.within(points, labels)

    def _null_sets(self) -> list[tuple[Floats, Floats]]:
        """Points and distances: first those with features for themselves, then the clouds."""
        if not self._nulls:
            random = self._random("null")
            drawn = [self._null.permuted(random) for _ in range(NULLS)]
            drawn += [self._null.cloud(random) for _ in range(NULLS)]
            self._nulls = [(each, criteria.distances(each)) for each in drawn]
        return self._nulls

    def _random(self, purpose: str) -> Generator:
        return Generator(PCG64([self._seed, *purpose.encode()]))


def _best(trials: Sequence[Trial]) -> list[Trial]:
    """Of each number the best way that has not failed, the largest numbers first.

    Where groups are apart so are unions of them: the finest division that passes says most.
    """
    best: dict[int, Trial] = {}
    for each in trials:
        if not each.failed and (
            each.k not in best or each.silhouette > best[each.k].silhouette + SIMPLER
        ):
            best[each.k] = each
    return sorted(best.values(), key=lambda each: -each.k)


def _votes(natural: Sequence[Trial]) -> list[tuple[str, int]]:
    """Which number each criterion is for, among those that passed all."""
    return [
        ("silhouette", max(natural, key=lambda each: each.silhouette).k),
        ("above_null", max(natural, key=_above).k),
        ("gap", max(natural, key=lambda each: each.gap or 0.0).k),
        ("strength", max(natural, key=lambda each: each.k).k),
        ("stability", max(natural, key=lambda each: (round(min(each.jaccards), 2), each.k)).k),
    ]


def _above(trial: Trial) -> float:
    return trial.silhouette - (trial.null_silhouette or 0.0)


def _closeness(trial: Trial) -> tuple[int, float]:
    steps = ("size", "valley", "strength", "stability", "null")
    return steps.index(trial.failed[0]) if trial.failed else 0, trial.silhouette
