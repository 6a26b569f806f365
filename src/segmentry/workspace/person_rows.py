"""The loaded rows of one customer, from the tables that facts are read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from segmentry.data.fresh import Row
from segmentry.data.tables import TABLES
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.one import Stored
from segmentry.language.listed import ENTRIES
from segmentry.language.schema import Fact, Schema

Tables = Mapping[str, Sequence[Row]]
"""Rows by table."""


class PersonRows:
    """What is loaded about one customer after another."""

    def __init__(self, desk: DuckDB, schema: Schema) -> None:
        self._desk, self._schema = desk, schema

    def of(self, customer_id: str) -> tuple[Row | None, Tables]:
        """Traits and rows by table; `None` when nobody of that id is loaded."""
        traits = self._traits(customer_id)
        if traits is None:
            return None, {}
        number = traits["customer_no"]
        return traits, {
            table: self._found(f"FROM {quote(source)} WHERE customer_no = ?", number)
            for table, source in self._sources.items()
        }

    def joined(self, tables: Tables, new: Iterable[tuple[str, Row]]) -> Mapping[str, list[Stored]]:
        """All rows, the new ones in place of those with the same key, with what is joined."""
        every = {name: list(rows) for name, rows in tables.items()}
        for name, row in new:
            keys = _KEYS[name]
            same = [row[key] for key in keys]
            kept = [each for each in every.get(name, ()) if [each.get(key) for key in keys] != same]
            every[name] = [*kept, row]
        orders = {each["order_id"]: each for each in every.get("orders", ())}
        others = {"orders": orders}
        return {
            name: [Stored(row, self._dimensions(name, row, others)) for row in rows]
            for name, rows in every.items()
        }

    def _dimensions(
        self, table: str, row: Row, here: Mapping[str, Mapping[Any, Row]]
    ) -> Mapping[str, Row]:
        found: dict[str, Row] = {}
        for name, dimension in self._joins.get(table, {}).items():
            rows = here.get(name) or self._products
            joined = rows.get(row.get(dimension))
            if joined is not None:
                found[name] = joined
        return found

    def _traits(self, customer_id: str) -> Row | None:
        own = "FROM counted_customers WHERE customer_id = ?"
        linked = (
            "FROM counted_customers WHERE customer_no = (SELECT unit_no FROM customer_units"
            " JOIN customers USING (customer_no) WHERE customer_id = ?)"
        )
        found = self._found(own, customer_id) or self._found(linked, customer_id)
        return found[0] if found else None

    def _found(self, query: str, value: Any) -> list[Row]:
        return self._desk.fetch(query, [value]).to_pylist()

    # what is the same for all customers

    @cached_property
    def _facts(self) -> list[Fact]:
        return list(self._schema.facts.values())

    @cached_property
    def _sources(self) -> Mapping[str, str]:
        return {fact.table: fact.source for fact in self._facts}

    @cached_property
    def _joins(self) -> Mapping[str, Mapping[str, str]]:
        """Table → joined table → the column by which it is joined."""
        return {
            fact.table: {name: each.key for name, each in fact.dimensions.items()}
            for fact in self._facts
            if fact.dimensions
        }

    @cached_property
    def _products(self) -> Mapping[Any, Row]:
        rows = self._desk.fetch("FROM products").to_pylist()
        return {each["product_id"]: each for each in rows}


_KEYS = {name: table.key for name, table in TABLES.items()} | {ENTRIES.table: ENTRIES.keys}

__all__ = ["PersonRows", "Tables"]
