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

    @cached_property
    def others(self) -> tuple[Numbers, Numbers]:
        """The same without those in the largest cell."""
        numbers, cells = self.cell_of
        others = np.flatnonzero(cells != self.largest)
        return numbers[others], cells[others]


@contextmanager
def parts(
    engine: DuckDB, table: str, divisions: Sequence[str], divided: str | None = None
) -> Iterator[Parts]:
    """Parts by columns of a table with one row per customer; gone when the context ends.

    Each value of a division is a part; a customer for whom it is missing is in none of them.

    Args:
        divided: Where the divisions are, if in a table of their own.
    """
    source = quote(divided or table)
    kinds, cells, sums = (f"{table}_{each}" for each in ("kinds", "cells", "sums"))
    made_of = [quote(each) for each in divisions]
    order = ", ".join(made_of) or "NULL"
    same = " AND ".join(f"one.{each} IS NOT DISTINCT FROM kind.{each}" for each in made_of)
    engine.create(
        kinds,
        f"SELECT row_number() OVER (ORDER BY {order}) AS cell, * FROM ("
        f" SELECT {', '.join([*made_of, 'count(*) AS customers'])} FROM {source}"
        " GROUP BY ALL HAVING count(*) > 0)",
        temporary=True,
    )
    engine.create(
        cells,
        f"SELECT customer_no, cell FROM {source} AS one"
        f" JOIN {quote(kinds)} AS kind ON {same or 'true'}",
        temporary=True,
    )
    belonging = [
        f"SELECT cell, {literal(name)} AS division, {column}::VARCHAR AS part"
        f" FROM {quote(kinds)} WHERE {column} IS NOT NULL"
        for name, column in zip(divisions, made_of, strict=True)
    ]
    base = f"SELECT cell, '' AS division, '' AS part FROM {quote(kinds)}"
    engine.create(sums, " UNION ALL ".join([base, *belonging]), temporary=True)
    try:
        yield Parts(engine, table, cells, sums, _largest(engine, kinds))
    finally:
        for each in (sums, cells, kinds):
            engine.drop(each)


def _largest(engine: DuckDB, kinds: str) -> int:
    rows = engine.rows(f"SELECT cell FROM {quote(kinds)} ORDER BY customers DESC, cell LIMIT 1")
    return int(rows[0][0]) if rows else 0
