"""How many customers of each cell have a value, and what it weighs: counted on arrays.

A shop has some twenty rows for a customer, and most of them are the customer's first with that
value. A table of all distinct pairs would be nearly as large as the facts; sorted as numbers they
take a fifth of its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.types import MONEY_PLACES
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.part import Parts

CUSTOMERS_AT_ONCE = 4_000_000
"""Customers whose rows are in memory together, 8 bytes a row."""
KNOWN_VALUES = "tallied_values"
DIGITS = 20
"""Weights are added up in two halves, each of them exact as a double."""

Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class Tally:
    """What the cells of customers have, as tables.

    Args:
        values: `cell, dimension, value, customers, weight`, for each value that is there. Weights
            are whole numbers of money's last place.
        known: `cell, dimension, customers`: those who have any value.
    """

    values: pa.Table
    known: pa.Table


def tally(parts: Parts, observed: str) -> Tally:
    """Count customers and weigh values by cell.

    Args:
        observed: Query of `customer_no, dimension, value, weight`; a missing or empty value is as
            good as no row, and a missing weight is 0.
    """
    with _words(parts.engine, observed) as words:
        counted = _Counted(parts, words)
        for start in range(counted.lowest, counted.highest + 1, CUSTOMERS_AT_ONCE):
            counted.take(observed, start)
    return counted.tables()


@contextmanager
def _words(engine: DuckDB, observed: str) -> Iterator[pa.Table]:
    """The distinct values, by dimension and value; in the engine a table that numbers them."""
    engine.create(
        KNOWN_VALUES,
        "SELECT *, row_number() OVER (ORDER BY dimension, value)::INTEGER - 1 AS code"
        f" FROM (SELECT DISTINCT dimension, value FROM ({observed}) WHERE value <> '')",
        temporary=True,
    )
    try:
        yield engine.fetch(f"SELECT dimension, value FROM {KNOWN_VALUES} ORDER BY code")
    finally:
        engine.drop(KNOWN_VALUES)


class _Counted:
    """Counts that grow by some customers at a time; a group is a cell with a value."""

    def __init__(self, parts: Parts, words: pa.Table) -> None:
        self._engine, self._words = parts.engine, words
        cells = parts.engine.fetch(f"SELECT customer_no, cell FROM {quote(parts.cells)}")
        self._numbers = cells.column("customer_no").to_numpy().astype(np.int64)
        self._cells = cells.column("cell").to_numpy().astype(np.int64)
        self.lowest = int(self._numbers.min(initial=0))
        self.highest = int(self._numbers.max(initial=-1))
        dimensions = words.column("dimension").combine_chunks().dictionary_encode()
        self._names = dimensions.dictionary.to_pylist()
        self._dimension = dimensions.indices.to_numpy().astype(np.int64)
        size = int(self._cells.max(initial=0)) + 1
        self._customers = np.zeros(size * len(words), np.int64)
        self._weights = np.zeros(size * len(words), np.int64)
        self._known = np.zeros(size * len(self._names), np.int64)

    def take(self, observed: str, start: int) -> None:
        """Count the rows of some customers."""
        here = (self._numbers >= start) & (self._numbers < start + CUSTOMERS_AT_ONCE)
        cell = np.full(CUSTOMERS_AT_ONCE, -1, np.int64)
        cell[self._numbers[here] - start] = self._cells[here]
        found = [np.zeros(0, np.int64)]
        for pair, weight in self._rows(observed, start):
            place, code = np.divmod(pair, len(self._words))
            inside = cell[place] >= 0
            self._weigh(cell[place[inside]] * len(self._words) + code[inside], weight[inside])
            found.append(pair[inside])
        pairs = np.concatenate(found)
        del found
        pairs.sort()
        place, code = np.divmod(_distinct(pairs), max(len(self._words), 1))
        _add(self._customers, cell[place] * len(self._words) + code)
        kinds = len(self._names)
        place, kind = np.divmod(_distinct(place * kinds + self._dimension[code]), max(kinds, 1))
        _add(self._known, cell[place] * kinds + kind)

    def _rows(self, observed: str, start: int) -> Iterator[tuple[Numbers, Numbers]]:
        """Pairs of a customer and a value as one number, and their weights."""
        for batch in self._engine.stream(
            f"SELECT (customer_no - {start})::BIGINT * {len(self._words)} + code,"
            f" (coalesce(weight, 0) * {10**MONEY_PLACES})::BIGINT"
            f" FROM ({observed}) JOIN {KNOWN_VALUES} USING (dimension, value)"
            f" WHERE customer_no >= {start} AND customer_no < {start + CUSTOMERS_AT_ONCE}"
        ):
            pair, weight = (each.to_numpy() for each in batch.columns)
            yield pair, weight

    def _weigh(self, groups: Numbers, weights: Numbers) -> None:
        size = len(self._weights)
        for half, worth in ((weights >> DIGITS, 2**DIGITS), (weights & (2**DIGITS - 1), 1)):
            self._weights += np.bincount(groups, half, size).astype(np.int64) * worth

    def tables(self) -> Tally:
        """What has been counted, without what is nowhere."""
        held = np.flatnonzero(self._customers)
        cell, code = np.divmod(held, max(len(self._words), 1))
        values = self._words.take(pa.array(code, pa.int64()))
        values = values.append_column("cell", pa.array(cell))
        values = values.append_column("customers", pa.array(self._customers[held]))
        values = values.append_column("weight", pa.array(self._weights[held]))
        held = np.flatnonzero(self._known)
        cell, kind = np.divmod(held, max(len(self._names), 1))
        names = pa.array(self._names, pa.string()).take(pa.array(kind, pa.int64()))
        counts = {"cell": cell, "dimension": names, "customers": self._known[held]}
        return Tally(values, pa.table(counts))


def _distinct(ordered: Numbers) -> Numbers:
    """The numbers without those that are as the one before."""
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def _add(counts: Numbers, groups: Numbers) -> None:
    counts += np.bincount(groups, minlength=len(counts))
