"""Is it there? Customers of orders, and columns that should be filled."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.data.available import Loaded
from segmentry.data.checks.check import Check, Severity
from segmentry.data.checks.counts import EACH, TAKEN, Count
from segmentry.engines.duckdb import quote

FILL_TOLERANCE = 0.05

IMPORTANT = (
    ("order_lines", "product_id", Severity.WARNING),
    ("products", "category", Severity.WARNING),
    ("products", "price", Severity.INFO),
    ("products", "cost", Severity.INFO),
    ("orders", "channel", Severity.INFO),
    ("orders", "payment_method", Severity.INFO),
    ("orders", "store", Severity.INFO),
    ("events", "session_id", Severity.INFO),
    ("events", "source", Severity.INFO),
    ("touchpoints", "campaign", Severity.INFO),
)
"""Columns that features rest on; traits of customers come on top."""


def checks(loaded: Loaded) -> Iterator[Check]:
    """Missing customers, and how well each important column is filled."""
    yield Check(
        "missing_customer",
        "orders",
        Severity.WARNING,
        failing="customer_no IS NULL",
        needs=("orders.gross_amount",),
        among="is_purchase",
        shown=("order_id", "ordered_at", "gross_amount"),
        tolerance=0.02,
    )
    traits = [name for name in loaded.get("customers", {}) if name != "customer_id"]
    columns = [*IMPORTANT, *(("customers", name, Severity.INFO) for name in traits)]
    for entity, column, severity in columns:
        yield _fill(entity, column, severity)


def _fill(entity: str, column: str, severity: Severity) -> Check:
    key = {"products": "product_id", "events": "event_id"}
    if entity == "customers":
        return _fill_trait(column, severity)
    return Check(
        f"fill_{column}",
        entity,
        severity,
        failing=f"{quote(column)} IS NULL",
        needs=(f"{entity}.{column}",),
        shown=(key.get(entity, "order_id"),),
        tolerance=FILL_TOLERANCE,
        text="fill",
        column=column,
    )


def _fill_trait(column: str, severity: Severity) -> Check:
    missing = Count("customers", f"count(*) FILTER ({quote(column)} IS NULL)", "registered")
    every = Count("customers", key="registered")
    looked_at = f"key = 'true' OR NOT (SELECT bool_or(key = 'true') FROM {every.by_key})"
    of = f"(SELECT sum(n) FROM {every.by_key} WHERE {looked_at})"
    return Check(
        f"fill_{column}",
        "customers",
        severity,
        failing=f"{quote(column)} IS NULL",
        needs=(f"customers.{column}",),
        among="registered OR NOT any_registered",
        source=CUSTOMERS,
        query=(
            f"SELECT id, sum(n) FILTER ({looked_at}), {of} FROM {TAKEN} WHERE id IN ({EACH})"
            " GROUP BY id"
        ),
        each=missing,
        counts=(missing, every),
        shown=("customer_id",),
        tolerance=FILL_TOLERANCE,
        text="fill",
        column=column,
    )


CUSTOMERS = (
    "(SELECT *, (SELECT bool_or(registered) FROM customers) AS any_registered FROM customers)"
)
"""Where a file of customers was loaded, only customers who stand in it can lack a trait."""
