"""Records that contradict each other, and values that are not what they seem."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.available import schema_of
from segmentry.data.checks import run_checks
from segmentry.data.checks.values import Values, of_column
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
LINES = {
    "orders": {"order_id": "order", "customer_id": "who", "ordered_at": "at"},
    "order_lines": {"order_id": "order", "line_no": "no", "product_id": "what", "amount": "sum"},
}
START = datetime(2024, 1, 1, 12)


def found(session: DuckDB) -> dict[str, int]:
    results = run_checks(session, schema_of(session), AsOf.parse("2024-06-01", "UTC"))
    return {each.name: each.failing for each in results if each.failing}


def lines(count: int = 60, **more: Any) -> list[dict[str, Any]]:
    return [
        {
            "order": f"o{n}", "who": f"c{n}", "at": START + timedelta(days=n), "no": "1",
            "what": f"p{n % 5}", "sum": 10.0,
        } | more
        for n in range(count)
    ]  # fmt: skip


def test_returns_on_another_clock(session: DuckDB, load_rows: Load) -> None:
    load_rows(lines(), entities=LINES)
    assert "other_clock_returns" not in found(session)
    returns = [
        each | {"order": f"r{n}", "sum": -10.0, "at": each["at"] - timedelta(days=730)}
        for n, each in enumerate(lines(20))
    ]
    load_rows(returns, entities=LINES)
    assert found(session)["other_clock_returns"] == 20
    assert found(session)["return_before_sale"] == 20


def test_a_table_on_another_clock(session: DuckDB, load_rows: Load) -> None:
    load_rows(lines(), entities=LINES)
    events = {"events": {"customer_id": "who", "occurred_at": "at", "name": "what"}}
    load_rows(
        [each | {"at": each["at"] - timedelta(days=900)} for each in lines(30)], entities=events
    )
    assert found(session)["other_clock"] == 30


def test_lines_that_repeat_order_and_number(session: DuckDB, load_rows: Load) -> None:
    load_rows([*lines(), lines(1)[0] | {"sum": 11.0}], entities=LINES)
    assert found(session)["repeated_lines"] == 1


def test_two_orders_on_a_day(session: DuckDB, load_rows: Load) -> None:
    more = [
        each | {"order": f"x{n}", "at": each["at"] + timedelta(hours=2)}
        for n, each in enumerate(lines(7))
    ]
    load_rows([*lines(), *more], entities=LINES)
    assert found(session)["same_day_orders"] == 7


def test_products_that_differ_by_a_space(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [{"id": "GTX Pro", "n": "x"}, {"id": "MG", "n": "y"}],
        entities={"products": {"product_id": "id", "name": "n"}},
    )
    load_rows(lines(9, what="GTXPro"), entities=LINES)
    assert found(session)["almost_products"] == 9


def test_parents_that_are_not_loaded(session: DuckDB, load_rows: Load) -> None:
    companies = {"companies": {"company_id": "id", "parent_id": "parent"}}
    load_rows(
        [{"id": "a", "parent": None}, {"id": "b", "parent": "a"}, {"id": "c", "parent": "z"}],
        entities=companies,
    )
    assert found(session)["unknown_parents"] == 1


def of(
    session: DuckDB, values: list[Any], name: str = "colour", kind: Type = Type.TEXT
) -> dict[str, int]:
    """What the checks of one column find among these values."""
    session.execute("CREATE OR REPLACE TEMPORARY TABLE seen (x VARCHAR)")
    for value in values:
        session.execute("INSERT INTO seen VALUES (?)", [value])
    column = Values("customers", name, kind, "seen", '"x"')
    return {
        each.name: session.value(
            f"SELECT count(*) FROM {each.rows} t WHERE ({each.among}) AND ({each.failing})"
        )
        for each in of_column(column)
    }


@pytest.mark.parametrize(
    ("values", "name", "wanted"),
    [
        (["retail"] * 9 + ["technolgy"] * 3, "industry", 3),
        (["United States"] * 9 + ["Philipines"], "country", 1),
        (["Niger", "Nigeria", "Iran", "Iraq"], "country", 0),
        (["yellow"] * 9 + ["yelow"], "colour", 1),
        (["yellow"] * 4 + ["yelow"], "colour", 0),
        (["Size 10"] * 9 + ["Size 11"], "colour", 0),
        (["E-mail"] * 9 + ["email"], "channel", 1),
        (["red"] * 9 + ["rod"], "colour", 0),
        ([f"value {chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(400)], "colour", 0),
    ],
)
def test_spellings(session: DuckDB, values: list[str], name: str, wanted: int) -> None:
    assert of(session, values, name)[f"spelling_{name}"] == wanted


def test_months_in_two_forms(session: DuckDB) -> None:
    assert of(session, ["Jul"] * 3 + ["June"] * 2 + ["May"])["months_colour"] == 2
    assert of(session, ["July"] * 3 + ["Jun"] * 2 + ["May"])["months_colour"] == 2
    assert of(session, ["Jul", "Jun", "May"])["months_colour"] == 0
    assert of(session, ["Jul", "June", "red"])["months_colour"] == 0
    assert of(session, [None])["months_colour"] == 0


def test_rare_values(session: DuckDB) -> None:
    base = ["Single"] * 400 + ["Married"] * 600
    assert of(session, [*base, "YOLO"])["rare_colour"] == 1
    assert of(session, base)["rare_colour"] == 0
    assert of(session, ["Single"] * 50 + ["Married"] * 50 + ["YOLO"])["rare_colour"] == 0


def test_values_out_of_proportion(session: DuckDB) -> None:
    incomes = [str(30_000 + 100 * n) for n in range(400)]
    assert of(session, [*incomes, "666666"], "income")["outlier_income"] == 1
    assert of(session, [*incomes, "90000"], "income")["outlier_income"] == 0
    assert of(session, [*incomes, "100K+"], "income")["outlier_income"] == 0
    assert of(session, ["5"] * 400 + ["9"], "visits", Type.NUMBER)["outlier_visits"] == 0


def test_ids_and_blanks_are_told(session: DuckDB, load_rows: Load) -> None:
    rows = [
        {"id": f"{n}.0", "sum": " " if n == 2 else "5", "at": "2024-01-01"} for n in range(1, 6)
    ]
    load_rows(rows, entities={"orders": {"customer_id": "id", "ordered_at": "at", "amount": "sum"}})
    assert {"float_ids": 5, "blank_values": 1}.items() <= found(session).items()
