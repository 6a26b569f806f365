"""Recency, frequency and what was spent, and the ranks of customers by them.

Ranks come from counts by value, so that no engine has to put all customers in one order.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Protocol

from segmentry.core.types import Type
from segmentry.sql.expression import (
    Column,
    Expression,
    Join,
    Order,
    Over,
    Query,
    Relation,
    Select,
    Table,
    call,
    literal,
)
from segmentry.sql.operators import Op

RFM = ("rfm_recency", "rfm_frequency", "rfm_monetary")
RANK = "_rank"
"""Ending of the columns that are ranks: in (0, 1), highest for who bought last and most."""

ASKED = "asked"
NEVER = 2**31 - 1
"""Days since the last order of who has none."""
COUNTED = call(Op.COUNT_ROWS, type=Type.INTEGER)
WorkedOut = Callable[[Mapping[str, Expression]], Mapping[str, Expression]]


class Wanted(Protocol):
    """What the engine works out of what is known of each customer."""

    @property
    def reads(self) -> Collection[str]:
        """What has to be known."""
        ...

    def worked_out(self, known: Mapping[str, Expression]) -> Mapping[str, Expression]:
        """What is wanted, by name."""
        ...


def ranked(asked: Query, worked_out: WorkedOut) -> Query:
    """What is wanted of those who are asked, from what is known of them and their ranks."""
    steps: dict[str, Relation] = {**asked.steps, ASKED: asked.result}
    known = {name: Column(name, each.type, ASKED) for name, each in asked.result.columns.items()}
    number = known.pop("customer_no")
    known.pop("customer_id", None)
    joins = []
    for name in RFM:
        counts, ranks = f"{name}_counts", f"{name}_ranks"
        key = _key(name, known[name])
        own = Column("key", key.type, name)
        steps[counts] = Select(
            Table(ASKED), {"key": key, "customers": COUNTED}, alias=ASKED, group_by=(key,)
        )
        steps[ranks] = Select(
            Table(counts), {"key": replace(own, relation=""), "rank": _middle_rank()}
        )
        joins.append(Join(Table(ranks), name, call(Op.EQUAL, key, own)))
        known[name + RANK] = Column("rank", Type.NUMBER, name)
    wanted = {"customer_no": number, **worked_out(known)}
    result = Select(
        Table(ASKED), wanted, alias=ASKED, joins=tuple(joins), order_by=(Order(number),)
    )
    return Query(steps, result=result)


def _key(name: str, value: Expression) -> Expression:
    """What ranks go by: the more, the higher; never bought is lowest."""
    if name != RFM[0]:
        return value
    ago = call(Op.FIRST_KNOWN, value, literal(NEVER), type=Type.INTEGER)
    return call(Op.NEGATE, ago, type=Type.INTEGER)


def _middle_rank() -> Expression:
    """In (0, 1), over rows of a value of `key` and how many `customers` have it."""
    customers = Column("customers", Type.INTEGER)
    key = Column("key", Type.NUMBER)
    up_to = Over(call(Op.RUNNING_SUM, customers, type=Type.INTEGER), (), (Order(key),))
    every = Over(call(Op.TOTAL, customers, type=Type.INTEGER), ())
    half = call(Op.MULTIPLY, _number(customers), literal(0.5), type=Type.NUMBER)
    below = call(Op.SUBTRACT, _number(up_to), half, type=Type.NUMBER)
    return call(Op.DIVIDE, below, _number(every), type=Type.NUMBER)


def _number(value: Expression) -> Expression:
    return call(Op.AS_NUMBER, value, type=Type.NUMBER)


__all__ = ["RANK", "RFM", "Wanted", "ranked"]
