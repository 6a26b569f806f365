"""Order lines: what each becomes, and the orders they make."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from segmentry.core.errors import MappingError
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
MONDAY = datetime(2024, 3, 4, 9, 30)
ENTITIES = {
    "order_lines": {
        "order_id": "order",
        "product_id": "item",
        "quantity": "n",
        "unit_price": "price",
    },
    "orders": {"customer_id": "who", "ordered_at": "at"},
}


def line(
    order: str | None, item: str, n: float = 1, price: float = 10, **more: Any
) -> dict[str, Any]:
    return {"order": order, "who": "ann", "at": MONDAY, "item": item, "n": n, "price": price} | more


def kinds(session: DuckDB) -> dict[str, tuple[str, Decimal, Decimal, bool]]:
    rows = session.rows(
        "SELECT product_id, kind, gross_amount, returned_amount, is_product FROM order_lines"
    )
    return {item: tuple(rest) for item, *rest in rows}


def treated(result: LoadResult) -> dict[str, int]:
    return {each.kind: each.records for each in result.treatments}


def test_each_kind_of_line(session: DuckDB, load_rows: Load) -> None:
    result = load_rows(
        [
            line("100", "cup", 3, 1.5),
            line("101", "plate", -2, 4),
            line("102", "sample", 1, 0),
            line("103", "lost", -5, 0),
            line("104", "POST", 1, 7),
            line("C105", "vase", -1, 20),
        ],
        entities=ENTITIES,
    )
    assert kinds(session) == {
        "cup": ("purchase", Decimal("4.5"), Decimal(0), True),
        "plate": ("return", Decimal(0), Decimal(8), True),
        "sample": ("free", Decimal(0), Decimal(0), True),
        "lost": ("return", Decimal(0), Decimal(0), True),
        "POST": ("purchase", Decimal(7), Decimal(0), False),
        "vase": ("cancellation", Decimal(0), Decimal(20), True),
    }
    assert treated(result) == {
        "cancellations": 1, "returns": 2, "zero_price": 1, "non_products": 1,
    }  # fmt: skip
    assert result.entities["order_lines"].accepted == 6


def test_a_prefix_marks_cancellations_only_among_numbers(session: DuckDB, load_rows: Load) -> None:
    load_rows([line("C1", "a"), line("C2", "b"), line("W3", "c")], entities=ENTITIES)
    assert {kind for kind, *_ in kinds(session).values()} == {"purchase"}


@pytest.mark.parametrize(
    ("status", "kind", "gross", "returned"),
    [
        ("paid", "purchase", 10, 0),
        ("Cancelled", "cancellation", 0, 0),
        ("скасовано", "cancellation", 0, 0),
        ("refunded", "purchase", 10, 10),
        (None, "purchase", 10, 0),
    ],
)
def test_the_state_of_an_order_decides(
    session: DuckDB, load_rows: Load, status: str | None, kind: str, gross: int, returned: int
) -> None:
    entities = ENTITIES | {"orders": ENTITIES["orders"] | {"status": "status"}}
    result = load_rows(
        [line("1", "cup", status=status), line("2", "cup", price=1, status="paid")],
        entities=entities,
    )
    found = session.rows(
        "SELECT kind, gross_amount, returned_amount FROM order_lines WHERE order_id = '1'"
    )
    assert found == [(kind, gross, returned)]
    assert result.sums["left_out"] == 10 - (gross - returned)


@pytest.mark.parametrize(
    ("policy", "of", "reason"),
    [
        ("returns", "plate", "it is a return"),
        ("zero_price", "sample", "it costs nothing"),
        ("non_products", "POST", "it is not a product"),
        ("cancellations", "vase", "the order was cancelled"),
        ("missing_customer", "egg", "the customer is missing"),
    ],
)
def test_what_policy_refuses_is_listed(
    session: DuckDB, load_rows: Load, policy: str, of: str, reason: str
) -> None:
    rows = [
        line("100", "cup"), line("101", "plate", -2), line("102", "sample", 1, 0),
        line("103", "POST"), line("C104", "vase", -1), line("105", "egg", who=None),
    ]  # fmt: skip
    result = load_rows(rows, entities=ENTITIES, policies={policy: "reject"})
    counts = result.entities["order_lines"]
    assert (counts.records, counts.accepted, counts.rejected) == (6, 5, 1)
    assert of not in kinds(session)
    assert session.rows("SELECT record_no, reason FROM rejected_records") == [
        ([each["item"] for each in rows].index(of) + 1, reason)
    ]
    assert result.sums["read"] == result.sums["accepted"] + result.sums["rejected"]


def test_orders_are_sums_of_their_lines(session: DuckDB, load_rows: Load) -> None:
    result = load_rows(
        [
            line("1", "a", 2, 5),
            line("1", "b", 1, 2.5),
            line("1", "c", -1, 1),
            line("2", "d", -1, 3),
        ],
        entities=ENTITIES,
    )
    assert session.rows(
        "SELECT order_id, gross_amount, returned_amount, net_amount, is_purchase, amount_stated"
        " FROM orders ORDER BY order_id"
    ) == [
        ("1", Decimal("12.5"), 1, Decimal("11.5"), True, False),
        ("2", 0, 3, -3, False, False),
    ]
    assert {name: each.records for name, each in result.entities.items()} == {
        "order_lines": 4, "orders": 2, "customers": 1,
    }  # fmt: skip


def test_guests_count_in_totals_but_for_nobody(session: DuckDB, load_rows: Load) -> None:
    result = load_rows([line("1", "a", who=None), line("2", "b")], entities=ENTITIES)
    assert session.rows("SELECT order_id, customer_no FROM orders ORDER BY order_id") == [
        ("1", None), ("2", 0),
    ]  # fmt: skip
    assert treated(result)["missing_customer"] == 1


def test_the_first_line_decides_whose_order_it_is(session: DuckDB, load_rows: Load) -> None:
    later = MONDAY.replace(hour=18)
    result = load_rows(
        [line("1", "a", who="bob", at=later), line("1", "b", who="ann"), line("1", "c", who=None)],
        entities=ENTITIES,
    )
    query = (
        "SELECT DISTINCT customer_id, ordered_at, ordered_hour FROM {} JOIN customers"
        " USING (customer_no)"
    )
    for table in ("orders", "order_lines"):
        assert session.rows(query.format(table)) == [("ann", MONDAY, 9)]
    assert treated(result)["mixed_orders"] == 1
    assert session.value("SELECT count(*) FROM order_lines") == 3


def test_an_order_whose_time_stands_on_its_first_line_only(
    session: DuckDB, load_rows: Load
) -> None:
    result = load_rows(
        [line("1", "a"), line("1", "b", who=None, at=None), line("2", "c", at=None)],
        entities=ENTITIES,
    )
    assert session.rows("SELECT count(*), count(DISTINCT ordered_at) FROM order_lines") == [(2, 1)]
    assert result.entities["order_lines"].rejected == 1
    assert session.rows("SELECT reason FROM rejected_records") == [("the order's time is missing",)]
    assert "mixed_orders" not in treated(result)


def test_days_and_hours_are_local(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [line("1", "a", at=datetime(2024, 7, 1, 0, 30))], entities=ENTITIES, timezone="Europe/Kyiv"
    )
    for table in ("orders", "order_lines"):
        assert session.rows(f"SELECT ordered_at, ordered_on, ordered_hour FROM {table}") == [
            (datetime(2024, 6, 30, 21, 30), date(2024, 7, 1), 0)
        ]


def test_amounts_are_exact_and_rounded_once(session: DuckDB, load_rows: Load) -> None:
    rows = [
        line("1", "a", 0.1, 0.3), line("2", "b", 3, 0.3333), line("3", "c", 0.00005, 1),
        line("4", "d", -0.00005, 1),
    ]  # fmt: skip
    load_rows(rows, entities=ENTITIES)
    found = session.rows("SELECT net_amount FROM order_lines ORDER BY order_id")
    assert [str(each) for (each,) in found] == ["0.0300", "0.9999", "0.0001", "-0.0001"]


def test_equal_lines_are_kept_and_counted(session: DuckDB, load_rows: Load) -> None:
    result = load_rows([line("1", "a"), line("1", "a"), line("1", "a", 2)], entities=ENTITIES)
    assert session.value("SELECT count(DISTINCT line_key) FROM order_lines") == 3
    assert session.value("SELECT gross_amount FROM orders") == 40
    assert treated(result)["exact_duplicates"] == 1
    again = load_rows(
        [line("1", "a"), line("1", "a"), line("1", "a", 2)],
        entities=ENTITIES,
        policies={"exact_duplicates": "reject"},
    )
    assert again.entities["order_lines"].rejected == 1


def test_a_copy_of_a_numbered_line_tells_it_again(session: DuckDB, load_rows: Load) -> None:
    entities = ENTITIES | {"order_lines": ENTITIES["order_lines"] | {"line_no": "no"}}
    first, second = line("1", "a", no="1"), line("1", "b", no="2")
    result = load_rows([first, first, second, first], entities=entities)
    assert session.rows("SELECT gross_amount FROM orders") == [(20,)]
    counts = result.entities["order_lines"]
    assert (counts.records, counts.accepted, counts.unchanged) == (4, 2, 2)
    assert sum(result.sums[name] for name in ("accepted", "unchanged")) == result.sums["read"]


def test_many_lines_with_running_numbers(session: DuckDB, load_rows: Load) -> None:
    entities = ENTITIES | {"order_lines": ENTITIES["order_lines"] | {"line_no": "no"}}
    rows = [line(str(n // 100), "a", no=str(n)) for n in range(500)]
    load_rows([*rows, line("0", "b", no="7")], entities=entities)
    assert session.value("SELECT count(DISTINCT (order_id, line_key)) FROM order_lines") == 501


def test_orders_without_a_number_are_called_after_customer_and_time(
    session: DuckDB, load_rows: Load
) -> None:
    lines = {"product_id": "item", "quantity": "n", "unit_price": "price"}
    load_rows(
        [line(None, "a"), line(None, "b"), line(None, "a", who="bob")],
        entities={"order_lines": lines, "orders": ENTITIES["orders"]},
    )
    assert session.rows("SELECT order_id, gross_amount FROM orders ORDER BY order_id") == [
        ("ann|2024-03-04 09:30:00", 20), ("bob|2024-03-04 09:30:00", 10),
    ]  # fmt: skip


def test_lines_without_prices_take_them_from_the_catalogue(
    session: DuckDB, load_rows: Load
) -> None:
    bare = {"order_id": "order", "product_id": "item", "quantity": "n"}
    entities = {"order_lines": bare, "orders": ENTITIES["orders"]}
    with pytest.raises(MappingError, match="load products with their `price` first"):
        load_rows([line("1", "a", 3)], entities=entities)
    load_rows(
        [{"id": "a", "price": Decimal("2.50")}],
        entities={"products": {"product_id": "id", "price": "price"}},
    )
    result = load_rows([line("1", "a", 3), line("1", "unknown")], entities=entities)
    assert session.value("SELECT gross_amount FROM orders") == Decimal("7.5")
    assert result.entities["order_lines"].rejected == 1


def test_products_and_traits_told_by_lines(session: DuckDB, load_rows: Load) -> None:
    later = MONDAY.replace(day=5)
    rows = [
        line("1", "a", name="Cup", town="Kyiv"), line("2", "a", name="cup?", town="Lviv", at=later),
        line("3", "a", name="Cup", town=None, at=later), line("4", "b", name=None, town=None),
    ]  # fmt: skip
    result = load_rows(
        rows,
        entities=ENTITIES | {"products": {"name": "name"}, "customers": {"city": "town"}},
        extras={"order_lines": {"remark": "name"}},
    )
    assert session.rows("SELECT product_id, name FROM products ORDER BY 1") == [
        ("a", "Cup"), ("b", None),
    ]  # fmt: skip
    assert session.rows("SELECT customer_id, city, registered FROM customers") == [
        ("ann", "Lviv", False)
    ]
    assert session.rows("SELECT remark FROM order_lines WHERE order_id = '2'") == [("cup?",)]
    assert result.entities["products"].records == 2


def test_lines_of_orders_that_are_loaded_before_or_after(session: DuckDB, load_rows: Load) -> None:
    bare = {"order_lines": ENTITIES["order_lines"]}
    orders = {
        "orders": {"order_id": "order", "customer_id": "who", "ordered_at": "at", "amount": "sum"}
    }
    load_rows([line("1", "a"), line("2", "b")], entities=bare)
    assert session.rows("SELECT DISTINCT customer_no, ordered_at FROM order_lines") == [
        (None, None)
    ]
    assert session.value("SELECT count(*) FROM orders") == 0
    stated = [
        {"order": number, "who": "ann", "at": MONDAY, "sum": Decimal("12.00")} for number in "123"
    ]
    load_rows(stated, entities=orders)
    load_rows([line("3", "c")], entities=bare)
    assert session.rows("SELECT order_id, customer_no, ordered_at FROM order_lines ORDER BY 1") == [
        (number, 0, MONDAY) for number in "123"
    ]
    assert session.rows("SELECT DISTINCT gross_amount, amount_stated FROM orders") == [(12, True)]


def test_large_amounts_are_exact_and_too_large_ones_refused(
    session: DuckDB, load_rows: Load
) -> None:
    rows = [
        line("1", "a", 1_000_000, 123_456.7891),
        line("2", "b", 20_000, 1),
        line("3", "c", 1, 50_000),
        line("4", "d", 1e12, 1e9),
    ]
    result = load_rows(rows, entities=ENTITIES)
    assert session.rows("SELECT net_amount FROM order_lines ORDER BY order_id") == [
        (Decimal(123456789100),), (20_000,), (50_000,),
    ]  # fmt: skip
    assert result.entities["order_lines"].rejected == 1
    dollars = {"orders": {"currency": "USD"}}
    converted = load_rows(
        rows[2:3], entities=ENTITIES, constants=dollars, rates={"USD": Decimal(40)}
    )
    assert converted.sums["read"] == 2_000_000
