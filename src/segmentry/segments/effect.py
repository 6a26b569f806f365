"""What an edit of a rule would do, before it is saved: who enters, who leaves, revenue moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from segmentry.core.types import Type
from segmentry.features.customers import Customers
from segmentry.language.logic import And, Not
from segmentry.language.node import Condition
from segmentry.sql.expression import Column, Select, call, literal
from segmentry.sql.operators import Op

SAMPLE = 5


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


def effect(customers: Customers, before: Condition, after: Condition) -> Effect:
    """Compare the members of two rules."""
    return Effect(
        as_of=str(customers.as_of),
        enter=moved(customers, And((Not(before), after))),
        leave=moved(customers, And((before, Not(after)))),
        stay=moved(customers, And((before, after))),
    )


def moved(customers: Customers, rule: Condition) -> Moved:
    """The customers who meet a rule, their revenue, and the first few ids."""
    query = customers.query(customers.revenue, rule)
    revenue = Column("revenue", Type.MONEY) if customers.revenue else literal(0)
    [(count, total)] = customers.engine.rows(
        Select(
            query,
            {
                "customers": call(Op.COUNT_ROWS, type=Type.INTEGER),
                "revenue": call(Op.SUM, revenue, type=Type.MONEY),
            },
        )
    )
    sample = customers.engine.rows(replace(customers.by_id((), rule), limit=SAMPLE))
    return Moved(count, Decimal(total or 0), tuple(each for (each,) in sample))
