"""All customers together."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthPoint:
    """One calendar month. `complete` is false when the data covers only part of it."""

    month: str
    revenue: Decimal
    orders: int
    customers: int
    new_customers: int
    complete: bool = True


class CurvePoint(NamedTuple):
    """The best `customer_share` of buyers bring `revenue_share` of revenue."""

    customer_share: float
    revenue_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """All customers together.

    `customers` are all known, `buyers` those with at least one order. `concentration` runs from
    (0, 0) to (1, 1), buyers ordered from the most revenue to the least; some 50 to 100 points
    are plenty. It is empty when revenue is not positive.
    """

    customers: int
    buyers: int
    orders: int
    revenue: Decimal
    average_order: Decimal | None = None
    first_order_on: str | None = None
    last_order_on: str | None = None
    months: tuple[MonthPoint, ...] = ()
    concentration: tuple[CurvePoint, ...] = ()
    top20_share: float | None = None
