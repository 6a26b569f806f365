"""Orders from a file of orders."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
NOON = datetime(2024, 5, 6, 12)
BARE = {"customer_id": "who", "ordered_at": "at", "amount": "sum"}
WITH_ID = {"orders": BARE | {"order_id": "order"}}


def order(
    amount: object, who: str | None = "ann", at: datetime = NOON, **more: Any
) -> dict[str, Any]:
    return {"who": who, "at": at, "sum": amount} | more


def test_only_customer_time_and_amount_are_needed(session: DuckDB, load_rows: Load) -> None:
    result = load_rows([order(10), order(-4), order(0)], entities={"orders": BARE})
    assert session.rows(
        "SELECT gross_amount, returned_amount, net_amount, is_purchase, amount_stated FROM orders"
        " ORDER BY net_amount"
    ) == [(0, 4, -4, False, True), (0, 0, 0, False, True), (10, 0, 10, True, True)]
    assert {each.kind: each.records for each in result.treatments} == {
        "returns": 1, "zero_price": 1,
    }  # fmt: skip


def test_made_ids_count_up_by_amount(session: DuckDB, load_rows: Load) -> None:
    rows = [order(7), order(5), order(7), order(5, who="bob"), order(3, who=None)]
    result = load_rows(rows, entities={"orders": BARE})
    assert session.rows("SELECT order_id, gross_amount FROM orders ORDER BY 1") == [
        ("ann|2024-05-06 12:00:00|1", 5),
        ("ann|2024-05-06 12:00:00|2", 7),
        ("ann|2024-05-06 12:00:00|3", 7),
        ("bob|2024-05-06 12:00:00|1", 5),
        ("|2024-05-06 12:00:00|1", 3),
    ]
    assert result.entities["orders"].accepted == 5
    again = load_rows(rows[::-1], entities={"orders": BARE})
    assert again.entities["orders"].unchanged == 5


def test_an_id_that_repeats(session: DuckDB, load_rows: Load) -> None:
    rows = [
        order(10, order="1"), order(10, order="1"), order(12, order="1"), order(5, order="2"),
    ]  # fmt: skip
    counts = load_rows(rows, entities=WITH_ID).entities["orders"]
    assert (counts.records, counts.accepted, counts.unchanged, counts.rejected) == (4, 2, 0, 2)
    assert session.rows("SELECT order_id, gross_amount FROM orders ORDER BY 1") == [
        ("1", 12), ("2", 5),
    ]  # fmt: skip
    assert session.rows("SELECT DISTINCT reason FROM rejected_records") == [
        ("another record with the same key says something else",)
    ]


def test_an_id_that_repeats_in_equal_records_counts_as_unchanged(
    session: DuckDB, load_rows: Load
) -> None:
    result = load_rows([order(10, order="1"), order(10, order="1")], entities=WITH_ID)
    counts = result.entities["orders"]
    assert (counts.records, counts.accepted, counts.unchanged, counts.rejected) == (2, 1, 1, 0)
    assert result.sums == {
        "read": 20, "accepted": 10, "unchanged": 10, "rejected": 0, "left_out": 0,
    }  # fmt: skip


def test_a_file_of_orders_wins_over_sums_of_lines(session: DuckDB, load_rows: Load) -> None:
    lines = {
        "order_lines": {"order_id": "order", "product_id": "item", "amount": "sum"},
        "orders": {"customer_id": "who", "ordered_at": "at", "channel": "channel"},
    }
    of_lines = [order(4, order="1", item=item, channel="web") for item in "abc"]
    load_rows(of_lines, entities=lines)
    assert session.value("SELECT gross_amount FROM orders") == 12
    moved = NOON.replace(hour=18)
    load_rows([order(Decimal("13.50"), who="bob", at=moved, order="1")], entities=WITH_ID)
    assert session.rows(
        "SELECT customer_id, o.ordered_at, gross_amount, channel FROM orders o"
        " JOIN customers USING (customer_no)"
    ) == [("bob", moved, Decimal("13.5"), "web")]
    assert session.rows(
        "SELECT DISTINCT customer_id, l.ordered_at, l.ordered_hour FROM order_lines l"
        " JOIN customers USING (customer_no)"
    ) == [("bob", moved, 18)]
    again = load_rows([*of_lines, order(4, order="1", item="d", channel="app")], entities=lines)
    assert session.rows("SELECT gross_amount, channel FROM orders") == [(Decimal("13.5"), "app")]
    assert again.entities["order_lines"].accepted == 1


@pytest.mark.parametrize(("policy", "records"), [("guest", 1), ("reject", 0)])
def test_orders_without_customer(
    session: DuckDB, load_rows: Load, policy: str, records: int
) -> None:
    rows = [order(10, who=None, order="1"), order(10, order="2")]
    result = load_rows(rows, entities=WITH_ID, policies={"missing_customer": policy})
    assert session.value("SELECT count(*) FROM orders WHERE customer_no IS NULL") == records
    assert result.entities["orders"].rejected == 1 - records


def test_cancelled_and_refunded_orders(session: DuckDB, load_rows: Load) -> None:
    entities = {"orders": WITH_ID["orders"] | {"status": "status"}}
    states = ("paid", "Cancelled", "refunded")
    rows = [order(10, order=str(number), status=state) for number, state in enumerate(states)]
    load_rows(rows, entities=entities)
    assert session.rows(
        "SELECT status, gross_amount, returned_amount, is_purchase FROM orders ORDER BY order_id"
    ) == [("paid", 10, 0, True), ("Cancelled", 0, 0, False), ("refunded", 10, 10, True)]
