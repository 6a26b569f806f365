"""Does it belong together? Keys that repeat, contradict each other, or lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.data.available import Loaded
from segmentry.data.checks.check import AnyCheck, Check, Severity, Tally
from segmentry.data.checks.counts import ROWS, SIDE, Count
from segmentry.data.checks.orders import (
    CUSTOMERS_BY_PURCHASES,
    WITH_CUSTOMERS,
    of_registered,
    quantile,
)
from segmentry.engines.duckdb import quote

OWN_CATALOGUE = (
    "EXISTS (SELECT 1 FROM loads p WHERE p.entity = 'products' AND NOT EXISTS"
    " (SELECT 1 FROM loads l WHERE l.load_id = p.load_id AND l.entity = 'order_lines'))"
)
"""Whether products were loaded for themselves, not only told by lines."""

ANY_REGISTERED = "EXISTS (SELECT 1 FROM customers WHERE registered)"
PLACEHOLDER_SHARE = 0.05


def checks(_: Loaded) -> Iterator[AnyCheck]:
    """Repeated and contradicting records, orphans, placeholder customers."""
    yield from _repeats()
    yield from _orphans()
    yield _placeholders()


def _repeats() -> Iterator[AnyCheck]:
    same = ("customer_no", "ordered_at", "gross_amount")
    copies = Count(
        "orders",
        "sum(n - 1)",
        rows=(
            f"(SELECT {SIDE} count(*) AS n FROM {ROWS} WHERE is_purchase"
            f" AND customer_no IS NOT NULL GROUP BY {SIDE} {', '.join(same)})"
        ),
        group=same,
    )
    purchases = Count("orders", "count(*) FILTER (is_purchase)")
    yield Check(
        "repeated_orders",
        "orders",
        Severity.INFO,
        failing="copies > 1",
        needs=("orders.gross_amount",),
        source=(
            "(SELECT order_id, customer_no, ordered_at, gross_amount, row_number() OVER"
            " (PARTITION BY customer_no, ordered_at, gross_amount ORDER BY order_id) AS copies"
            " FROM orders SEMI JOIN (SELECT customer_no, ordered_at, gross_amount FROM orders"
            " WHERE is_purchase AND customer_no IS NOT NULL GROUP BY ALL HAVING count(*) > 1)"
            " USING (customer_no, ordered_at, gross_amount))"
        ),
        pair=(copies, purchases),
        shown=("order_id", "ordered_at", "gross_amount"),
    )
    yield _treated("exact_duplicates", "records", Severity.INFO)
    yield _treated("mixed_orders", "orders", Severity.WARNING)


def _treated(kind: str, entity: str, severity: Severity) -> Tally:
    """Records that a load recognised; a load that changed nothing found them a second time."""
    changing = "SELECT load_id FROM loads WHERE accepted > 0"
    return Tally(
        kind,
        entity,
        severity,
        f"SELECT coalesce((SELECT sum(records) FROM treatments WHERE kind = '{kind}'"
        f" AND load_id IN ({changing})), 0), coalesce((SELECT sum(l.records) FROM loads l"
        f" JOIN treatments t USING (load_id, entity) WHERE t.kind = '{kind}'"
        f" AND l.load_id IN ({changing})), 0)",
    )


def _orphans() -> Iterator[Check]:
    stated = Count("orders", "count(*) FILTER (amount_stated)")
    yield Check(
        "lines_without_order",
        "order_lines",
        Severity.ERROR,
        failing="ordered_at IS NULL",
        needs=("order_lines.order_id",),
        shown=("order_id", "line_key"),
    )
    yield Check(
        "orders_without_lines",
        "orders",
        Severity.INFO,
        failing="TRUE",
        needs=("order_lines.order_id", "orders.gross_amount"),
        source=(
            "(SELECT o.* FROM orders o ANTI JOIN order_lines USING (order_id)"
            " WHERE o.amount_stated)"
        ),
        of=f"SELECT {stated.all}",
        counts=(stated,),
        shown=("order_id", "ordered_at", "gross_amount"),
    )
    by_product = Count("order_lines", key=quote("product_id"))
    yield Check(
        "unknown_products",
        "order_lines",
        Severity.WARNING,
        failing="product_id NOT IN (SELECT product_id FROM products)",
        needs=("order_lines.product_id", "products.product_id"),
        among=f"product_id IS NOT NULL AND {OWN_CATALOGUE}",
        query=(
            "SELECT coalesce(sum(n) FILTER (key NOT IN (SELECT product_id FROM products)), 0),"
            f" coalesce(sum(n), 0) FROM {by_product.by_key} WHERE {OWN_CATALOGUE}"
        ),
        counts=(by_product,),
        shown=("order_id", "product_id"),
    )
    yield _unknown_customers()


def _unknown_customers() -> Check:
    every = of_registered("count(*)")
    return Check(
        "unknown_customers",
        "orders",
        Severity.WARNING,
        failing="NOT registered",
        needs=("orders.customer_id",),
        among=ANY_REGISTERED,
        source=WITH_CUSTOMERS.replace(ROWS, "orders"),
        query=(
            "SELECT coalesce(sum(n) FILTER (key = 'false'), 0), coalesce(sum(n), 0)"
            f" FROM {every.by_key} WHERE {ANY_REGISTERED}"
        ),
        counts=(every,),
        shown=("order_id", "customer_id"),
    )


def _placeholders() -> Check:
    """Customers with a twentieth of all orders, and with far more than nearly everybody else."""
    numbers = f"SELECT CAST(key AS BIGINT) AS value, n FROM {CUSTOMERS_BY_PURCHASES.by_key}"
    numbers += " WHERE key <> '0'"
    limits = f"(SELECT sum(value * n) AS total, {quantile(numbers, 0.9)} AS usual FROM ({numbers}))"
    far = f"> {PLACEHOLDER_SHARE} * total AND orders > 50 AND orders > 20 * usual"
    return Check(
        "placeholder_customers",
        "customers",
        Severity.WARNING,
        failing=f"orders {far}",
        needs=("orders.customer_id",),
        source=(
            "(SELECT c.customer_id, n.orders, total, usual FROM (SELECT customer_no,"
            " count(*) AS orders FROM orders WHERE is_purchase AND customer_no IS NOT NULL"
            f" GROUP BY customer_no) n JOIN customers c USING (customer_no) CROSS JOIN {limits})"
        ),
        query=(
            f"SELECT coalesce(sum(n) FILTER (orders {far}), 0), coalesce(sum(n), 0)"
            f" FROM ({numbers}) AS numbers(orders, n) CROSS JOIN {limits}"
        ),
        counts=(CUSTOMERS_BY_PURCHASES,),
        shown=("customer_id", "orders"),
    )
