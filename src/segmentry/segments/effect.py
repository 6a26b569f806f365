"""What an edit of a rule would do, before it is saved: who enters, who leaves, revenue moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.core.types import Type
from segmentry.engines.held import UNIT, Held, held
from segmentry.features.columns import columns
from segmentry.features.customers import REVENUE, Customers
from segmentry.language.logic import And, Not
from segmentry.language.node import Condition
from segmentry.segments.bits import Bits, numbers
from segmentry.segments.leaves import Leaves
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
    if customers.engine is not customers.desk:
        sides = (And((Not(before), after)), And((before, Not(after))), And((before, after)))
        enter, leave, stay = (moved(customers, each) for each in sides)
    else:
        leaves = Leaves.of(customers)
        leaves.compute([before, after])
        was, becomes = leaves.members(before), leaves.members(after)
        worth = _Worth.of(customers)
        sets = (becomes & ~was, was & ~becomes, was & becomes)
        enter, leave, stay = (worth.moved(each) for each in sets)
    return Effect(as_of=str(customers.as_of), enter=enter, leave=leave, stay=stay)


def moved(customers: Customers, rule: Condition) -> Moved:
    """The customers who meet a rule, their revenue, and the first few ids."""
    if customers.engine is customers.desk:
        return _Worth.of(customers).moved(Leaves.of(customers).members(rule))
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


@dataclass(frozen=True)
class _Worth:
    """Ids and revenue by customer number."""

    ids: pa.Array[Any]
    revenue: Held | None

    @classmethod
    def of(cls, customers: Customers) -> _Worth:
        names = ["customer_id", *([REVENUE] if customers.revenue else [])]
        found = columns(customers, names)
        revenue = held(found.column(REVENUE), Type.MONEY) if customers.revenue else None
        return cls(found.column("customer_id"), revenue)

    def moved(self, members: Bits) -> Moved:
        who = numbers(members)
        units = 0
        if self.revenue is not None:
            known = True if self.revenue.known is None else self.revenue.known[who]
            units = int(self.revenue.values[who].sum(where=known, dtype=np.int64))
        ids = self.ids.take(who)
        first = ids.take(pc.bottom_k_unstable(ids, SAMPLE))
        return Moved(len(who), Decimal(units) / UNIT, tuple(map(str, first.to_pylist())))
