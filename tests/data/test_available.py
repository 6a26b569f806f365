"""What is loaded, as facts, fields and traits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from segmentry.core.errors import LockedFeatureError
from segmentry.core.types import Type
from segmentry.data.available import schema_of, traits, watermark
from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB
from segmentry.language.schema import Fact
from segmentry.language.text import parse_rule
from segmentry.sql.expression import Column, Expression, Select, Table

Load = Callable[..., LoadResult]
NOON = datetime(2024, 5, 6, 12)
LINES = {
    "order_lines": {"order_id": "order", "product_id": "item", "amount": "sum"},
    "orders": {"customer_id": "who", "ordered_at": "at", "channel": "channel"},
    "products": {"category": "kind", "name": "title"},
}
TIMELY = {"hour", "weekday", "month", "season", "days_since_previous"}


def line(order: str, at: datetime = NOON, amount: float = 5, **more: Any) -> dict[str, Any]:
    return {
        "order": order, "who": "ann", "at": at, "item": "a", "sum": amount, "channel": "web",
        "kind": "home", "title": "Cup",
    } | more  # fmt: skip


def values(session: DuckDB, fact: Fact, name: str) -> list[Any]:
    """A derived field of a fact's rows, in the order of its keys."""
    expression = fact.fields[name].derived
    assert expression is not None
    columns: dict[str, Expression] = {"value": expression}
    columns |= {key: Column(key, Type.TEXT) for key in fact.keys}
    query = Select(Table(fact.table), columns, where=fact.where)
    ordered = f"SELECT value FROM ({session.render(query)}) ORDER BY {', '.join(fact.keys)}"
    return [value for (value,) in session.rows(ordered)]


def test_nothing_loaded_is_nothing_available(session: DuckDB) -> None:
    schema = schema_of(session)
    assert (schema.facts, schema.features, watermark(session)) == ({}, {}, None)


def test_lines_give_orders_lines_and_joined_fields(session: DuckDB, load_rows: Load) -> None:
    load_rows([line("1")], entities=LINES)
    schema = schema_of(session)
    assert set(schema.facts) == {"orders", "order_lines", "returns"}
    assert set(schema.fact("orders").fields) == TIMELY | {
        "order_id", "gross_amount", "returned_amount", "net_amount", "channel",
    }  # fmt: skip
    lines = schema.fact("order_lines")
    assert {name for name, field in lines.fields.items() if field.dimension == "products"} == {
        "category", "product_name",
    }  # fmt: skip
    assert lines.fields["channel"].dimension == "orders"
    assert lines.keys == ("ordered_at", "order_id", "line_key")


def test_only_filled_columns_are_fields(session: DuckDB, load_rows: Load) -> None:
    load_rows([line("1", channel=None, kind=None)], entities=LINES)
    fields = schema_of(session).fact("order_lines").fields
    assert "channel" not in fields
    assert "category" not in fields
    load_rows([line("2")], entities=LINES)
    assert schema_of(session).fact("orders").fields["channel"].type is Type.TEXT


def test_returns_come_from_lines_or_else_from_orders(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [line("1"), line("2", amount=-3)],
        entities={"orders": LINES["orders"] | {"order_id": "order", "amount": "sum"}},
    )
    assert schema_of(session).fact("returns").table == "orders"
    load_rows([line("3", amount=-3)], entities=LINES)
    assert schema_of(session).fact("returns").table == "order_lines"


def test_derived_fields_of_time(session: DuckDB, load_rows: Load) -> None:
    days = (datetime(2023, 12, 31, 23), NOON, NOON.replace(hour=13), datetime(2024, 7, 1))
    rows = [line(str(number), at) for number, at in enumerate(days)]
    load_rows([*rows, line("x", NOON, who="bob"), line("r", NOON, amount=-1)], entities=LINES)
    orders = schema_of(session).fact("orders")
    assert values(session, orders, "hour") == [23, 12, 12, 13, 0]
    assert values(session, orders, "weekday") == [7, 1, 1, 1, 1]
    assert values(session, orders, "season") == ["winter", "spring", "spring", "spring", "summer"]
    assert values(session, orders, "days_since_previous") == [None, 127, None, 0, 56]


def test_traits_are_columns_of_customers(session: DuckDB, load_rows: Load) -> None:
    load_rows(
        [{"id": "ann", "town": "Kyiv", "mail": None, "points": 3}],
        entities={"customers": {"customer_id": "id", "city": "town", "email": "mail"}},
        extras={"customers": {"points": "points"}},
    )
    assert {name: each.type for name, each in traits(session).items()} == {
        "city": Type.TEXT, "points": Type.INTEGER,
    }  # fmt: skip
    assert schema_of(session).features.keys() == {"city", "points"}


def test_the_watermark_is_the_latest_instant_of_any_fact(session: DuckDB, load_rows: Load) -> None:
    load_rows([line("1")], entities=LINES)
    load_rows(
        [{"who": "ann", "at": NOON.replace(day=9), "what": "view"}],
        entities={"events": {"customer_id": "who", "occurred_at": "at", "name": "what"}},
    )
    assert watermark(session) == NOON.replace(day=9)


def test_what_is_not_loaded_yet_says_what_to_load(session: DuckDB) -> None:
    schema = schema_of(session)
    for rule, load in [
        ("birth_on IS NULL", "customers.birth_on"),
        ("any(events)", "events (what customers do: visits, carts, goals)"),
    ]:
        with pytest.raises(LockedFeatureError, match="needs data that is not loaded") as caught:
            parse_rule(rule, schema)
        assert caught.value.details["unlocking"] == load
