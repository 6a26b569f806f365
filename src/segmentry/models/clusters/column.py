"""What is known of customers, as arrays: one column a feature, missing values kept apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Column:
    """One feature of all customers.

    Args:
        values: Numbers, NaN where missing; of a text, the place in `words`, NaN where missing.
        words: The values of a text in the order of the alphabet; empty for a number.
        whole: Every value that is there is a whole number.
        yes_or_no: The words are `false` and `true`, and are no texts.
    """

    name: str
    values: Floats
    words: tuple[str, ...] = ()
    whole: bool = False
    yes_or_no: bool = False

    @property
    def missing(self) -> Flags:
        """Where nothing is known."""
        return np.isnan(self.values)

    def take(self, rows: Whole | slice) -> Column:
        """The same feature of some customers."""
        return replace(self, values=self.values[rows])


def column_of(name: str, values: pa.ChunkedArray[Any]) -> Column:
    """A column of an Arrow table; texts and yes-or-no become places in a sorted list of words.

    >>> column_of("city", pa.chunked_array([["Kyiv", None, "Lviv"]])).words
    ('Kyiv', 'Lviv')
    """
    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        numbers = _floats(pc.cast(values, pa.float64(), safe=False))
        there = numbers[~np.isnan(numbers)]
        return Column(name, numbers, whole=bool((there == np.round(there)).all()))
    texts: Any = pc.cast(values, pa.string())
    coded = texts.combine_chunks().dictionary_encode()
    words = [str(each) for each in coded.dictionary.to_pylist()]
    order = sorted(range(len(words)), key=words.__getitem__)
    place = np.empty(len(words) + 1)
    place[order], place[-1] = np.arange(len(words)), np.nan
    codes = pc.fill_null(coded.indices, len(words)).to_numpy(zero_copy_only=False)
    told = tuple(words[each] for each in order)
    return Column(name, place[codes], told, yes_or_no=pa.types.is_boolean(kind))


def columns_of(table: pa.Table, names: Sequence[str]) -> list[Column]:
    """The named columns of an Arrow table."""
    return [column_of(name, table.column(name)) for name in names]


def _floats(values: pa.ChunkedArray[Any]) -> Floats:
    return np.asarray(values.to_numpy(), dtype=np.float64)
