"""Which way of scoring is used: tried on past cuts, each with what was known before it.

Cuts lie one horizon apart, the newest first. At each of them every way is fitted on all cuts before
it, and calibrated on how it did at those, each predicted in its turn from what came before. One
that is not better than a plainer one by more than noise is not used.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from segmentry.models.prediction import calibration
from segmentry.models.prediction.calibration import Calibrate
from segmentry.models.prediction.learner import BASE_RATE, BOOSTING, Learner, Predict
from segmentry.models.prediction.measure import Figure, Held, better_auc, draws, gained
from segmentry.models.prediction.rows import Numbers, Rows, together
from segmentry.sql.expression import Expression

FOLDS = 4
"""Parts of the customers where time cannot be parted."""
OF_EACH = 100
"""Customers with a yes, and with a no, that calibrate: the newest slices that have as many."""
LEVEL = 0.02
"""How often a comparison may be wrong, one way or the other; only one of the two counts."""


@dataclass(frozen=True)
class Trial:
    """What every way predicted at the cuts tried, one cut after another.

    Args:
        sizes: Customers at each cut, the newest first.
    """

    numbers: NDArray[np.int64]
    sizes: tuple[int, ...]
    held: Mapping[str, Held]

    def at(self, cut: int) -> dict[str, Held]:
        """The predictions of one cut."""
        start = sum(self.sizes[:cut])
        here = slice(start, start + self.sizes[cut])
        return {
            name: Held(each.predicted[here], each.label[here], each.amounts)
            for name, each in self.held.items()
        }


@dataclass(frozen=True)
class Decision:
    """Which way is used, and by how much it is better than others, over all cuts tried.

    Args:
        used: The way.
        plain: The best plain way.
        gain: How much less the boosted model loses than the best plain way, as a share of that.
        auc_gain: How much higher its AUC is, of amounts its Gini.
    """

    used: str
    plain: str
    gain: Figure
    auc_gain: Figure

    @property
    def boosted(self) -> bool:
        """Whether boosting is used."""
        return self.used == BOOSTING


@dataclass(frozen=True)
class Calibrated:
    """A way that was fitted, and what its raw scores mean."""

    raw: Predict
    calibrate: Calibrate

    def __call__(self, rows: Rows) -> Numbers:
        """Probabilities or amounts."""
        return self.calibrate(self.raw(rows))

    @property
    def reads(self) -> Collection[str]:
        """What has to be known of a customer."""
        return self.raw.reads

    def worked_out(self, known: Mapping[str, Expression]) -> Mapping[str, Expression]:
        """What raw scores follow from."""
        return self.raw.worked_out(known)


@dataclass(frozen=True)
class Way:
    """A way of scoring over cuts whose labels are known, the newest first.

    Args:
        amounts: Whether amounts are predicted.
    """

    learner: Learner
    cuts: Sequence[Rows]
    seed: int
    amounts: bool
    _models: dict[int, Predict] = field(default_factory=dict, repr=False)
    _scores: dict[int, Numbers] = field(default_factory=dict, repr=False)

    def predicted(self, cut: int) -> Numbers:
        """What would have been predicted at a cut, from the cuts before it."""
        return self._calibrate(cut)(self._raw(cut))

    def after(self, cut: int) -> Predict:
        """The way fitted on a cut and all before it, to predict later ones."""
        return Calibrated(self._fitted(cut), self._calibrate(cut - 1))

    def _fitted(self, newest: int) -> Predict:
        if newest not in self._models:
            self._models[newest] = self.learner(together(self.cuts[newest:]), self.seed)
        return self._models[newest]

    def _raw(self, cut: int) -> Numbers:
        """Raw scores of a cut by what was fitted on those before it."""
        if cut not in self._scores:
            rows, oldest = self.cuts[cut], cut == len(self.cuts) - 1
            self._scores[cut] = self._across(rows) if oldest else self._fitted(cut + 1)(rows)
        return self._scores[cut]

    def _calibrate(self, cut: int) -> Calibrate:
        """Calibration as known at a cut, on the newest slices before it.

        Each of these was predicted from what came before itself.

        The oldest cut has none before it; if there is no other, its customers' scores come from
        models that did not see them.
        """
        last = len(self.cuts) - 1
        raw, label = np.zeros(0), np.zeros(0)
        for each in range(cut + 1, last) or [last]:
            raw = np.concatenate([raw, self._raw(each)])
            label = np.concatenate([label, self.cuts[each].label])
            if min(np.count_nonzero(label > 0), np.count_nonzero(label == 0)) >= OF_EACH:
                break
        return (calibration.amount if self.amounts else calibration.chance)(raw, label)

    def _across(self, rows: Rows) -> Numbers:
        draw = np.random.Generator(np.random.PCG64(self.seed))
        fold = draw.permutation(np.arange(len(rows)) % FOLDS)
        raw = np.empty(len(rows))
        for each in range(FOLDS):
            inside, outside = np.flatnonzero(fold == each), np.flatnonzero(fold != each)
            raw[inside] = self.learner(rows.taken(outside), self.seed)(rows.taken(inside))
        return raw


def ways(
    cuts: Sequence[Rows], learners: Mapping[str, Learner], seed: int, *, amounts: bool
) -> dict[str, Way]:
    """Every way over the same cuts."""
    return {name: Way(each, cuts, seed, amounts) for name, each in learners.items()}


def tried(ways: Mapping[str, Way]) -> Trial:
    """What every way would have predicted at the newest cuts.

    At those before which there was at least half the history of today: with less, a way that needs
    more to learn from would look worse than it is now.
    """
    cuts = next(iter(ways.values())).cuts
    places = range(len(cuts) // 2)
    label = np.concatenate([cuts[each].label for each in places])
    held = {
        name: Held(np.concatenate([way.predicted(each) for each in places]), label, way.amounts)
        for name, way in ways.items()
    }
    numbers = np.concatenate([cuts[each].numbers for each in places])
    return Trial(numbers, tuple(len(cuts[each]) for each in places), held)


def decided(trial: Trial, seed: int) -> Decision:
    """The best plain way that beats the base rate, or boosting if it beats that one.

    To beat is to lose less, or to rank better without losing more, with the lower end of the
    paired bootstrap interval above 0; without it, the plainer one is used.
    """
    weights = draws(trial.numbers, seed)
    base = trial.held[BASE_RATE]
    plain = [name for name in trial.held if name not in (BASE_RATE, BOOSTING)]
    best = min(plain, key=lambda name: float(trial.held[name].loss.mean()))
    chosen = best if _beats(base, trial.held[best], weights) else BASE_RATE
    standing, boosted = trial.held[chosen], trial.held[BOOSTING]
    return Decision(
        used=BOOSTING if _beats(standing, boosted, weights) else chosen,
        plain=chosen,
        gain=gained(standing, boosted, weights, LEVEL),
        auc_gain=better_auc(standing, boosted, weights, LEVEL),
    )


def _beats(plain: Held, other: Held, weights: NDArray[np.float64]) -> bool:
    gain, higher = (each(plain, other, weights, LEVEL) for each in (gained, better_auc))
    surely = (gain.low or 0) > 0
    return surely or ((higher.low or 0) > 0 and (gain.value or 0) > 0)


__all__ = ["Decision", "Trial", "Way", "decided", "tried", "ways"]
