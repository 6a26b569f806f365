"""Files that tell of nothing but what was given back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from tests.data.test_shared_data import load_suggested

from segmentry.core.time import AsOf
from segmentry.data.available import schema_of
from segmentry.data.checks import run_checks
from segmentry.data.load import LoadResult
from segmentry.data.matching import match
from segmentry.data.source import stage
from segmentry.data.suggest import suggest
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
START = datetime(2024, 1, 1)
SALES = {
    "orders": {"order_id": "order", "customer_id": "who", "ordered_at": "at"},
    "order_lines": {"order_id": "order", "product_id": "what", "quantity": "n"},
}
PRODUCTS = {"products": {"product_id": "what", "price": "price"}}


@pytest.fixture
def shop(session: DuckDB, load_rows: Load) -> DuckDB:
    """Ten products and a sale of one each second day, to five customers."""
    load_rows([{"what": f"p{n}", "price": 10.0 + n} for n in range(10)], entities=PRODUCTS)
    sales = [
        {"order": f"o{n}", "who": f"c{n % 5}", "at": START + timedelta(days=2 * n),
         "what": f"p{n % 10}", "n": 2.0}
        for n in range(180)
    ]  # fmt: skip
    load_rows(sales, entities=SALES)
    return session


def returned(count: int = 40, years: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "ReturnDate": (START + timedelta(days=30 + 8 * (n // 2))).replace(year=2024 + years),
            "TerritoryKey": str(n % 2),
            "ProductKey": f"p{n % 10}",
            "ReturnQuantity": 1.0 + (n % 7 == 0),
        }
        for n in range(count)
    ]


def load_returns(session: DuckDB, load_rows: Load, rows: list[dict[str, Any]]) -> LoadResult:
    staged = stage(session, pa.Table.from_pylist(rows))
    suggestion = suggest(session, staged)
    staged.drop(session)
    assert not suggestion.missing
    assert not suggestion.questions
    return load_rows(rows, **suggestion.mapping.model_dump(exclude={"currency", "read"}))


def of_customers(session: DuckDB) -> list[tuple[Any, ...]]:
    return session.rows(
        "SELECT customer_no, count(*), sum(net_amount), sum(returned_amount) FROM orders"
        " WHERE customer_no IS NOT NULL GROUP BY ALL ORDER BY ALL"
    )


@pytest.mark.parametrize(
    "names",
    [
        ("ReturnDate", "TerritoryKey", "ProductKey", "ReturnQuantity"),
        ("Returned On", "SKU", "Qty"),
        ("Дата повернення", "Артикул", "Кількість"),
        ("Дата возврата", "Артикул", "Сумма возврата"),
        ("Data zwrotu", "SKU", "Ilość"),
        ("تاریخ مرجوعی", "کد کالا", "تعداد"),
        ("refund_date", "customer_id", "refund_amount"),
    ],
)
def test_the_header_tells(names: tuple[str, ...]) -> None:
    found = match(names, None)
    assert found is not None
    assert found.returned
    assert found.attributes["orders"]["ordered_at"] == names[:1]


@pytest.mark.parametrize(
    "names",
    [
        ("order_id", "customer_id", "order_date", "sku", "quantity", "return_date"),
        ("order_id", "sku", "quantity", "return_date"),
        ("customer_id", "order_date", "amount", "refund_amount"),
    ],
)
def test_sales_with_a_column_of_returns_stay_sales(names: tuple[str, ...]) -> None:
    found = match(names, None)
    assert found is not None
    assert not found.returned


def test_returns_of_nobody(shop: DuckDB, load_rows: Load) -> None:
    before = of_customers(shop)
    result = load_returns(shop, load_rows, returned())
    lines = result.entities["order_lines"]
    assert (lines.records, lines.accepted, lines.rejected) == (40, 40, 0)
    treated = {(each.kind, each.records, each.policy) for each in result.treatments}
    assert treated == {("returns", 40, "return"), ("missing_customer", 40, "guest")}
    back = sum((10 + n % 10) * (1 + (n % 7 == 0)) for n in range(40))
    assert shop.rows(
        "SELECT kind, count(*), sum(quantity), sum(gross_amount), sum(returned_amount),"
        " count(customer_no), count(DISTINCT order_id) FROM order_lines WHERE kind <> 'purchase'"
        " GROUP BY kind"
    ) == [("return", 40, -46.0, 0, Decimal(back), 0, 40)]
    assert shop.rows("SELECT count(*), sum(returned_amount) FROM orders WHERE NOT is_purchase") == [
        (40, Decimal(back))
    ]
    assert of_customers(shop) == before


def test_a_second_time_changes_nothing(shop: DuckDB, load_rows: Load) -> None:
    rows = [*returned(), returned(1)[0]]  # twice the same: two were given back
    first = load_returns(shop, load_rows, rows)
    assert first.entities["order_lines"].accepted == 41
    again = load_returns(shop, load_rows, rows[::-1])
    assert again.entities["order_lines"].unchanged == 41
    rows[5] |= {"ReturnQuantity": 9.0}
    corrected = load_returns(shop, load_rows, rows)
    counts = corrected.entities["order_lines"]
    assert (counts.updated, counts.accepted, counts.unchanged) == (1, 1, 40)
    assert shop.value("SELECT min(quantity) FROM order_lines") == -9.0


def test_a_return_is_never_taken_for_a_sale(shop: DuckDB, load_rows: Load) -> None:
    """Order, product and customer of the sale, in a file of returns: the sale stays."""
    entities = {
        "orders": {"order_id": "order", "ordered_at": "at"},
        "order_lines": {"order_id": "order", "product_id": "what", "amount": "sum"},
    }
    rows = [{"order": "o1", "at": START + timedelta(days=9), "what": "p1", "sum": 5.0}]
    load_rows(rows, entities=entities, policies={"records": "returned"})
    assert shop.rows(
        "SELECT kind, quantity, net_amount, customer_no IS NULL FROM order_lines"
        " WHERE order_id = 'o1' ORDER BY kind"
    ) == [("purchase", 2.0, Decimal(22), False), ("return", -1.0, Decimal(-5), False)]


def test_refunds_of_customers(shop: DuckDB, load_rows: Load) -> None:
    rows = [
        {"refund_date": START, "customer_id": "c0", "refund_amount": sum_} for sum_ in (3.0, -4.0)
    ]
    load_returns(shop, load_rows, rows)
    assert shop.rows(
        "SELECT sum(returned_amount), sum(gross_amount) FROM orders o JOIN customers USING"
        " (customer_no) WHERE customer_id = 'c0' AND ordered_at = '2024-01-01' AND NOT is_purchase"
    ) == [(Decimal(7), 0)]


@pytest.mark.parametrize(("years", "way"), [(-2, "2 years added to"), (3, "3 years taken from")])
def test_another_clock_is_named(shop: DuckDB, load_rows: Load, years: int, way: str) -> None:
    load_returns(shop, load_rows, returned(years=years))
    as_of = AsOf.parse("2026-06-01", "UTC")
    results = {each.name: each for each in run_checks(shop, schema_of(shop), as_of)}
    assert results["other_clock_returns"].sentence() == (
        "40 of 40 returns lie before the first purchase of all, or more than a year after the"
        f" last; with {way} their times all are right."
    )
    assert results["return_before_sale"].failing == (40 if years < 0 else 0)


def test_the_right_clock_is_not_doubted(shop: DuckDB, load_rows: Load) -> None:
    load_returns(shop, load_rows, returned())
    as_of = AsOf.parse("2025-01-01", "UTC")
    results = {each.name: each for each in run_checks(shop, schema_of(shop), as_of)}
    assert results["other_clock_returns"].passed
    assert results["return_before_sale"].passed


def test_what_was_never_sold_is_no_matter_of_clocks(shop: DuckDB, load_rows: Load) -> None:
    load_rows([{"what": "z", "price": 1.0}], entities=PRODUCTS)
    load_returns(shop, load_rows, [each | {"ProductKey": "z"} for each in returned()])
    as_of = AsOf.parse("2025-01-01", "UTC")
    results = {each.name: each for each in run_checks(shop, schema_of(shop), as_of)}
    assert results["return_before_sale"].sentence() == (
        "40 of 40 returns lie before the first sale of their product."
    )


def test_adventureworks(session: DuckDB, shared_data: Path) -> None:
    folder = shared_data / "adventureworks"
    for name in ("Products", "Sales"):
        load_suggested(session, folder / f"{name}.csv")
    before = of_customers(session)
    counts = load_suggested(session, folder / "Returns.csv").entities["order_lines"]
    assert (counts.records, counts.accepted, counts.rejected) == (1_809, 1_809, 0)
    again = load_suggested(session, folder / "Returns.csv").entities["order_lines"]
    assert again.unchanged == 1_809
    assert session.value("SELECT sum(quantity) FROM order_lines WHERE kind = 'return'") == -1_828
    assert of_customers(session) == before
    as_of = AsOf.parse("2019-07-01", "Europe/London")
    results = {each.name: each for each in run_checks(session, schema_of(session), as_of)}
    assert results["return_before_sale"].sentence() == (
        "1,809 of 1,809 returns lie before the first sale of their product; with 2 years added to"
        " their times all are right."
    )
    assert results["other_clock_returns"].failing == 849
    assert "with 2 years added" in results["other_clock_returns"].sentence()
