"""Checks: each finds its defect, none alarms on a clean shop."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from segmentry.core.time import AsOf
from segmentry.data.available import schema_of
from segmentry.data.checks import CheckResult, Severity, remember, run_checks, trust
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
Row = dict[str, Any]
START = datetime(2024, 1, 1, 9)
AS_OF = AsOf.parse("2024-04-01", "UTC")
ORDERS = {
    "orders": {
        "order_id": "order", "customer_id": "who", "ordered_at": "at", "amount": "sum",
        "currency": "money",
    }
}  # fmt: skip
PEOPLE = {
    "customers": {
        "customer_id": "id", "email": "mail", "sex": "sex", "birth_on": "born", "phone": "phone",
        "signed_up_at": "joined",
    }
}  # fmt: skip


def orders(count: int = 360) -> list[Row]:
    """Four orders a day, in the daytime, by thirty customers, until the last of March."""
    return [
        {
            "order": f"o{number}",
            "who": f"c{number * 7 % 30}",
            "at": START + timedelta(hours=24 * (number // 4) + 3 * (number % 4), minutes=10),
            "sum": 10 + number % 17,
            "money": "EUR",
        }
        for number in range(count)
    ]


def people() -> list[Row]:
    return [
        {
            "id": f"c{number}",
            "mail": f"person{number}@shop.ua",
            "sex": "female" if number % 2 else "male",
            "born": (START - timedelta(days=365 * (20 + number))).date(),
            "phone": f"+38050123{number:04}",
            "joined": datetime(2023, 5, 1),
        }
        for number in range(30)
    ]


def run(session: DuckDB, as_of: AsOf = AS_OF) -> dict[tuple[str, str], CheckResult]:
    return {
        (each.name, each.entity): each for each in run_checks(session, schema_of(session), as_of)
    }


def test_a_clean_shop_passes_everything(session: DuckDB, load_rows: Load) -> None:
    load_rows(people(), entities=PEOPLE)
    load_rows(orders(), entities=ORDERS)
    found = run(session)
    assert [name for name, each in found.items() if each.failing] == []
    assert trust(found.values()).score == 100
    assert len(found) >= 25


def test_nothing_loaded_is_nothing_checked(session: DuckDB) -> None:
    assert run(session) == {}
    assert trust([]).score == 100


def change(number: int, **fields: Any) -> Callable[[list[Row]], None]:
    return lambda rows: rows[number].update(fields)


def drop(start: int, end: int) -> Callable[[list[Row]], None]:
    def run(rows: list[Row]) -> None:
        del rows[start:end]

    return run


def to_one_customer(rows: list[Row]) -> None:
    for row in rows[:200]:
        row["who"] = "0000"


def to_the_night(rows: list[Row]) -> None:
    for row in rows:
        row["at"] = row["at"].replace(hour=3)


@pytest.mark.parametrize(
    ("name", "failing", "spoil"),
    [
        ("missing_customer", 100, lambda rows: [r.update(who=None) for r in rows[:100]]),
        ("future_dates", 1, change(5, at=datetime(2026, 1, 3))),
        ("stray_dates", 1, change(5, at=datetime(1970, 1, 1))),
        ("outlier_amount", 1, change(5, sum=1_000_000)),
        ("currency_mix", 2, lambda rows: [r.update(money="USD") for r in rows[3:5]]),
        ("freshness", 1, drop(200, 360)),
        ("sudden_drop", 1, drop(310, 334)),
        ("placeholder_customers", 1, to_one_customer),
        ("night_orders", 360, to_the_night),
        ("repeated_orders", 1, lambda rows: rows.append(rows[7] | {"order": "again"})),
        ("orders_without_value", 9, lambda rows: [r.update(sum=0) for r in rows[:9]]),
        ("negative_total", 1, lambda rows: rows.append(rows[0] | {"order": "r", "sum": -900})),
        ("order_before_sign_up", 1, change(5, at=datetime(2023, 4, 1))),
        ("unknown_customers", 1, change(5, who="stranger")),
    ],
)  # fmt: skip
def test_defects_of_orders_are_found(
    session: DuckDB, load_rows: Load, name: str, failing: int, spoil: Callable[[list[Row]], None]
) -> None:
    rows = orders()
    spoil(rows)
    load_rows(people(), entities=PEOPLE)
    load_rows(rows, entities=ORDERS, rates={"USD": Decimal(1)})
    [result] = [each for (found, _), each in run(session).items() if found == name]
    assert result.failing == failing
    assert not result.passed
    assert result.sample
    assert result.sentence().startswith((f"{failing} of", "The latest", "Orders of the last"))


@pytest.mark.parametrize(
    ("name", "spoil"),
    [
        ("email_shape", change(3, mail="nobody")),
        ("email_of_nobody", change(3, mail="info@shop.ua")),
        ("shared_email", lambda rows: [r.update(mail="One@shop.ua") for r in rows[:2]]),
        ("phone_digits", change(3, phone="12")),
        ("sex_words", change(3, sex="qq")),
        ("birth_day", change(3, born=datetime(2025, 1, 1).date())),
        ("birth_day", change(3, born=datetime(1880, 1, 1).date())),
        ("fill_email", lambda rows: [r.update(mail=None) for r in rows[:9]]),
    ],
)
def test_defects_of_customers_are_found(
    session: DuckDB, load_rows: Load, name: str, spoil: Callable[[list[Row]], None]
) -> None:
    rows = people()
    spoil(rows)
    load_rows(rows, entities=PEOPLE)
    load_rows(orders(), entities=ORDERS)
    result = run(session)[name, "customers"]
    assert result.failing
    assert not result.passed


def test_personal_values_are_masked_unless_asked(session: DuckDB, load_rows: Load) -> None:
    load_rows([people()[0] | {"mail": "nobody"}], entities=PEOPLE)
    [masked] = [
        each for each in run_checks(session, schema_of(session), AS_OF)
        if each.name == "email_shape"
    ]  # fmt: skip
    assert masked.sample == ({"customer_id": "c0", "email": "n…"},)
    [shown] = [
        each for each in run_checks(session, schema_of(session), AS_OF, masked=())
        if each.name == "email_shape"
    ]  # fmt: skip
    assert shown.sample == ({"customer_id": "c0", "email": "nobody"},)


def test_lines_against_orders_products_and_each_other(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [{"id": "a", "price": 5, "cost": 9}],
        entities={"products": {"product_id": "id", "price": "price", "cost": "cost"}},
    )
    load_rows(orders(3), entities=ORDERS)
    line = {"order": "o0", "item": "a", "n": 1, "price": 5}
    rows = [line, line, line | {"order": "o1", "item": "zz"}, line | {"order": "lost"}]
    load_rows(
        [*rows, line | {"order": "o1", "n": 1, "price": -1}],
        entities={
            "order_lines": {
                "order_id": "order", "product_id": "item", "quantity": "n", "unit_price": "price",
            }
        },
    )  # fmt: skip
    found = {name: (each.failing, each.of) for name, each in run(session).items()}
    assert found["lines_without_order", "order_lines"] == (1, 5)
    assert found["unknown_products", "order_lines"] == (1, 5)
    assert found["orders_without_lines", "orders"] == (1, 3)
    assert found["orders_against_lines", "orders"] == (1, 2)
    assert found["exact_duplicates", "records"] == (1, 5)
    assert found["negative_price", "order_lines"] == (1, 5)
    assert found["price_below_cost", "products"] == (1, 1)
    assert found["books", "loads"] == (0, 2)


def test_books_that_were_tampered_with_are_found(session: DuckDB, load_rows: Load) -> None:
    load_rows(orders(), entities=ORDERS)
    session.execute("UPDATE loads SET sums = '{\"read\": \"1\", \"accepted\": \"2\","
                    " \"unchanged\": \"0\", \"rejected\": \"0\", \"left_out\": \"0\"}'"
                    " WHERE sums IS NOT NULL")  # fmt: skip
    session.execute("UPDATE loads SET accepted = accepted - 1 WHERE entity = 'customers'")
    found = run(session)
    assert found["books", "loads"].failing == 1
    assert found["lost_records", "loads"].failing == 1
    assert found["books", "loads"].severity is Severity.ERROR


def test_the_trend_is_what_earlier_runs_found(session: DuckDB, load_rows: Load) -> None:
    load_rows(orders(20), entities=ORDERS)
    monday, tuesday = datetime(2024, 4, 1), datetime(2024, 4, 2)
    remember(session, run(session).values(), monday)
    load_rows([orders()[0] | {"order": "x", "who": None}], entities=ORDERS)
    remember(session, run(session).values(), tuesday)
    remember(session, run(session).values(), tuesday)
    trend = run(session)["missing_customer", "orders"].trend
    assert [(each.run_at, each.failing, each.of) for each in trend] == [
        (monday, 0, 20), (tuesday, 1, 21),
    ]  # fmt: skip
