"""What an edit of a rule would do, before it is saved: who enters, who leaves, revenue moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.features.compile import CUSTOMERS, CustomerSource, Plan
from segmentry.features.known import Features
from segmentry.language.logic import And, Not
from segmentry.language.node import Condition, Node
from segmentry.language.value import Name


@dataclass(frozen=True)
class Moved:
    """Customers who move, and the revenue they have brought so far."""

    customers: int
    revenue_amount: Decimal
    sample: tuple[str, ...]


@dataclass(frozen=True)
class Effect:
    """The difference between two rules at an instant."""

    as_of: str
    enter: Moved
    leave: Moved
    stay: Moved


def effect(
    engine: DuckDB,
    features: Features,
    rules: Mapping[str, Condition],
    before: Condition,
    after: Condition,
    as_of: AsOf,
    source: CustomerSource = CUSTOMERS,
) -> Effect:
    """Compare the members of two rules."""

    def moved(rule: Condition) -> Moved:
        revenue: dict[str, Node] = (
            {"revenue": Name("monetary")} if "monetary" in features else {}
        )
        query = Plan(features, as_of, rules, source).query(revenue, where=rule)
        rows = engine.fetch(query).to_pylist()
        total = sum((row.get("revenue") or Decimal(0) for row in rows), Decimal(0))
        return Moved(len(rows), total, tuple(sorted(row["customer_id"] for row in rows)[:5]))

    return Effect(
        as_of=str(as_of),
        enter=moved(And((Not(before), after))),
        leave=moved(And((before, Not(after)))),
        stay=moved(And((before, after))),
    )
