"""The ledger of changes, and the rows that each load leaves its number on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from segmentry.data.changes import (
    UNITS,
    changed_before,
    changes_since,
    last_change,
    last_load,
)
from segmentry.data.identity import decisions
from segmentry.data.identity.links import settle
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
MAY, JUNE, JULY = (datetime(2024, month, 1) for month in (5, 6, 7))
ORDERS = {
    "orders": {"order_id": "order", "customer_id": "who", "ordered_at": "at", "amount": "sum"}
}


def order(number: int, at: datetime, amount: int = 10, who: str = "a") -> dict[str, object]:
    return {"order": f"o{number}", "who": who, "at": at, "sum": Decimal(amount)}


def noted(session: DuckDB, since: int = 0) -> dict[str, tuple[object, ...]]:
    return {
        each.relation: (each.added, each.replaced, each.earliest, each.latest)
        for each in changes_since(session, since)
    }


def test_a_load_notes_what_it_added_and_between_which_instants(session, load_rows: Load):
    load_rows([order(1, JUNE), order(2, MAY, who="b")], entities=ORDERS)
    assert noted(session) == {"customers": (2, 0, None, None), "orders": (2, 0, MAY, JUNE)}


def test_rows_bear_the_number_of_the_load_that_touched_them_last(session, load_rows: Load):
    load_rows([order(1, MAY), order(2, MAY)], entities=ORDERS)
    load_rows([order(2, MAY, 11), order(3, JUNE)], entities=ORDERS)
    numbers = session.rows("SELECT order_id, load_id FROM orders ORDER BY 1")
    assert numbers == [("o1", 1), ("o2", 2), ("o3", 2)]
    assert last_load(session) == 2


def test_a_row_that_moves_in_time_counts_from_its_earlier_instant(session, load_rows: Load):
    load_rows([order(1, MAY), order(2, JUNE)], entities=ORDERS)
    before = last_change(session)
    load_rows([order(1, JULY)], entities=ORDERS)
    assert noted(session, before)["orders"] == (0, 1, MAY, JULY)


def test_equal_rows_leave_no_note(session, load_rows: Load):
    rows = [order(1, MAY), order(2, JUNE)]
    load_rows(rows, entities=ORDERS)
    before = last_change(session)
    load_rows(rows[::-1], entities=ORDERS)
    assert changes_since(session, before) == []


def test_only_what_reaches_back_before_the_instant_is_told(session, load_rows: Load):
    load_rows([order(1, MAY)], entities=ORDERS)
    before = last_change(session)
    load_rows([order(2, JUNE)], entities=ORDERS)
    assert changed_before(session, JUNE, since=before) == []
    assert changed_before(session, JULY, since=before) == ["orders"]
    assert changed_before(session, JULY, since=last_change(session)) == []


def test_lines_that_move_with_their_order_are_noted(session, load_rows: Load):
    lines = {
        "orders": {"order_id": "order", "customer_id": "who", "ordered_at": "at"},
        "order_lines": {"amount": "sum", "product_id": "what"},
    }
    load_rows([{**order(1, MAY), "what": "p"}], entities=lines)
    before = last_change(session)
    load_rows([order(1, JULY)], entities=ORDERS)
    assert noted(session, before)["order_lines"] == (0, 1, MAY, JULY)
    assert session.rows("SELECT load_id FROM order_lines") == [(2,)]


def test_a_merge_of_customers_is_noted_for_all_times_and_its_repetition_is_not(
    session, load_rows: Load
):
    load_rows([order(1, MAY), order(2, JUNE, who="b")], entities=ORDERS)
    before = last_change(session)
    decisions.merge(session, 0, [1], JULY, "")
    assert changed_before(session, MAY, since=before) == [UNITS]
    before = last_change(session)
    settle(session)
    assert changes_since(session, before) == []
