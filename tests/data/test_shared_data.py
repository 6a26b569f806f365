"""Real data sets with known truths, loaded as suggested. Skipped where they are not at hand."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from segmentry.core.time import AsOf
from segmentry.data.available import schema_of
from segmentry.data.checks import run_checks
from segmentry.data.load import LoadResult, load
from segmentry.data.source import stage
from segmentry.data.suggest import suggest
from segmentry.engines.duckdb import DuckDB


def load_suggested(session: DuckDB, path: Path) -> LoadResult:
    staged = stage(session, path)
    suggestion = suggest(session, staged)
    assert not suggestion.questions
    result = load(
        session,
        staged,
        suggestion.mapping,
        timezone="Europe/London",
        currency="GBP",
        rates={},
        loaded_at=datetime(2026, 1, 1),
    )
    staged.drop(session)
    return result


def test_online_retail(session: DuckDB, shared_data: Path) -> None:
    path = shared_data / "online_retail" / "online_retail.parquet"
    result = load_suggested(session, path)
    assert {name: each.accepted for name, each in result.entities.items()} == {
        "order_lines": 541_909, "orders": 25_900, "customers": 4_372, "products": 4_070,
    }  # fmt: skip
    treated = {each.kind: each.records for each in result.treatments}
    assert treated["missing_customer"] == 135_080
    assert treated["cancellations"] == 9_288
    assert treated["exact_duplicates"] == 5_268
    assert result.sums["read"] == result.sums["accepted"] == Decimal("9747747.934")
    clean = "kind = 'purchase' AND customer_no IS NOT NULL"
    assert session.rows(
        "SELECT count(*), count(DISTINCT customer_no), count(DISTINCT order_id),"
        f" round(sum(gross_amount), 2) FROM order_lines WHERE {clean}"
    ) == [(397_884, 4_338, 18_532, Decimal("8911407.90"))]
    assert session.rows(
        "SELECT count(*), sum(gross_amount) FROM orders WHERE is_purchase"
        " AND customer_no IS NOT NULL"
    ) == [(18_532, Decimal("8911407.904"))]
    again = load_suggested(session, path)
    assert all(each.unchanged == each.records for each in again.entities.values())


def test_checks_of_online_retail(session: DuckDB, shared_data: Path) -> None:
    load_suggested(session, shared_data / "online_retail" / "online_retail.parquet")
    as_of = AsOf.parse("2011-12-10", "Europe/London")
    found = {each.name: each for each in run_checks(session, schema_of(session), as_of)}
    assert {name for name, each in found.items() if not each.passed} == {
        "missing_customer", "negative_price", "repeated_orders", "exact_duplicates",
        "mixed_orders", "outlier_amount", "negative_total", "orders_without_value",
    }  # fmt: skip
    assert found["exact_duplicates"].failing == 5_268
    assert found["outlier_amount"].sample[0]["order_id"] == "581483"


@pytest.mark.parametrize(
    ("file", "orders", "customers", "total"),
    [
        ("cdnow/CDNOW_master.txt", 69_659, 23_570, "2500315.63"),
        ("rfm_orders/rfm_data_orders.csv", 4_906, 995, "464158"),
    ],
)
def test_files_of_orders(
    session: DuckDB, shared_data: Path, file: str, orders: int, customers: int, total: str
) -> None:
    result = load_suggested(session, shared_data / file)
    assert result.entities["orders"].accepted == orders
    assert result.entities["customers"].accepted == customers
    assert session.rows("SELECT count(DISTINCT order_id), sum(gross_amount) FROM orders") == [
        (orders, Decimal(total))
    ]
