"""The loaded rows of one customer, from the tables that facts are read from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from segmentry.core.types import Value
from segmentry.data.fresh import Row
from segmentry.data.identity.counted import counted
from segmentry.data.tables import HELD
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.one import Stored
from segmentry.language.listed import ENTRIES
from segmentry.language.schema import Fact, Schema
from segmentry.workspace.by_customer import ByCustomer
from segmentry.workspace.snapshot import data_mark

CUSTOMERS, NUMBER = "customers", "customer_no"
Tables = Mapping[str, Sequence[Row]]
"""Rows by table."""


class PersonRows:
    """What is loaded about one customer after another."""

    def __init__(self, desk: DuckDB, schema: Schema, folder: Path) -> None:
        """The rows on a desk.

        Args:
            folder: Where they may stand sorted by customer.
        """
        self._desk, self._schema = desk, schema
        self._files = ByCustomer(folder)

    def sort(self) -> None:
        """Put all rows into files in the order of customers, unless they stand there already."""
        if not self._files.is_of(self._mark):
            sources = {table: (source, NUMBER) for table, source in self._sources.items()}
            customers = {CUSTOMERS: (counted(CUSTOMERS), "customer_id")}
            self._files.make(self._desk, sources | customers, self._mark)
        self.__dict__["is_sorted"] = True

    @cached_property
    def is_sorted(self) -> bool:
        """Whether the files are there and of what is loaded."""
        return self._files.is_of(self._mark)

    @cached_property
    def _mark(self) -> str:
        sources = sorted(self._sources.values())
        columns = self._desk.remembered(
            ("columns", *sources), lambda: {each: self._desk.columns(each) for each in sources}
        )
        return f"{data_mark(self._desk)}\n{columns}"

    def of(self, customer_id: str) -> tuple[Row | None, Tables]:
        """Traits and rows by table; `None` when nobody of that id is loaded."""
        traits = self._traits(customer_id)
        if traits is None:
            return None, {}
        return traits, {table: self._of(table, traits[NUMBER]) for table in self._sources}

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
        if self.is_sorted and (found := self._files.found(CUSTOMERS, customer_id)):
            return found[0]
        own = "FROM counted_customers WHERE customer_id = ?"
        linked = (
            "FROM counted_customers WHERE customer_no = (SELECT unit_no FROM customer_units"
            " JOIN customers USING (customer_no) WHERE customer_id = ?)"
        )
        found = self._found(own, customer_id) or self._found(linked, customer_id)
        return found[0] if found else None

    def _of(self, table: str, number: Value) -> list[Row]:
        if self.is_sorted:
            return self._files.found(table, number)
        return self._found(f"FROM {quote(self._sources[table])} WHERE {NUMBER} = ?", number)

    def _found(self, query: str, value: Value) -> list[Row]:
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
        return self._desk.remembered("products", self._find_products)

    def _find_products(self) -> Mapping[Any, Row]:
        rows = self._desk.fetch("FROM products").to_pylist()
        return {each["product_id"]: each for each in rows}


_KEYS = {name: table.key for name, table in HELD.items()} | {ENTRIES.table: ENTRIES.keys}

__all__ = ["PersonRows", "Tables"]
