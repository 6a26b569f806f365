"""Sets of customers that are asked about together: the groups of segmentations, a rule's members.

Customers who are in exactly the same sets share a cell. A question counts facts by cell, once, and
then adds cells up to parts; so twenty groups of three segmentations cost little more than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from segmentry.engines.duckdb import DuckDB, literal, quote

Numbers = NDArray[np.int64]


class Part(NamedTuple):
    """A set of customers: those whose `division` is `name`."""

    division: str
    name: str


BASE = Part("", "")
"""All customers, which every part is held against."""


@dataclass(frozen=True)
class Parts:
    """The cells of customers, and the parts that cells add up to.

    Args:
        table: One row per customer: `customer_no` and features.
        cells: Table of `customer_no, cell`.
        sums: Table of `cell, division, part`; every cell belongs to the base too.
        largest: The cell of most customers.
    """

    engine: DuckDB
    table: str
    cells: str
    sums: str
    largest: int

    @cached_property
    def cell_of(self) -> tuple[Numbers, Numbers]:
        """Numbers of customers, and the cell of each."""
        rows = self.engine.fetch(f"SELECT customer_no, cell FROM {quote(self.cells)}")
        numbers, cells = (rows.column(name).to_numpy() for name in ("customer_no", "cell"))
        return numbers.astype(np.int64), cells.astype(np.int64)


@contextmanager
def parts(engine: DuckDB, table: str, divisions: Sequence[str]) -> Iterator[Parts]:
    """Parts by columns of a table with one row per customer; gone when the context ends.

    Each value of a division is a part; a customer for whom it is missing is in none of them.
    """
    cells, sums = f"{table}_cells", f"{table}_sums"
    order = ", ".join(quote(each) for each in divisions) or "NULL"
    engine.create(
        cells,
        f"SELECT customer_no, dense_rank() OVER (ORDER BY {order}) AS cell FROM {quote(table)}",
        temporary=True,
    )
    belonging = [
        f"SELECT DISTINCT cell, {literal(each)} AS division, {quote(each)}::VARCHAR AS part"
        f" FROM {quote(table)} JOIN {quote(cells)} USING (customer_no)"
        f" WHERE {quote(each)} IS NOT NULL"
        for each in divisions
    ]
    base = f"SELECT DISTINCT cell, '' AS division, '' AS part FROM {quote(cells)}"
    engine.create(sums, " UNION ALL ".join([base, *belonging]), temporary=True)
    try:
        yield Parts(engine, table, cells, sums, _largest(engine, cells))
    finally:
        engine.drop(sums)
        engine.drop(cells)


def _largest(engine: DuckDB, cells: str) -> int:
    rows = engine.rows(
        f"SELECT cell FROM {quote(cells)} GROUP BY cell ORDER BY count(*) DESC, cell LIMIT 1"
    )
    return int(rows[0][0]) if rows else 0
