"""Customers, products and companies: from files of their own, or told by other records."""

from __future__ import annotations

from segmentry.data.customers import merge_stated
from segmentry.data.merge import Merged, merge
from segmentry.data.plan import Cell
from segmentry.data.records import TABLE
from segmentry.data.tables import TABLES
from segmentry.data.work import EntityCounts, Work
from segmentry.engines.duckdb import quote


def load_things(work: Work) -> None:
    """Bring the records in, one row for each id; what the file states replaces what was known."""
    records, entity = work.records, work.plan.record
    key = quote(TABLES[entity].key[0])
    repeated = work.settle_repeats((key,), (), "TRUE")
    merged = merge_stated(records) if entity == "customers" else _merge_stated(work)
    work.counts[entity] = EntityCounts.of(merged, repeated=repeated, rejected=records.rejected())


def merge_told(work: Work, entity: str) -> None:
    """Bring in products or companies that other records tell about.

    Of each attribute the most frequent value counts, of equally frequent ones the greatest. What is
    known stays where they tell nothing.
    """
    key, cells = TABLES[entity].key[0], work.plan.of(entity)
    good = work.records.good()
    told = f"SELECT DISTINCT {key} FROM {TABLE} WHERE {good} AND {key} IS NOT NULL"
    columns, joins = [f"k.{key} AS {key}"], ""
    for position, cell in enumerate(cells):
        value = f"d{position}"
        name = quote(cell.attribute)
        joins += f" LEFT JOIN ({_most_frequent(cell, key, good)}) {value} USING ({key})"
        columns.append(f"coalesce({value}.value, t.{name}) AS {name}")
    query = f"SELECT {', '.join(columns)} FROM ({told}) k{joins} LEFT JOIN {entity} t USING ({key})"
    names = [key, *(cell.attribute for cell in cells)]
    merged = merge(work.session, entity, names, query, work.records.load_id)
    work.counts[entity] = EntityCounts.of(merged)


def _most_frequent(cell: Cell, key: str, good: str) -> str:
    value = quote(cell.name)
    return (
        f"SELECT {key}, arg_max(value, row(times, value)) AS value FROM (SELECT {key},"
        f" {value} AS value, count(*) AS times FROM {TABLE} WHERE {good} AND {value} IS NOT NULL"
        f" GROUP BY {key}, {value}) GROUP BY {key}"
    )


def _merge_stated(work: Work) -> Merged:
    entity = work.plan.record
    key = TABLES[entity].key[0]
    columns = {key: key} | {cell.attribute: quote(cell.name) for cell in work.plan.of(entity)}
    listed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns.items())
    query = f"SELECT {listed} FROM {TABLE} WHERE {work.records.good()}"
    return merge(work.session, entity, list(columns), query, work.records.load_id)


__all__ = ["load_things", "merge_told"]
