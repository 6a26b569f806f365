"""What several checks ask of the orders: when they were, whose they are, how large."""

from __future__ import annotations

from segmentry.data.checks.counts import ROWS, SIDE, Count

BY_DAY = Count("orders", key="ordered_on")
PURCHASES_BY_DAY = Count("orders", "count(*) FILTER (is_purchase)", key="ordered_on")

_OF_CUSTOMERS = (
    f"(SELECT {SIDE} count(*) FILTER (is_purchase) AS purchases, sum(net_amount) AS total"
    f" FROM {ROWS} WHERE customer_no IS NOT NULL GROUP BY {SIDE} customer_no)"
)
CUSTOMERS_BY_PURCHASES = Count(
    "orders", key="purchases", rows=_OF_CUSTOMERS, group=("customer_no",)
)
"""How many customers have how many purchases."""
NEGATIVE_CUSTOMERS = Count(
    "orders",
    "count(*) FILTER (total < 0)",
    key="purchases",
    rows=_OF_CUSTOMERS,
    group=("customer_no",),
)

WITH_CUSTOMERS = (
    "(SELECT o.order_id, o.ordered_at, c.customer_id, c.registered, c.signed_up_at"
    f" FROM {ROWS} o JOIN customers c USING (customer_no))"
)


def of_registered(number: str) -> Count:
    """Orders with their customers, by whether these are registered."""
    return Count("orders", number, key="registered", rows=WITH_CUSTOMERS, beside=("customers",))


STEPS = 100
"""Steps of size from one amount to ten times as much: 2.3 % each."""
PURCHASES_BY_SIZE = Count(
    "orders",
    key=f"CAST(floor({STEPS} * log10(gross_amount)) AS INTEGER)",
    rows=f"(SELECT gross_amount FROM {ROWS} WHERE is_purchase AND gross_amount > 0)",
)

FIRST = Count("orders", "min(epoch_us(ordered_at)) FILTER (is_purchase)", merged="min")
LAST = Count("orders", "min(-epoch_us(ordered_at)) FILTER (is_purchase)", merged="min")
FIRST_ORDER = f"(SELECT make_timestamp(CAST(min(n) AS BIGINT)) FROM {FIRST.by_key})"
LAST_ORDER = f"(SELECT make_timestamp(CAST(-min(n) AS BIGINT)) FROM {LAST.by_key})"
"""Instants of the first and the last purchase; missing when there is none."""

TIME_OF_ORDERS = (
    "(SELECT min(ordered_at) AS first_order, max(ordered_at) AS last_order FROM orders"
    " WHERE is_purchase)"
)
"""The same, read from the orders."""


def quantile(numbers: str, share: float) -> str:
    """The least value that at least a share of what was counted does not exceed, as SQL.

    Args:
        numbers: Query of `value` and `n`.
    """
    upto = "SELECT value, sum(n) OVER (ORDER BY value) AS upto, sum(n) OVER () AS every"
    return f"(SELECT min(value) FROM ({upto} FROM ({numbers})) WHERE upto >= {share} * every)"


__all__ = [
    "BY_DAY",
    "CUSTOMERS_BY_PURCHASES",
    "FIRST",
    "FIRST_ORDER",
    "LAST",
    "LAST_ORDER",
    "NEGATIVE_CUSTOMERS",
    "PURCHASES_BY_DAY",
    "PURCHASES_BY_SIZE",
    "STEPS",
    "TIME_OF_ORDERS",
    "WITH_CUSTOMERS",
    "of_registered",
    "quantile",
]
