"""Sets of customers that are asked about together: the groups of segmentations, a rule's members.

Customers who are in exactly the same sets share a cell. A question counts facts by cell, once, and
then adds cells up to parts; so twenty groups of three segmentations cost little more than one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from segmentry.engines.duckdb import DuckDB, literal, quote


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
    """

    engine: DuckDB
    table: str
    cells: str
    sums: str


@contextmanager
def parts(engine: DuckDB, table: str, divisions: Sequence[str]) -> Iterator[Parts]:
    """Parts by columns of a table with one row per customer; gone when the context ends.

    Each value of a division is a part; a customer for whom it is missing is in none of them.
    """
    made = Parts(engine, table, f"{table}_cells", f"{table}_sums")
    order = ", ".join(quote(each) for each in divisions) or "NULL"
    engine.create(
        made.cells,
        f"SELECT customer_no, dense_rank() OVER (ORDER BY {order}) AS cell FROM {quote(table)}",
        temporary=True,
    )
    belonging = [
        f"SELECT DISTINCT cell, {literal(each)} AS division, {quote(each)}::VARCHAR AS part"
        f" FROM {quote(table)} JOIN {quote(made.cells)} USING (customer_no)"
        f" WHERE {quote(each)} IS NOT NULL"
        for each in divisions
    ]
    base = f"SELECT DISTINCT cell, '' AS division, '' AS part FROM {quote(made.cells)}"
    engine.create(made.sums, " UNION ALL ".join([base, *belonging]), temporary=True)
    try:
        yield made
    finally:
        engine.drop(made.sums)
        engine.drop(made.cells)
