"""Ways to score customers, from the plainest to boosting; each is fitted on earlier cuts.

All of them give raw scores that only have to rank; calibration makes them probabilities or
amounts. So the plain ones are not held back by their form when they are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.models.prediction.ranks import RANK, RFM, Wanted
from segmentry.models.prediction.rows import Numbers, Rows
from segmentry.models.prediction.trees import divided_by, summed
from segmentry.sql.expression import Expression


class Predict(Wanted, Protocol):
    """A way that was fitted; scores follow from what it wants of the engine."""

    def __call__(self, rows: Rows) -> Numbers:
        """Raw scores, from what is known of customers or what was worked out of it."""
        ...


Learner = Callable[[Rows, int], Predict]
"""Fits on rows with a seed."""

MOST_WORDS = 30
"""Values of a text that are told apart; the rarer ones count as missing."""
BASE_RATE, RECENCY, RANKS, LOGISTIC = "base_rate", "recency", "rfm_ranks", "rfm_regression"
BOOSTING = "boosting"
SUMMED = "summed_trees"


@dataclass(frozen=True)
class Plain:
    """A way that is worked out of some columns."""

    reads: tuple[str, ...]
    score: Callable[[Rows], Numbers]

    def __call__(self, rows: Rows) -> Numbers:
        """Raw scores."""
        return self.score(rows)

    def worked_out(self, known: Mapping[str, Expression]) -> Mapping[str, Expression]:
        """These columns."""
        return {name: known[name] for name in self.reads}


def base_rate(rows: Rows, seed: int) -> Predict:  # noqa: ARG001
    """The same for everybody."""
    return Plain((), lambda given: np.full(len(given), 0.5))


def by_ranks(*names: str) -> Learner:
    """The mean of ranks, turned so that more of it means more of the label."""

    def fit(rows: Rows, seed: int) -> Predict:  # noqa: ARG001
        def score(given: Rows) -> Numbers:
            return np.asarray(np.mean([given.column(name + RANK) for name in names], axis=0))

        columns = tuple(name + RANK for name in names)
        centred = score(rows) - 0.5
        if float(centred @ (rows.label - rows.label.mean())) < 0:
            return Plain(columns, lambda given: 1 - score(given))
        return Plain(columns, score)

    return fit


def rfm_chance(rows: Rows, seed: int) -> Predict:
    """Logistic regression on recency, frequency and monetary value, as logarithms."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500, random_state=seed))
    model.fit(_rfm(rows), rows.label)
    return Plain(RFM, lambda given: np.asarray(model.predict_proba(_rfm(given))[:, 1], np.float64))


def rfm_amount(rows: Rows, seed: int) -> Predict:  # noqa: ARG001
    """Poisson regression on the same."""
    from sklearn.linear_model import PoissonRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    mean = max(float(rows.label.mean()), 1e-9)
    model = make_pipeline(StandardScaler(), PoissonRegressor(alpha=1e-4, max_iter=500))
    model.fit(_rfm(rows), rows.label / mean)
    return Plain(RFM, lambda given: np.asarray(model.predict(_rfm(given)) * mean, np.float64))


def _rfm(rows: Rows) -> Numbers:
    columns = [rows.column(name) for name in RFM]
    return np.column_stack([np.log1p(np.nan_to_num(each, nan=0).clip(min=0)) for each in columns])


@dataclass(frozen=True)
class Boosting:
    """Histogram gradient boosting on all inputs: a hundred small trees.

    Args:
        words: For each text, the values that are told apart.
    """

    model: Any
    names: tuple[str, ...]
    words: Mapping[str, Any]

    def __call__(self, rows: Rows) -> Numbers:
        """Raw scores."""
        if SUMMED in rows.table.column_names:
            return self._meant(rows.column(SUMMED))
        matrix = coded(rows, self.names, self.words)
        if hasattr(self.model, "predict_proba"):
            return np.asarray(self.model.predict_proba(matrix)[:, 1], np.float64)
        return np.asarray(self.model.predict(matrix), np.float64)

    @property
    def reads(self) -> Collection[str]:
        """The inputs by which a tree divides customers."""
        return [self.names[place] for place in divided_by(self.model)]

    def worked_out(self, known: Mapping[str, Expression]) -> Mapping[str, Expression]:
        """What the trees come to, before it is made a probability or an amount."""
        return {SUMMED: summed(self.model, self.names, self.words, known)}

    def _meant(self, total: Numbers) -> Numbers:
        from scipy.special import expit

        means = expit if hasattr(self.model, "predict_proba") else np.exp
        return np.asarray(means(total), np.float64)


def boosted(*, amounts: bool) -> Learner:
    """Boosting for amounts, or else for probabilities.

    Trees are small and each split sees a third of the inputs: cuts have some thousand customers
    who are often few among them to say yes, and larger trees took their noise for a rule.
    """

    def fit(rows: Rows, seed: int) -> Predict:
        from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

        telling = (each for each in inputs_of(rows) if _differs(rows, each))
        names = tuple(sorted(telling, key=lambda each: not _is_text(rows, each)))
        words = {each: _words(rows, each) for each in names if _is_text(rows, each)}
        settings = {
            "max_iter": 100,
            "learning_rate": 0.05,
            "max_leaf_nodes": 6,
            "max_features": 0.3,
            "min_samples_leaf": 60,
            "l2_regularization": 1.0,
            "early_stopping": False,
            "categorical_features": [each in words for each in names],
            "random_state": seed,
        }
        if amounts:
            model = HistGradientBoostingRegressor(loss="poisson", **settings)
        else:
            model = HistGradientBoostingClassifier(**settings)
        return Boosting(model.fit(coded(rows, names, words), rows.label), names, words)

    return fit


def inputs_of(rows: Rows) -> tuple[str, ...]:
    """What boosting reads: the inputs, and the ranks of RFM in place of its columns.

    Counts since the beginning grow from cut to cut; a rank says the same at each of them.
    """
    return tuple(each for each in rows.table.column_names if each not in RFM)


def _differs(rows: Rows, name: str) -> bool:
    return bool(pc.count_distinct(rows.table.column(name)).as_py() > 1)


def coded(rows: Rows, names: tuple[str, ...], words: Mapping[str, Any]) -> Numbers:
    """The inputs as one matrix; texts as places among their words."""
    matrix = np.empty((len(rows), len(names)))
    for place, name in enumerate(names):
        column = rows.table.column(name)
        found = pc.index_in(column, words[name]) if name in words else column
        matrix[:, place] = found.cast(pa.float64()).to_numpy(zero_copy_only=False)
    return matrix


def _is_text(rows: Rows, name: str) -> bool:
    kind = rows.table.schema.field(name).type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _words(rows: Rows, name: str) -> Any:
    counts = pc.value_counts(rows.table.column(name).drop_null()).flatten()
    table = pa.table({"word": counts[0], "count": counts[1]})
    common = table.sort_by([("count", "descending"), ("word", "ascending")]).slice(0, MOST_WORDS)
    return common.column("word").combine_chunks()


def learners(*, amounts: bool) -> dict[str, Learner]:
    """Every way, from the plainest on."""
    return {
        BASE_RATE: base_rate,
        RECENCY: by_ranks(RFM[0]),
        RANKS: by_ranks(*RFM),
        LOGISTIC: rfm_amount if amounts else rfm_chance,
        BOOSTING: boosted(amounts=amounts),
    }


__all__ = [
    "BASE_RATE", "BOOSTING", "LOGISTIC", "RANKS", "RECENCY", "Boosting", "Learner", "Predict",
    "coded", "inputs_of", "learners",
]  # fmt: skip
