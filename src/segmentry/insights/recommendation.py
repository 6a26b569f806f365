"""What a customer will buy next: ways of saying it, tried on the time that was held out.

An instant splits the history of all customers: what they had bought by then, and what they bought
in the days after. A way is taught on earlier splits, as it will be used, and tried on the last one.
The plain ways are always among them: what is popular, and what one always buys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from segmentry.insights.basket import Places
from segmentry.insights.bought import Bought, last_days, matrix, usual_gaps
from segmentry.insights.estimate import Estimate, Numbers, share
from segmentry.insights.factors import factors_of

HORIZON = 30
SPLITS = 3
"""Splits that ways are taught on, each a horizon before the next."""
FEWEST, NEEDED_DAYS = 200, (SPLITS + 2) * HORIZON
SHOWN = 10
"""How many things are recommended, and looked at for hits."""
SHRINK = 50.0
"""Customers by which a share is drawn to that of everybody."""
MOST_TRIED = 5_000
AT_ONCE = 500
POPULAR, OFTEN, DUE, ALIKE, FACTORS = "popular", "often", "due", "alike", "factors"


@dataclass(frozen=True)
class Tried:
    """How well a way does on held-out time.

    Args:
        hit_rate: Customers of whom one of ten things was right.
        rank: Mean of one over the place of the first right one; 0 where none was right.
    """

    way: str
    hit_rate: Estimate
    rank: float


@dataclass(frozen=True)
class Trial:
    """Ways tried on the customers who bought, best first; or what is missing.

    Args:
        anything: Of whatever they bought.
        new: Of what they had never bought before.
    """

    customers: int
    anything: tuple[Tried, ...]
    new: tuple[Tried, ...]
    missing: str = ""


@dataclass(frozen=True)
class Next:
    """Something to recommend.

    Args:
        times: Days on which the customer bought it.
        since_days: Since the last of them; `None` for something new.
        gap_days: How many days there usually are between two purchases of it.
    """

    item: str
    score: float
    times: int
    since_days: int | None
    gap_days: float | None


class Ways:
    """Ways to say what comes after a day, taught on what came after earlier days."""

    def __init__(self, history: Bought, cut: int) -> None:
        self._history, self._cut = history, cut
        self._gaps = usual_gaps(history, cut)
        splits = [cut - HORIZON * each for each in range(1, SPLITS + 1)]
        pairs = [_split(history, each) for each in splits]
        self._any = _Alike(pairs, new=False)
        self._new = _Alike([(before, _unseen(after, before)) for before, after in pairs], new=True)
        self.before = matrix(history, history.day < cut)
        self._factors = factors_of(self.before)
        self._last = last_days(history, cut)

    @property
    def gaps(self) -> Numbers:
        """The usual days between two purchases of each thing; `nan` where nobody bought twice."""
        return self._gaps

    def anything(self, customers: Places) -> Mapping[str, Numbers]:
        """Scores of all things by way, one row a customer."""
        own = self.before[customers].toarray()
        popular = self._any.popular
        ties = popular / (popular.max(initial=0.0) * 2 or 1)
        ripe = np.nan_to_num(np.minimum(self.since(customers) / self._gaps, 1.0))
        return {
            POPULAR: np.broadcast_to(popular, own.shape),
            OFTEN: own + ties,
            DUE: own * ripe + ties,
            ALIKE: self._any.scores(own),
            **self._by_factors(customers),
        }

    def new(self, customers: Places) -> Mapping[str, Numbers]:
        """Scores of what each customer never bought, by way; of everything else none."""
        own = self.before[customers].toarray()
        scores = {
            POPULAR: np.broadcast_to(self._new.popular, own.shape),
            ALIKE: self._new.scores(own),
            **self._by_factors(customers),
        }
        return {way: np.where(own > 0, -np.inf, each) for way, each in scores.items()}

    def _by_factors(self, customers: Places) -> Mapping[str, Numbers]:
        """Nothing where the package is not installed."""
        return {FACTORS: self._factors(self.before[customers])} if self._factors else {}

    def since(self, customers: Places) -> Numbers:
        """Days since each customer bought each thing last; `nan` for never."""
        last = self._last[customers].toarray()
        found: Numbers = np.where(last > 0, self._cut - last, np.nan)
        return found


class _Alike:
    """Who had one thing at a split, and bought another in the days after.

    Args:
        new: Only those count who had not bought the other one before.
    """

    def __init__(self, pairs: Sequence[tuple[Any, Any]], *, new: bool) -> None:
        items = pairs[0][0].shape[1]
        both, had = np.zeros((items, items)), np.zeros((items, items))
        then, could = np.zeros(items), np.zeros(items)
        for before, after in pairs:
            has, buys = (before > 0).astype(float), (after > 0).astype(float)
            count = np.asarray(has.sum(axis=0)).ravel()
            both += (has.T @ buys).toarray()
            had += count[:, None] - ((has.T @ has).toarray() if new else 0)
            then += np.asarray(buys.sum(axis=0)).ravel()
            could += int((has.sum(axis=1) > 0).sum()) - (count if new else 0)
        self.popular: Numbers = then / np.maximum(could, 1)
        self._more: Numbers = (both + SHRINK * self.popular) / (had + SHRINK) - self.popular

    def scores(self, own: Numbers) -> Numbers:
        """The share of everybody who buy a thing, and how much more what one has says."""
        has = (own > 0).astype(np.float64)
        found: Numbers = self.popular + has @ self._more / np.sqrt(
            np.maximum(has.sum(axis=1, keepdims=True), 1)
        )
        return found


def trial(history: Bought) -> Trial:
    """Every way, on the last days of the history."""
    cut = history.end - HORIZON
    begun = int(history.day.min(initial=history.end))
    before, after = _split(history, cut)
    seen = np.asarray(before.sum(axis=1)).ravel() > 0
    usable = np.flatnonzero(seen & (np.asarray(after.sum(axis=1)).ravel() > 0))
    days = history.end - begun
    if len(usable) < FEWEST or days < NEEDED_DAYS:
        lacking = (f"needs {FEWEST} customers who bought before and in the last {HORIZON} days, and"
                   f" {NEEDED_DAYS} days; here are {len(usable)} and {days}")  # fmt: skip
        return Trial(len(usable), (), (), lacking)
    usable = usable[:: -(-len(usable) // MOST_TRIED)]
    ways = Ways(history, cut)
    new = _unseen(after, before)
    curious = usable[np.asarray(new[usable].sum(axis=1)).ravel() > 0]
    return Trial(
        len(usable),
        _tried((ways.anything(each), after[each].toarray() > 0) for each in _blocks(usable)),
        _tried((ways.new(each), new[each].toarray() > 0) for each in _blocks(curious)),
    )


def recommended(
    history: Bought, ways: Ways, customers: Places, way: str, *, new: bool
) -> list[list[Next]]:
    """The ten best things for each customer, by a way."""
    scores = (ways.new if new else ways.anything)(customers)[way]
    own, since = ways.before[customers].toarray(), ways.since(customers)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :SHOWN]
    return [
        [
            Next(
                item=history.items[item],
                score=float(scores[row, item]),
                times=int(own[row, item]),
                since_days=None if np.isnan(since[row, item]) else int(since[row, item]),
                gap_days=None if np.isnan(ways.gaps[item]) else float(ways.gaps[item]),
            )
            for item in items
            if np.isfinite(scores[row, item])
        ]
        for row, items in enumerate(best.tolist())
    ]


def _blocks(customers: Places) -> Iterator[Places]:
    return (customers[start : start + AT_ONCE] for start in range(0, len(customers), AT_ONCE))


def _tried(blocks: Iterator[tuple[Mapping[str, Numbers], Any]]) -> tuple[Tried, ...]:
    """The ways, best first; those not better than what is popular, beyond chance, after that."""
    ranks: dict[str, list[Numbers]] = {}
    for scores, right in blocks:
        for way, each in scores.items():
            best = np.argsort(-each, axis=1, kind="stable")[:, :SHOWN]
            hits = np.take_along_axis(right, best, axis=1)
            first = np.where(hits.any(axis=1), 1 / (1 + hits.argmax(axis=1)), 0.0)
            ranks.setdefault(way, []).append(first)
    whole = {way: np.concatenate(each) for way, each in ranks.items()}
    found = [
        Tried(way, share(float((each > 0).sum()), len(each)), float(each.mean()))
        for way, each in whole.items()
    ]
    better = {way: _is_better(each > 0, whole[POPULAR] > 0) for way, each in whole.items()}
    group = {way: 0 if better[way] else 1 if way == POPULAR else 2 for way in whole}
    return tuple(
        sorted(found, key=lambda each: (group[each.way], -(each.hit_rate.value or 0.0), -each.rank))
    )


def _is_better(hits: Any, plain: Any) -> bool:
    """Whether a way was right of more customers than a plainer one, beyond chance (2.5 %)."""
    gain = hits.astype(np.float64) - plain
    error = float(gain.std()) / max(len(gain), 1) ** 0.5
    return bool(gain.mean() > 1.96 * error)


def _split(history: Bought, cut: int) -> tuple[Any, Any]:
    inside = (history.day >= cut) & (history.day < cut + HORIZON)
    return matrix(history, history.day < cut), matrix(history, inside)


def _unseen(after: Any, before: Any) -> Any:
    """What was bought after and not before."""
    left = after - after.multiply(before > 0)
    left.eliminate_zeros()
    return left
