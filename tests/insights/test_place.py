"""Places inside places, counted again in plain Python."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.insights.conftest import Row, put

from segmentry.engines.duckdb import DuckDB
from segmentry.insights.place import MOST, geography


def test_places_are_those_of_plain_python(engine: DuckDB, base: list[Row]) -> None:
    found = geography(engine, "base", ["country", "city"])
    known = [row for row in base if row["country"]]
    assert (found.known, found.unknown) == (len(known), len(base) - len(known))
    assert {each.path for each in found.places} == (
        {(row["country"],) for row in known} | {(row["country"], row["city"]) for row in known}
    )
    revenue = sum((row["monetary"] for row in known), Decimal(0))
    for each in found.places:
        inside = [
            row for row in known if (row["country"], row["city"])[: len(each.path)] == each.path
        ]
        assert each.customers == len(inside)
        assert each.customer_share == pytest.approx(len(inside) / len(known))
        assert each.orders == sum(row["frequency"] for row in inside)
        assert each.revenue_amount == sum((row["monetary"] for row in inside), Decimal(0))
        assert each.revenue_share == pytest.approx(float(each.revenue_amount / revenue))


def test_smaller_places_follow_their_larger_one(engine: DuckDB, base: list[Row]) -> None:
    seen: list[tuple[str | None, ...]] = []
    for each in geography(engine, "base", ["country", "city"]).places:
        assert len(each.path) == 1 or each.path[:1] in seen
        seen.append(each.path)


def test_beyond_the_most_places_the_rest_stand_together(engine: DuckDB) -> None:
    rows = [{"country": f"c{n:02d}"} for n in range(20) for _ in range(30 - n)]
    put(engine, "base", rows)
    found = geography(engine, "base", ["country"])
    *largest, rest = found.places
    assert [each.path for each in largest] == [(f"c{n:02d}",) for n in range(MOST[0])]
    assert (rest.path, rest.places) == ((None,), 20 - MOST[0])
    assert rest.customers == sum(30 - n for n in range(MOST[0], 20))
    assert sum(each.customers for each in found.places) == len(rows)


def test_nobody_with_a_place(engine: DuckDB) -> None:
    engine.create("base", "SELECT 1 AS customer_no, NULL::VARCHAR AS country")
    found = geography(engine, "base", ["country"])
    assert (found.known, found.unknown, found.places) == (0, 1, ())
