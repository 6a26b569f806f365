"""How many customers of each cell have a value, and what it weighs: counted on arrays.

A shop has some twenty rows for a customer, and most of them are the customer's first with that
value. A table of all distinct pairs would be nearly as large as the facts; sorted as numbers they
take a fifth of its time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from segmentry.core.types import MONEY_PLACES
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.part import Numbers, Parts

CUSTOMERS_AT_ONCE = 4_000_000
"""Customers whose rows are in memory together, 8 bytes a row."""
KNOWN_VALUES = "tallied_values"
DIGITS = 20
"""Weights are added up in two halves, each of them exact as a double."""


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
        yield tally(parts, each.of(relation))


def tally(parts: Parts, observed: str) -> Tally:
    """Count customers and weigh values by cell.

    Args:
        observed: Query of `customer_no, dimension, value, weight`; a missing or empty value is as
            good as no row, and a missing weight is 0.
    """
    there = f"SELECT DISTINCT dimension, value FROM ({observed}) WHERE value <> ''"
    with _words(parts.engine, there) as words:
        found = _Counted(parts, words)
        found.take(observed)
    return found.tables()


def everybody(engine: DuckDB, table: str, observed: str) -> Tally:
    """What all customers of a table have, in one cell.

    Args:
        table: One row per customer.
        observed: As of `tally`.
    """
    made = Parts(engine, table, f"{table}_everybody", "", 0)
    engine.create(made.cells, f"SELECT customer_no, 0 AS cell FROM {quote(table)}", temporary=True)
    try:
        return tally(made, observed)
    finally:
        engine.drop(made.cells)


def by_difference(
    parts: Parts, relation: str, seen: Sequence[Seen], wholes: Iterable[Tally]
) -> Iterator[Tally]:
    """The same as `one_by_one` when it is known what everybody has.

    Rows of the largest cell are not counted: it has what the others leave of the whole. What they
    have is read once.

    Args:
        wholes: What everybody has of each thing that is seen.
    """
    engine, few = parts.engine, f"{parts.table}_few"
    others = f"SELECT customer_no FROM {quote(parts.cells)} WHERE cell <> {parts.largest}"
    engine.create(
        few, f"SELECT * FROM {relation} SEMI JOIN ({others}) USING (customer_no)", temporary=True
    )
    try:
        for each, whole in zip(seen, wholes, strict=True):
            yield _difference(parts, each.of(quote(few)), whole)
    finally:
        engine.drop(few)


def _difference(parts: Parts, observed: str, whole: Tally) -> Tally:
    with (
        parts.engine.registered("everybody_has", whole.values),
        _words(parts.engine, "SELECT dimension, value FROM everybody_has") as words,
    ):
        found = _Counted(parts, words)
        found.take(observed)
    found.leave(whole)
    return found.tables()


@contextmanager
def _words(engine: DuckDB, values: str) -> Iterator[pa.Table]:
    """Distinct values, by dimension and value; in the engine a table that numbers them."""
    engine.create(
        KNOWN_VALUES,
        "SELECT dimension, value, row_number() OVER (ORDER BY dimension, value)::INTEGER - 1"
        f" AS code FROM ({values})",
        temporary=True,
    )
    try:
        yield engine.fetch(f"SELECT dimension, value FROM {KNOWN_VALUES} ORDER BY code")
    finally:
        engine.drop(KNOWN_VALUES)


class _Counted:
    """Counts that grow by some customers at a time; a group is a cell with a value."""

    def __init__(self, parts: Parts, words: pa.Table) -> None:
        self._engine, self._words, self._largest = parts.engine, words, parts.largest
        self._numbers, self._cells = parts.cell_of
        dimensions = words.column("dimension").combine_chunks().dictionary_encode()
        self._names = dimensions.dictionary.to_pylist()
        self._dimension = dimensions.indices.to_numpy().astype(np.int64)
        self._size = size = int(self._cells.max(initial=0)) + 1
        self._customers = np.zeros(size * len(words), np.int64)
        self._weights = np.zeros(size * len(words), np.int64)
        self._known = np.zeros(size * len(self._names), np.int64)

    def take(self, observed: str) -> None:
        """Count rows; only so many customers' are in memory together."""
        lowest, highest = self._numbers.min(initial=0), self._numbers.max(initial=-1)
        for start in range(int(lowest), int(highest) + 1, CUSTOMERS_AT_ONCE):
            self._take(observed, start)

    def leave(self, whole: Tally) -> None:
        """Give the largest cell what the others leave of what everybody has."""
        held = whole.known.column("dimension").to_pylist()
        places = [self._names.index(each) for each in held]
        known = np.zeros(len(self._names), np.int64)
        known[places] = whole.known.column("customers").to_numpy()
        for counts, all_of_them in (
            (self._customers, whole.values.column("customers").to_numpy()),
            (self._weights, whole.values.column("weight").to_numpy()),
            (self._known, known),
        ):
            by_cell = counts.reshape(self._size, len(all_of_them))
            by_cell[self._largest] = all_of_them - by_cell.sum(axis=0)

    def _take(self, observed: str, start: int) -> None:
        here = (self._numbers >= start) & (self._numbers < start + CUSTOMERS_AT_ONCE)
        numbers = self._numbers[here] - start
        cell = np.full(int(numbers.max(initial=-1)) + 1, -1, np.int64)
        cell[numbers] = self._cells[here]
        found = [np.zeros(0, np.int64)]
        for pair, weight in self._rows(observed, start):
            place, code = np.divmod(pair, len(self._words))
            inside = place < len(cell)
            inside[inside] = cell[place[inside]] >= 0
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
