"""All customers together: how many, what they bring, month by month, and how concentrated it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from segmentry.core.time import AsOf
from segmentry.core.types import Value
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB


@dataclass(frozen=True)
class Month:
    """One calendar month; `complete` is false when the data cover only a part of it."""

    month: str
    revenue_amount: Decimal
    orders: int
    customers: int
    new_customers: int
    complete: bool


@dataclass(frozen=True)
class Base:
    """The customers known at an instant and the purchases before it, guests left out.

    Args:
        guest_revenue_amount: What guests paid, whom no customer stands behind.
    """

    customers: int
    buyers: int
    orders: int
    revenue_amount: Decimal
    guest_revenue_amount: Decimal
    first_order_on: date | None
    last_order_on: date | None
    months: tuple[Month, ...]


CUSTOMERS, ORDERS = counted("customers"), counted("orders")
PURCHASES = "is_purchase AND ordered_at < $as_of"


def base(engine: DuckDB, as_of: AsOf) -> Base:
    """The base at a glance."""
    bound: dict[str, Value] = {"as_of": as_of.instant}
    customers = engine.value(
        f"SELECT count(*) FROM {CUSTOMERS} WHERE known_at IS NULL OR known_at < $as_of", bound
    )
    [(buyers, orders, revenue, guests, first, last)] = engine.rows(
        "SELECT count(DISTINCT customer_no), count(*) FILTER (WHERE customer_no IS NOT NULL),"
        " coalesce(sum(gross_amount) FILTER (WHERE customer_no IS NOT NULL), 0),"
        " coalesce(sum(gross_amount) FILTER (WHERE customer_no IS NULL), 0),"
        f" min(ordered_on), max(ordered_on) FROM {ORDERS} WHERE {PURCHASES}",
        bound,
    )
    return Base(
        customers=customers,
        buyers=buyers,
        orders=orders,
        revenue_amount=revenue,
        guest_revenue_amount=guests,
        first_order_on=first,
        last_order_on=last,
        months=tuple(_months(engine, as_of, first)),
    )


def _months(engine: DuckDB, as_of: AsOf, first: date | None) -> list[Month]:
    rows = engine.rows(
        f"""WITH purchases AS (
            SELECT date_trunc('month', ordered_on)::DATE AS month, customer_no, gross_amount,
                   min(ordered_on) OVER (PARTITION BY customer_no) AS first_on
            FROM {ORDERS} WHERE {PURCHASES} AND customer_no IS NOT NULL)
        SELECT month, sum(gross_amount), count(*), count(DISTINCT customer_no),
               count(DISTINCT customer_no) FILTER (WHERE date_trunc('month', first_on) = month)
        FROM purchases GROUP BY month ORDER BY month""",
        {"as_of": as_of.instant},
    )
    return [
        Month(
            month=f"{month:%Y-%m}",
            revenue_amount=revenue,
            orders=orders,
            customers=customers,
            new_customers=new,
            complete=_covered(month, first, as_of.day),
        )
        for month, revenue, orders, customers, new in rows
    ]


def _covered(month: date, first: date | None, end: date) -> bool:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return first is not None and first <= month and following <= end


def concentration(
    engine: DuckDB, table: str, points: int = 100
) -> tuple[list[tuple[float, float]], float | None]:
    """The Pareto curve, and the share of revenue that the best fifth of buyers bring.

    Args:
        table: A table with one row per customer and the column `monetary`.

    Returns:
        Points (share of buyers, share of revenue) from (0, 0) to (1, 1), best buyers first; nothing
        when there is no revenue. Equal customers are in the order of their numbers.
    """
    rows = engine.rows(
        f"""WITH ranked AS (
            SELECT monetary, row_number() OVER (ORDER BY monetary DESC, customer_no) AS rank,
                   count(*) OVER () AS buyers FROM {table} WHERE monetary > 0)
        SELECT ceil(rank * $points / buyers)::BIGINT AS tile, count(*), sum(monetary)::DOUBLE,
               sum(monetary) FILTER (WHERE rank <= ceil(buyers * 0.2))::DOUBLE
        FROM ranked GROUP BY tile ORDER BY tile""",
        {"points": points},
    )
    buyers, revenue = sum(row[1] for row in rows), sum(row[2] for row in rows)
    if not revenue:
        return [], None
    curve, seen, paid = [(0.0, 0.0)], 0, 0.0
    for _, count, amount, _ in rows:
        seen, paid = seen + count, paid + amount
        curve.append((seen / buyers, min(1.0, paid / revenue)))
    return curve, sum(row[3] or 0.0 for row in rows) / revenue
