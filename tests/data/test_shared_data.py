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
        "same_day_orders", "return_before_sale",
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


TRAPS = [
    ("1998-07-01", ["cdnow/CDNOW_master.txt"], {
        "orders_without_value": 80, "exact_duplicates": 255, "same_day_orders": 2_068,
    }),
    ("2007-01-01", ["rfm_orders/rfm_data_customer.csv"], {"float_ids": 39_999}),
    ("2014-07-01", ["customer_personality/marketing_campaign.csv"], {
        "fill_income": 24, "constant_columns": 2, "equal_but_id": 182, "birth_year": 3,
        "outlier_income": 1, "rare_marital_status": 7,
    }),
    ("2020-01-01", ["telco_churn/Telco-Customer-Churn.csv"], {
        "blank_values": 11, "fill_total_charges": 11, "equal_but_id": 22,
    }),
    ("2018-01-01", ["crm_b2b/products.csv", "crm_b2b/accounts.csv", "crm_b2b/sales_pipeline.csv"], {
        "spelling_country": 1, "spelling_industry": 12, "almost_products": 1_147,
        "rejected_records": 2_089, "orders_without_value": 2_473,
    }),
    ("2019-07-01", [f"adventureworks/{each}.csv" for each in ("Products", "Customers", "Sales")], {
        "fill_sex": 130, "mixed_orders": 2, "repeated_lines": 4, "other_clock_stock_date": 56_046,
    }),
]  # fmt: skip


@pytest.mark.parametrize(("day", "files", "wanted"), TRAPS)
def test_traps_are_found_by_name(
    session: DuckDB, shared_data: Path, day: str, files: list[str], wanted: dict[str, int]
) -> None:
    for file in files:
        load_suggested(session, shared_data / file)
    results = run_checks(session, schema_of(session), AsOf.parse(day, "Europe/London"))
    found = {each.name: each.failing for each in results if each.failing}
    assert {name: found.get(name) for name in wanted} == wanted
