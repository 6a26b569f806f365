"""The customer table as of an instant: the one thing that every question is asked of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.engine import Engine
from segmentry.features.compile import CUSTOMERS, CustomerSource, Plan
from segmentry.features.known import Features
from segmentry.language.node import Condition, Node
from segmentry.language.value import Name
from segmentry.sql.expression import Column, Order, Query, Select, Table

REVENUE = "monetary"
"""The feature that says what a customer has brought."""


@dataclass(frozen=True)
class Customers:
    """The customers known at an instant, with every feature, without being computed yet.

    Args:
        engine: Where features and rules are computed.
        desk: Where results land that questions go on from; the same as `engine` on DuckDB.
        rules: Trees of the saved segments, which `in_segment` may name.
        source: Where features that are already computed come from.
    """

    engine: Engine
    desk: DuckDB
    features: Features
    as_of: AsOf
    rules: Mapping[str, Condition] = field(default_factory=dict)
    source: CustomerSource = CUSTOMERS

    def query(self, outputs: Mapping[str, Node], where: Condition | None = None) -> Query:
        """One row per customer who meets `where`: `customer_no`, `customer_id`, `outputs`."""
        return Plan(self.features, self.as_of, self.rules, self.source).query(outputs, where=where)

    def land(self, table: str, outputs: Mapping[str, Node]) -> None:
        """Make a temporary table on the desk with one row per customer, as `query` gives."""
        query = self.query(outputs)
        if self.engine is self.desk:
            self.desk.create(table, query, temporary=True)
            return
        with self.desk.registered("landing", self.engine.fetch(query)) as rows:
            self.desk.create(table, rows, temporary=True)

    def on_desk(self, table: str, names: Iterable[str]) -> Customers:
        """The same customers, from a landed table with the named features."""
        ready = frozenset(name for name in names if name in self.features.known)
        return replace(self, engine=self.desk, source=CustomerSource(Table(table), None, ready))

    def named(self, names: Iterable[str]) -> dict[str, Node]:
        """Features as outputs under their own names."""
        return {name: Name(name) for name in names}

    def by_id(self, names: Iterable[str], where: Condition | None = None) -> Select:
        """`customer_id` and features of those who meet `where`, sorted by id."""
        outputs = self.named(names)
        identity = Column("customer_id", Type.TEXT)
        columns = {name: Column(name, Type.TEXT) for name in ["customer_id", *outputs]}
        return Select(self.query(outputs, where), columns, order_by=(Order(identity),))

    @property
    def revenue(self) -> dict[str, Node]:
        """What customers have brought, as the output `revenue`; nothing without orders."""
        return {"revenue": Name(REVENUE)} if REVENUE in self.features else {}
