"""What the next purchase will hold: for every customer and thing a probability.

Asked of whoever buys within thirty days after an instant: which things are in what they buy on the
first day on which they do. Three ways say it: how often everybody's next purchase held a thing, how
often this customer's purchases did before, and a logistic regression of both and of what was bought
last. Ways are taught on what came after earlier instants, and tried on a later one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, logit

from segmentry.insights.basket import Places
from segmentry.insights.bought import Bought, last_days, matrix, usual_gaps
from segmentry.insights.estimate import Estimate, Numbers, share

MOST_ITEMS = 60
"""Things that are asked about: those that most customers bought."""
HORIZON = 30
SPLITS = 3
"""Instants on which ways are taught, each a horizon before the next."""
FEWEST, NEEDED_DAYS = 200, (SPLITS + 2) * HORIZON
TAUGHT, TRIED = 1_000, 20_000
"""Customers of an instant on whom ways are taught, and on whom they are tried, at most."""
AT_ONCE = 20_000
SHRINK = 2.0
"""Purchases by which a customer's own share is drawn to that of everybody."""
LEAST = 1e-4
"""The smallest share that is believed."""
BINS = 10
POPULAR, OFTEN, LEARNED = "popular", "often", "learned"


@dataclass(frozen=True)
class Tried:
    """How true a way's probabilities are on held-out time.

    Args:
        brier: Mean squared error over customers and things; less is better.
        ece: By how much probabilities are off, in tenths of all that were said.
        right: Customers whose next purchase held the thing that was said to be likeliest.
    """

    way: str
    brier: float
    ece: float
    right: Estimate


@dataclass(frozen=True)
class Trial:
    """Ways tried, the used one first; or what is missing.

    Args:
        customers: Those who bought within the last horizon, and before it.
    """

    customers: int
    ways: tuple[Tried, ...]
    missing: str = ""

    @property
    def by(self) -> str:
        """The way that is used; what is popular where none could be tried."""
        return self.ways[0].way if self.ways else POPULAR


class Upcoming:
    """Probabilities as of a day, taught on what came after earlier days."""

    def __init__(self, history: Bought, cut: int) -> None:
        """Nothing at or after `cut` is read."""
        splits = [cut - HORIZON * each for each in range(1, SPLITS + 1)]
        known = [(each, *_next(history, each)) for each in splits]
        self._popular = _shares([after for _, _, after in known], len(history.items))
        self._model = self._taught(history, known)
        self._state = _State(history, usual_gaps(history, cut), cut)

    def likely(self, customers: Places) -> Mapping[str, Numbers]:
        """Probabilities of all things by way, one row a customer."""
        own, inputs = self._inputs(self._state, customers)
        learned = expit(inputs @ self._model[1:] + self._model[0])
        popular = np.broadcast_to(self._popular, own.shape)
        return {POPULAR: popular, OFTEN: own, LEARNED: learned}

    def _inputs(self, state: _State, customers: Places) -> tuple[Numbers, Numbers]:
        """The own share of each thing, and what the regression reads: customers, things, inputs."""
        counts, days, since, gone = state.of(customers)
        own = (counts + SHRINK * self._popular) / (days[:, None] + SHRINK)
        own = np.clip(own, LEAST, 1 - LEAST)
        ripe = np.nan_to_num(np.minimum(since / state.gaps, 3.0))
        of_all = np.broadcast_to(logit(self._popular), own.shape)
        last = (since == gone[:, None]).astype(np.float64)
        had = (counts > 0).astype(np.float64)
        own_logit = logit(own)
        parts = (of_all, own_logit, own_logit * np.log1p(days)[:, None], last, ripe, had)
        return own, np.stack(parts, axis=-1)

    def _taught(self, history: Bought, known: list[tuple[int, Places, Any]]) -> Numbers:
        """Intercept and weights of the regression."""
        from sklearn.linear_model import LogisticRegression

        inputs, labels = [], []
        for split, who, after in known:
            chosen = who[:: max(1, -(-len(who) // TAUGHT))]
            state = _State(history.part(chosen), usual_gaps(history, split), split)
            inputs.append(self._inputs(state, np.arange(len(chosen)))[1].reshape(-1, 6))
            labels.append(after[chosen].toarray().ravel() > 0)
        label = np.concatenate(labels)
        if not 0 < label.sum() < len(label):
            return np.array([0.0, 1, 0, 0, 0, 0, 0])
        model = LogisticRegression(solver="newton-cholesky").fit(np.concatenate(inputs), label)
        return np.concatenate([model.intercept_, model.coef_[0]])


class _State:
    """What is known of customers before a day."""

    def __init__(self, history: Bought, gaps: Numbers, cut: int) -> None:
        before = history.day < cut
        self._cut, self._counts = cut, matrix(history, before)
        self._last = last_days(history, cut)
        days = np.unique(history.who[before] * (history.end + 1) + history.day[before])
        self._days = np.bincount(days // (history.end + 1), minlength=len(history.numbers))
        self.gaps = gaps

    def of(self, customers: Places) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Days with each thing, days of purchase; days since each thing, and since anything."""
        counts = self._counts[customers].toarray()
        last = self._last[customers].toarray()
        since = np.where(last > 0, self._cut - last, np.nan)
        gone = np.where(last.any(axis=1), self._cut - last.max(axis=1), -1.0)
        return counts, self._days[customers].astype(np.float64), since, gone


def trial(history: Bought) -> Trial:
    """Every way, on the last days of the history."""
    cut = history.end - HORIZON
    who, after = _next(history, cut)
    days = history.end - int(history.day.min(initial=history.end))
    if len(who) < FEWEST or days < NEEDED_DAYS:
        lacking = (f"needs {FEWEST} customers who bought before and in the last {HORIZON} days, and"
                   f" {NEEDED_DAYS} days; here are {len(who)} and {days}")  # fmt: skip
        return Trial(len(who), (), lacking)
    chosen = who[:: max(1, -(-len(who) // TRIED))]
    said = Upcoming(history, cut).likely(chosen)
    return Trial(len(who), _in_order(said, after[chosen].toarray() > 0))


def blocks(customers: int) -> Iterator[Places]:
    """Places of customers, so many at once that memory does not grow with their number."""
    for start in range(0, customers, AT_ONCE):
        yield np.arange(start, min(start + AT_ONCE, customers))


def _next(history: Bought, cut: int) -> tuple[Places, Any]:
    """Who bought before a day and within the horizon after it, and what on the first day of it."""
    inside = (history.day >= cut) & (history.day < cut + HORIZON)
    first = np.full(len(history.numbers), np.iinfo(np.int64).max)
    np.minimum.at(first, history.who[inside], history.day[inside])
    chosen = inside & (history.day == first[history.who])
    seen = np.bincount(history.who[history.day < cut], minlength=len(history.numbers)) > 0
    bought = np.bincount(history.who[chosen], minlength=len(history.numbers)) > 0
    return np.flatnonzero(seen & bought), matrix(history, chosen)


def _shares(after: list[Any], items: int) -> Numbers:
    """How often a next purchase held each thing."""
    held, of = np.zeros(items), 0
    for each in after:
        held += np.asarray((each > 0).sum(axis=0)).ravel()
        of += int((np.asarray(each.sum(axis=1)).ravel() > 0).sum())
    return np.clip(held / max(of, 1), LEAST, 1 - LEAST)


def _in_order(said: Mapping[str, Numbers], came: Any) -> tuple[Tried, ...]:
    """The ways, the used one first: one that is not better than a plainer one comes after it."""
    loss = {way: np.mean((each - came) ** 2, axis=1) for way, each in said.items()}
    used = POPULAR
    for way in (OFTEN, LEARNED):
        gain = loss[used] - loss[way]
        if gain.mean() > 1.96 * gain.std() / np.sqrt(len(gain)):
            used = way
    best = sorted(said, key=lambda way: (way != used, float(loss[way].mean())))
    return tuple(_tried(way, said[way], loss[way], came) for way in best)


def _tried(way: str, said: Numbers, loss: Numbers, came: Any) -> Tried:
    first = np.take_along_axis(came, said.argmax(axis=1)[:, None], axis=1)
    right = share(float(first.sum()), len(first))
    return Tried(way, float(loss.mean()), _error(said.ravel(), came.ravel()), right)


def _error(said: Numbers, came: Any) -> float:
    """Mean distance of what was said from what came, in ten parts of as many."""
    order = np.argsort(said, kind="stable")
    parts = np.array_split(order, BINS)
    return float(
        sum(abs(said[each].mean() - came[each].mean()) * len(each) for each in parts) / len(said)
    )
