"""Lists and histories: the members of a rule, one row per customer, sizes over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.features.compile import CustomerSource, Plan
from segmentry.features.known import Features
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.language.value import Name
from segmentry.sql.expression import Column, Order, Query, Select
from segmentry.workspace.rows import ResultRows


@dataclass(frozen=True)
class Point:
    """A segment's size at an instant, and the changes since the point before, by cause."""

    as_of: datetime
    customers: int
    of: int
    revenue_amount: Decimal | None
    entered: Mapping[str, int]
    left: Mapping[str, int]


def with_segments(schema: Schema, rules: Mapping[str, Condition]) -> Schema:
    """The schema with the saved segments as names."""
    return replace(schema, segments=frozenset(rules))


def members(
    engine: DuckDB,
    features: Features,
    rules: Mapping[str, Condition],
    rule: Condition,
    as_of: AsOf,
    source: CustomerSource,
    names: Sequence[str] = (),
) -> ResultRows:
    """The members of a rule, sorted by `customer_id`, with the named features."""
    shown = {name: Name(name) for name in names}
    query = Plan(features, as_of, rules, source).query(shown, where=rule)
    return _by_customer(engine, query, names)


def customers(
    engine: DuckDB,
    features: Features,
    as_of: AsOf,
    source: CustomerSource,
    names: Sequence[str],
) -> ResultRows:
    """Every known customer with the named features, sorted by id."""
    return _by_customer(engine, customers_query(features, as_of, source, names), names)


def customers_query(
    features: Features, as_of: AsOf, source: CustomerSource, names: Iterable[str]
) -> Query:
    """Every known customer with the named features, as a relation."""
    return Plan(features, as_of, source=source).query({name: Name(name) for name in names})


def _by_customer(engine: DuckDB, query: Query, names: Sequence[str]) -> ResultRows:
    identity = Column("customer_id", Type.TEXT)
    columns = {name: Column(name, Type.TEXT) for name in ["customer_id", *names]}
    return ResultRows(engine.fetch(Select(query, columns, order_by=(Order(identity),))))


def points(engine: DuckDB, segment: str, part: str = "") -> list[Point]:
    """The recorded points of a segment, oldest first; none before the first refresh."""
    if "membership_point" not in engine.tables():
        return []
    sizes = engine.rows(
        "SELECT p.as_of, coalesce(s.customers, 0), s.of_customers, s.revenue_amount"
        " FROM membership_point AS p LEFT JOIN membership_size AS s"
        "  ON s.segment = p.segment AND s.as_of = p.as_of AND s.part = $part"
        " WHERE p.segment = $segment ORDER BY p.as_of",
        {"segment": segment, "part": part},
    )
    changes: dict[tuple[str, datetime], dict[str, int]] = {}
    for side in ("entered", "left"):
        for instant, cause, count in engine.rows(
            f"SELECT {side}_at, {side}_cause, count(*) FROM membership"
            f" WHERE segment = $segment AND part = $part AND {side}_at IS NOT NULL"
            " GROUP BY ALL ORDER BY ALL",
            {"segment": segment, "part": part},
        ):
            changes.setdefault((side, instant), {})[cause] = count
    return [
        Point(
            as_of=instant,
            customers=count,
            of=of or 0,
            revenue_amount=revenue,
            entered=changes.get(("entered", instant), {}),
            left=changes.get(("left", instant), {}),
        )
        for instant, count, of, revenue in sizes
    ]
