"""How many customers of each cell have a value, and what it weighs: counted on sparse tables.

A shop has some twenty rows for a customer, and most of them are the customer's first with that
value. A table of all distinct pairs would be nearly as large as the facts; as a sparse table of
customers and values it is made in a fraction of the time, and then answers for any cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.core.types import MONEY_PLACES
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.mapped import mapped
from segmentry.insights.part import Numbers, Parts

CUSTOMERS_AT_ONCE = 2_000_000
"""Customers whose rows are in memory together, some 30 bytes a row."""
KNOWN_VALUES = "tallied_values"
FEW_CELLS = 8
"""So many and fewer are counted by a full table of customers and cells."""


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

    @classmethod
    def of_all(cls, several: Sequence[Tally]) -> Self:
        """What has been counted of several dimensions."""
        values, known = ([getattr(each, name) for each in several] for name in ("values", "known"))
        return cls(pa.concat_tables(values), pa.concat_tables(known))


@dataclass(frozen=True)
class Seen:
    """What each row of a relation shows, as SQL over its columns.

    Args:
        dimension: What the value is of.
        value: A missing or empty one is as good as no row.
        weight: What a row weighs; a missing one is 0.
    """

    dimension: str
    value: str
    weight: str = "1"

    def of(self, relation: str) -> str:
        """Query of `customer_no, dimension, value, weight`."""
        return (
            f"SELECT customer_no, {self.dimension} AS dimension, {self.value} AS value,"
            f" {self.weight} AS weight FROM {relation}"
        )


Counting = Callable[[Parts, str, Sequence[Seen]], Iterable[Tally]]
"""Counts each thing that is seen in a relation."""


def one_by_one(parts: Parts, relation: str, seen: Sequence[Seen]) -> Iterator[Tally]:
    """Count all rows of a relation, once for each thing that is seen there."""
    for each in seen:
        yield held(parts.engine, parts.cell_of[0], each.of(relation)).tally(parts)


@dataclass(frozen=True)
class _Some:
    """Customers whose numbers follow one another, and what they have; sparse.

    Args:
        start: The number of the first.
        weights: What values weigh, by customer and value.
        known: 1, by customer and dimension, where one has any value.
    """

    start: int
    weights: Any
    known: Any

    def of(self, numbers: Numbers, cells: Numbers, size: int) -> _Counts:
        """What cells have.

        Args:
            numbers: Customers; some may be none of these.
            cells: The cell of each.
            size: How many cells there may be.
        """
        places = numbers - self.start
        here = (places >= 0) & (places < self.known.shape[0])
        places, inside = places[here], _inside(cells[here], size)
        weights = self.weights[places]
        weights.data = weights.data.astype(np.int64)
        counts = _alike(weights, np.ones(weights.nnz, np.int64))
        return _Counts(*(_counted(each, inside) for each in (counts, weights, self.known[places])))

    def on_disk(self) -> Self:
        """The same, for keeping."""
        return replace(self, weights=_mapped(self.weights), known=_mapped(self.known))


class _Counts(NamedTuple):
    """By cell: customers and weights by value, and customers by dimension."""

    customers: Numbers
    weights: Numbers
    known: Numbers


@dataclass(frozen=True)
class Held:
    """Which customers have which values: found once, it is counted for any cells.

    Args:
        words: `dimension, value` of each value, in that order.
    """

    words: pa.Table
    some: Sequence[_Some]

    @cached_property
    def dimensions(self) -> list[str]:
        """The names of the dimensions, in order."""
        return [str(each) for each in pc.unique(self.words.column("dimension")).to_pylist()]

    @cached_property
    def _whole(self) -> _Counts:
        """What all of them have, as one cell."""
        found = self._nothing(1)
        for each in self.some:
            found.customers[0] += np.bincount(each.weights.indices, minlength=len(self.words))
            found.weights[0] += each.weights.sum(axis=0, dtype=np.int64)
            found.known[0] += each.known.sum(axis=0, dtype=np.int64)
        return found

    def tally(self, parts: Parts) -> Tally:
        """Count by cell; nobody is looked at in the largest, which has what the others leave."""
        cells = int(parts.cell_of[1].max(initial=0)) + 1
        found = self._nothing(cells)
        for each in self.some:
            for counts, of_some in zip(found, each.of(*parts.others, cells), strict=True):
                np.add(counts, of_some, out=counts)
        for counts, all_of_them in zip(found, self._whole, strict=True):
            counts[parts.largest] = all_of_them[0] - counts.sum(axis=0)
        return self._tables(found)

    def on_disk(self) -> Held:
        """The same, for keeping."""
        return Held(self.words, [each.on_disk() for each in self.some])

    def _nothing(self, cells: int) -> _Counts:
        values, dimensions = len(self.words), len(self.dimensions)
        return _Counts(
            *(np.zeros((cells, each), np.int64) for each in (values, values, dimensions))
        )

    def _tables(self, found: _Counts) -> Tally:
        """What has been counted, without what is nowhere."""
        cell, code = np.nonzero(found.customers)
        values = self.words.take(pa.array(code, pa.int64()))
        values = values.append_column("cell", pa.array(cell))
        values = values.append_column("customers", pa.array(found.customers[cell, code]))
        values = values.append_column("weight", pa.array(found.weights[cell, code]))
        cell, kind = np.nonzero(found.known)
        names = pa.array(self.dimensions, pa.string()).take(pa.array(kind, pa.int64()))
        counts = {"cell": cell, "dimension": names, "customers": found.known[cell, kind]}
        return Tally(values, pa.table(counts))


def held(engine: DuckDB, numbers: Numbers, observed: str) -> Held:
    """Find out which customers have which values.

    Args:
        numbers: Those of the customers; rows of others are left out.
        observed: Query of `customer_no, dimension, value, weight`; a missing or empty value is as
            good as no row, and a missing weight is 0.
    """
    there = np.zeros(int(numbers.max(initial=-1)) + 1, np.bool_)
    there[numbers] = True
    some = []
    with _words(engine, observed) as words:
        for start in range(0, len(there), CUSTOMERS_AT_ONCE):
            places = there[start : start + CUSTOMERS_AT_ONCE]
            rows = _rows(engine, observed, start, start + len(places))
            some.append(_some(rows, start, places, words))
    return Held(words, some)


@contextmanager
def _words(engine: DuckDB, observed: str) -> Iterator[pa.Table]:
    """Distinct values, by dimension and value; in the engine a table that numbers them."""
    engine.create(
        KNOWN_VALUES,
        "SELECT dimension, value, row_number() OVER (ORDER BY dimension, value)::INTEGER - 1"
        f" AS code FROM (SELECT DISTINCT dimension, value FROM ({observed}) WHERE value <> '')",
        temporary=True,
    )
    try:
        yield engine.fetch(f"SELECT dimension, value FROM {KNOWN_VALUES} ORDER BY code")
    finally:
        engine.drop(KNOWN_VALUES)


def _rows(engine: DuckDB, observed: str, start: int, end: int) -> pa.Table:
    """Of each row of some customers: whose it is, as a place, which value it has, its weight."""
    return engine.fetch(
        f"SELECT (customer_no - {start})::INTEGER AS place, code,"
        f" (coalesce(weight, 0) * {10**MONEY_PLACES})::BIGINT AS weight"
        f" FROM ({observed}) JOIN {KNOWN_VALUES} USING (dimension, value)"
        f" WHERE customer_no >= {start} AND customer_no < {end}"
    )


def _some(rows: pa.Table, start: int, places: Any, words: pa.Table) -> _Some:
    """What rows say of customers.

    Args:
        places: For each customer from `start` on, whether it is one of those that are counted.
    """
    from scipy.sparse import coo_array

    place, code, weight = (each.to_numpy() for each in rows.columns)
    inside = places[place]
    pairs = place[inside], code[inside]
    weights = coo_array((weight[inside], pairs), shape=(len(places), len(words))).tocsr()
    if np.abs(weights.data).max(initial=0) <= np.iinfo(np.int32).max:
        weights.data = weights.data.astype(np.int32)
    return _Some(start, weights, _known(weights, words.column("dimension")))


def _known(weights: Any, dimension: Any) -> Any:
    """1, by customer and dimension, where one has any value of it."""
    from scipy.sparse import csr_array

    of = dimension.combine_chunks().dictionary_encode()
    kinds = of.indices.to_numpy()[weights.indices]
    shape = weights.shape[0], len(of.dictionary)
    known = csr_array((np.ones(len(kinds), np.int8), kinds, weights.indptr.copy()), shape=shape)
    known.sum_duplicates()
    known.data[:] = 1
    return known


def _inside(cells: Numbers, size: int) -> Any:
    """1, by customer and cell, where one is in it."""
    from scipy.sparse import csr_array

    if size <= FEW_CELLS:
        found = np.zeros((len(cells), size), np.int64)
        found[np.arange(len(cells)), cells] = 1
        return found
    ones, starts = np.ones(len(cells), np.int64), np.arange(len(cells) + 1)
    return csr_array((ones, cells, starts), shape=(len(cells), size))


def _counted(table: Any, inside: Any) -> Numbers:
    """What cells have of a table by customer."""
    found = table.T @ inside
    return found.T if isinstance(found, np.ndarray) else found.T.toarray()


def _alike(table: Any, values: Any) -> Any:
    """A sparse table with other values at the same places."""
    from scipy.sparse import csr_array

    return csr_array((values, table.indices, table.indptr), shape=table.shape)


def _mapped(table: Any) -> Any:
    """The same sparse table, on the disk."""
    from scipy.sparse import csr_array

    pairs = mapped(pa.table({"values": table.data, "places": table.indices}))
    bounds = mapped(pa.table({"bounds": table.indptr}))
    values, places, starts = (
        each.combine_chunks().to_numpy() for each in (*pairs.columns, *bounds.columns)
    )
    return csr_array((values, places, starts), shape=table.shape)
