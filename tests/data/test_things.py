"""Customers, products and companies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from segmentry.core.errors import MappingError
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
MAY = datetime(2024, 5, 1)
PEOPLE = {"customers": {"customer_id": "id", "city": "town", "signed_up_at": "joined"}}
ORDERS = {"orders": {"customer_id": "id", "ordered_at": "at", "amount": "sum"}}
KNOWN = "SELECT customer_id, known_at, registered FROM customers ORDER BY 1"


def person(name: str, town: str | None = "Kyiv", joined: datetime | None = MAY) -> dict[str, Any]:
    return {"id": name, "town": town, "joined": joined}


def test_since_when_a_customer_is_known(session: DuckDB, load_rows: Load) -> None:
    buyers = [
        {"id": name, "at": MAY.replace(day=day), "sum": 5}
        for name, day in (("early", 1), ("late", 20), ("always", 9), ("stranger", 7))
    ]
    people = [
        person("early", joined=MAY.replace(day=10)), person("late", joined=MAY.replace(day=10)),
        person("always", joined=None), person("silent", joined=MAY.replace(day=3)),
    ]  # fmt: skip
    expected = [
        ("always", None, True), ("early", MAY, True), ("late", MAY.replace(day=10), True),
        ("silent", MAY.replace(day=3), True), ("stranger", MAY.replace(day=7), False),
    ]  # fmt: skip
    load_rows(buyers, entities=ORDERS)
    load_rows(people, entities=PEOPLE)
    assert session.rows(KNOWN) == expected
    with DuckDB(threads=1) as other:
        load_rows(people, entities=PEOPLE, into=other)
        load_rows(buyers, entities=ORDERS, into=other)
        assert other.rows(KNOWN) == expected


def test_a_file_of_customers_states_and_corrects(session: DuckDB, load_rows: Load) -> None:
    load_rows([person("ann"), person("bob", "Lviv")], entities=PEOPLE)
    counts = load_rows(
        [person("ann", None), person("bob", "Lviv"), person("bob", "Lviv"), person("eve")],
        entities=PEOPLE,
    ).entities["customers"]
    assert (counts.records, counts.accepted, counts.updated, counts.unchanged) == (4, 2, 1, 2)
    assert session.rows("SELECT customer_id, city FROM customers ORDER BY 1") == [
        ("ann", None), ("bob", "Lviv"), ("eve", "Kyiv"),
    ]  # fmt: skip


def test_contradicting_records_of_one_customer(session: DuckDB, load_rows: Load) -> None:
    for rows in (
        [person("ann", "Lviv"), person("ann", "Kyiv")],
        [person("ann", "Kyiv"), person("ann", "Lviv")],
    ):
        with DuckDB(threads=1) as other:
            counts = load_rows(rows, entities=PEOPLE, into=other).entities["customers"]
            assert (counts.accepted, counts.rejected) == (1, 1)
            assert other.rows("SELECT city FROM customers") == [("Lviv",)]


def test_what_a_customer_states_is_not_overwritten_by_orders(
    session: DuckDB, load_rows: Load
) -> None:
    load_rows([person("ann", "Kyiv"), person("bob", None)], entities=PEOPLE)
    told = [{"id": name, "at": MAY, "sum": 5, "town": "Odesa"} for name in ("ann", "bob", "eve")]
    load_rows(told, entities=ORDERS | {"customers": {"city": "town"}})
    assert session.rows("SELECT customer_id, city FROM customers ORDER BY 1") == [
        ("ann", "Kyiv"), ("bob", "Odesa"), ("eve", "Odesa"),
    ]  # fmt: skip


def test_traits_told_later_about_an_earlier_time_do_not_win(
    session: DuckDB, load_rows: Load
) -> None:
    entities = ORDERS | {"customers": {"city": "town"}}
    load_rows([{"id": "ann", "at": MAY.replace(day=9), "sum": 5, "town": "new"}], entities=entities)
    load_rows([{"id": "ann", "at": MAY.replace(day=2), "sum": 5, "town": "old"}], entities=entities)
    assert session.rows("SELECT city FROM customers") == [("new",)]


def test_traits_of_every_type(session: DuckDB, load_rows: Load) -> None:
    rows = [{"id": "ann", "born": date(1990, 2, 3), "score": 1.5, "vip": True, "visits": 3}]
    load_rows(
        rows,
        entities={"customers": {"customer_id": "id", "birth_on": "born"}},
        extras={"customers": {"score": "score", "vip": "vip", "visits": "visits"}},
    )
    assert session.rows("SELECT birth_on, score, vip, visits FROM customers") == [
        (date(1990, 2, 3), 1.5, True, 3)
    ]


def test_extra_columns_may_widen_but_not_change(session: DuckDB, load_rows: Load) -> None:
    ids = {"customers": {"customer_id": "id"}}
    extras = {"customers": {"score": "score"}}
    load_rows([{"id": "ann", "score": 1}], entities=ids, extras=extras)
    load_rows([{"id": "bob", "score": 1.5}], entities=ids, extras=extras)
    assert session.rows("SELECT score FROM customers ORDER BY customer_id") == [(1.0,), (1.5,)]
    with pytest.raises(MappingError, match="held number values before, now text values"):
        load_rows([{"id": "eve", "score": "high"}], entities=ids, extras=extras)
    assert session.value("SELECT count(*) FROM customers") == 2


def test_an_extra_column_cannot_take_a_name_of_ours(load_rows: Load) -> None:
    with pytest.raises(MappingError, match="has the name of one of its own columns"):
        load_rows(
            [{"id": "ann", "x": 1}],
            entities={"customers": {"customer_id": "id"}},
            extras={"customers": {"customer_no": "x"}},
        )


def test_products_and_companies(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [{"id": "a", "name": "Cup", "kind": None}, {"id": "b", "name": "Vase", "kind": "home"}],
        entities={"products": {"product_id": "id", "name": "name", "category": "kind"}},
    )
    load_rows(
        [
            {"id": "ann", "firm": "f1", "firm name": "Acme"},
            {"id": "bob", "firm": "f1", "firm name": None},
        ],
        entities={
            "customers": {"customer_id": "id", "company_id": "firm"},
            "companies": {"name": "firm name"},
        },
    )
    assert session.rows("SELECT product_id, name, category FROM products ORDER BY 1") == [
        ("a", "Cup", None), ("b", "Vase", "home"),
    ]  # fmt: skip
    assert session.rows("SELECT company_id, name FROM companies") == [("f1", "Acme")]
    assert session.rows("SELECT DISTINCT company_id FROM customers") == [("f1",)]
