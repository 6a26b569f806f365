"""Inputs that know too much: what carries no date may have been written after the cut.

Dated features cannot peek; a value without a date (a trait) can, as a column `closed_account` that
was loaded last week tells of a churn last month. Nothing in it says so, except that it is too good
to be true.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.models.prediction.card import LeftOut
from segmentry.models.prediction.measure import Held
from segmentry.models.prediction.rows import Numbers, Rows, as_numbers

TOO_GOOD = 0.95
"""AUC of a single undated input above which it is taken to tell of the future."""


def peeking(cuts: Sequence[Rows], undated: Sequence[str]) -> tuple[LeftOut, ...]:
    """Undated inputs that alone tell a yes from a no nearly without fault at any cut."""
    telling = [each for each in undated if max(_alone(cut, each) for cut in cuts) > TOO_GOOD]
    return tuple(LeftOut(each, "tells_the_future") for each in telling)


def _alone(rows: Rows, name: str) -> float:
    """AUC of one input by itself, in the better direction, its being missing included."""
    yes = (rows.label > 0).astype(np.float64)
    column = rows.table.column(name)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        values = _by_word(column, yes)
    else:
        values = as_numbers(column)
    found = []
    for filled in (np.nan_to_num(values, nan=-1e18), np.nan_to_num(values, nan=1e18)):
        auc = Held(filled, yes, amounts=False).auc(np.ones(len(yes)))
        found.append(max(auc, 1 - auc))
    return max(found)


def _by_word(column: pa.ChunkedArray[Any], yes: Numbers) -> Numbers:
    """Each word as its share of yes; a word of few customers, as an id is, says nothing."""
    words = column.combine_chunks().dictionary_encode(null_encoding="encode").indices.to_numpy()
    sizes = np.bincount(words)
    shares = (np.bincount(words, yes) + 5 * yes.mean()) / (sizes + 5)
    return np.asarray(shares[words] * (sizes[words] >= 5) + yes.mean() * (sizes[words] < 5))


__all__ = ["peeking"]
