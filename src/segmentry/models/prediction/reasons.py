"""Which features a boosted model goes by: over all customers, and for one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.models.prediction.card import Reason
from segmentry.models.prediction.learner import Predict, inputs_of
from segmentry.models.prediction.measure import Held
from segmentry.models.prediction.rows import Rows

MOST_ROWS, MOST_REASONS = 5_000, 12
NONE = pa.table(
    {
        "customer_no": pa.array([], pa.int64()),
        "feature": pa.array([], pa.string()),
        "change": pa.array([], pa.float64()),
    }
)
"""Nobody's reasons."""


def telling(predict: Predict, rows: Rows, seed: int, *, amounts: bool) -> tuple[Reason, ...]:
    """The most telling features, by permutation on held-out rows: how much worse the ranking gets.

    Two features that say the same stand in for one another, so each of them shows less than both.
    """
    draw = np.random.Generator(np.random.PCG64(seed))
    some = rows.taken(np.sort(draw.permutation(len(rows))[:MOST_ROWS]))

    def ranking(given: Rows) -> float:
        held = Held(predict(given), some.label, amounts)
        ones = np.ones(len(some))
        return held.gini(ones) if amounts else held.auc(ones)

    whole, found = ranking(some), []
    for name in inputs_of(some):
        mixed = some.table.column(name).take(draw.permutation(len(some)))
        found.append(Reason(name, whole - ranking(some.put(name, mixed))))
    found.sort(key=lambda each: (-each.drop, each.feature))
    return tuple(each for each in found if each.drop > 0)[:MOST_REASONS]


def own(predict: Predict, rows: Rows, base: Rows, most: int = 3) -> pa.Table:
    """For each customer, the features without which the prediction would be most different.

    One feature at a time is given the base's median (of texts the most common value); `change` is
    the prediction less what it is then. Cheap, and exact in what it says; features that act only
    together show in each of them, so changes do not add up.
    """
    value = predict(rows)
    names = inputs_of(rows)
    changes = np.column_stack(
        [value - predict(rows.put(each, _usual(base, each, len(rows)))) for each in names]
    )
    order = np.argsort(-np.abs(changes), axis=1, kind="stable")[:, :most]
    count = order.shape[1]
    return pa.table(
        {
            "customer_no": np.repeat(rows.numbers, count),
            "feature": np.asarray(names)[order].ravel(),
            "change": np.take_along_axis(changes, order, axis=1).ravel(),
        }
    )


def _usual(base: Rows, name: str, size: int) -> Any:
    column = base.table.column(name)
    known: Any = column.drop_null()
    if not len(known):
        return pa.nulls(size, column.type)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        words, times = pc.value_counts(known).flatten()
        counts = pa.table({"word": words, "times": times})
        common = counts.sort_by([("times", "descending"), ("word", "ascending")])
        return pa.repeat(common["word"][0], size)
    middle = float(np.median(base.column(name)[~np.isnan(base.column(name))]))
    return pa.array(np.full(size, middle))


__all__ = ["own", "telling"]
