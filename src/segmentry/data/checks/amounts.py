"""Do the amounts make sense, and are they all there, to the cent?"""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.core.types import Type
from segmentry.data.available import Loaded
from segmentry.data.checks.check import AnyCheck, Check, Severity, Tally
from segmentry.data.checks.counts import Count
from segmentry.data.checks.orders import (
    CUSTOMERS_BY_PURCHASES,
    NEGATIVE_CUSTOMERS,
    PURCHASES_BY_SIZE,
    STEPS,
    quantile,
)
from segmentry.data.tables import MONEY
from segmentry.engines.duckdb import quote

CENT = "0.01"


def checks(loaded: Loaded) -> Iterator[AnyCheck]:
    """Outliers, negative totals, free lines, currencies, constant columns, and the books."""
    yield from _odd_amounts()
    yield _currencies()
    yield from _constants(loaded)
    yield from _books()


def _odd_amounts() -> Iterator[Check]:
    yield _outliers()
    yield Check(
        "negative_total",
        "customers",
        Severity.WARNING,
        failing="total < 0",
        needs=("orders.gross_amount", "orders.customer_id"),
        source=(
            "(SELECT c.customer_id, s.total FROM (SELECT customer_no, sum(net_amount) AS total"
            " FROM orders WHERE customer_no IS NOT NULL GROUP BY customer_no) s"
            " JOIN customers c USING (customer_no))"
        ),
        pair=(NEGATIVE_CUSTOMERS, CUSTOMERS_BY_PURCHASES),
        shown=("customer_id", "total"),
        tolerance=0.005,
    )
    yield Check(
        "orders_without_value",
        "orders",
        Severity.INFO,
        failing="gross_amount = 0 AND returned_amount = 0",
        needs=("orders.gross_amount",),
        shown=("order_id", "ordered_at", "status"),
        tolerance=0.02,
    )


def _outliers() -> Check:
    """Far more than 99 of 100 purchases, rounded up to the next step of size."""
    sizes = f"SELECT CAST(key AS INTEGER) AS value, n FROM {PURCHASES_BY_SIZE.by_key}"
    typical = f"pow(10, ({quantile(sizes, 0.99)} + 1) / {STEPS}.0)"
    limit = f"(SELECT CAST(least(20 * {typical}, 9e13) AS {MONEY}))"
    purchases = Count("orders", "count(*) FILTER (is_purchase)")
    return Check(
        "outlier_amount",
        "orders",
        Severity.WARNING,
        failing=f"gross_amount > {limit}",
        needs=("orders.gross_amount",),
        among="is_purchase",
        query=(
            "SELECT (SELECT count(*) FROM orders WHERE is_purchase"
            f" AND gross_amount > {limit}), {purchases.all}"
        ),
        counts=(PURCHASES_BY_SIZE, purchases),
        shown=("order_id", "ordered_at", "gross_amount"),
    )


def _currencies() -> Check:
    by_currency = Count("orders", key="currency")
    usual = f"(SELECT key FROM {by_currency.by_key} ORDER BY n DESC, key LIMIT 1)"
    return Check(
        "currency_mix",
        "orders",
        Severity.INFO,
        failing=f"currency <> {usual}",
        needs=("orders.currency",),
        among="currency IS NOT NULL",
        query=(
            f"SELECT coalesce(sum(n) FILTER (key <> {usual}), 0), coalesce(sum(n), 0)"
            f" FROM {by_currency.by_key}"
        ),
        counts=(by_currency,),
        shown=("order_id", "currency", "gross_amount"),
    )


def _constants(loaded: Loaded) -> Iterator[Tally]:
    """One check for each table: columns that say the same in every row say nothing."""
    for entity in ("customers", "products", "orders", "events", "touchpoints"):
        columns = [
            name
            for name, kind in loaded.get(entity, {}).items()
            if kind is not Type.INSTANT
            and not name.endswith(("_id", "_amount", "amount", "currency"))
        ]
        if columns:
            constant = " + ".join(_is_constant(entity, quote(name)) for name in columns)
            yield Tally(
                "constant_columns",
                entity,
                Severity.INFO,
                f"SELECT CASE WHEN (SELECT count(*) FROM {entity}) >= 100 THEN {constant}"
                f" ELSE 0 END, {len(columns)}",
                called="columns",
            )


def _is_constant(entity: str, column: str) -> str:
    """1 when there is a value and no other, else 0; the first other value is enough."""
    values = f"FROM {entity} WHERE {column}"
    first = f"(SELECT {column} {values} IS NOT NULL LIMIT 1)"
    return f"CAST({first} IS NOT NULL AND NOT EXISTS (SELECT 1 {values} <> {first}) AS INTEGER)"


def _books() -> Iterator[Tally]:
    settled = " + ".join(
        f"CAST(sums->>'{name}' AS DECIMAL(38,4))"
        for name in ("accepted", "unchanged", "rejected", "left_out")
    )
    yield Tally(
        "books",
        "loads",
        Severity.ERROR,
        f"SELECT count(*) FILTER (CAST(sums->>'read' AS DECIMAL(38,4)) <> {settled}), count(*)"
        " FROM loads WHERE sums IS NOT NULL",
    )
    yield Tally(
        "lost_records",
        "loads",
        Severity.ERROR,
        "SELECT count(*) FILTER (records <> accepted + unchanged + rejected), count(*) FROM loads",
    )
    yield Tally(
        "rejected_records",
        "records",
        Severity.WARNING,
        "SELECT coalesce(sum(rejected), 0), coalesce(sum(records), 0) FROM loads WHERE load_id IN"
        " (SELECT max(load_id) FROM loads GROUP BY source)",
    )
    yield Tally(
        "orders_against_lines",
        "orders",
        Severity.WARNING,
        f"SELECT count(*) FILTER (abs(o.net_amount - l.total) > {CENT}), count(*)"
        " FROM orders o JOIN (SELECT order_id, sum(net_amount) AS total FROM order_lines"
        " SEMI JOIN (SELECT order_id FROM orders WHERE amount_stated) USING (order_id)"
        " GROUP BY order_id) l USING (order_id) WHERE o.amount_stated",
        needs=("orders.gross_amount", "order_lines.gross_amount"),
    )
    of_orders = Count("orders", "sum(net_amount) FILTER (NOT amount_stated)")
    of_lines = Count("order_lines", "sum(net_amount) FILTER (ordered_at IS NOT NULL)")
    yield Tally(
        "sums_of_lines",
        "orders",
        Severity.ERROR,
        f"SELECT CAST({of_orders.all} <> {of_lines.all} - coalesce((SELECT sum(net_amount)"
        " FROM order_lines SEMI JOIN (SELECT order_id FROM orders WHERE amount_stated)"
        " USING (order_id) WHERE ordered_at IS NOT NULL), 0) AS INTEGER), 1",
        needs=("orders.gross_amount", "order_lines.gross_amount"),
        counts=(of_orders, of_lines),
    )
