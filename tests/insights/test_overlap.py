"""All pairs of sets, counted again in plain Python."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations_with_replacement

from tests.insights.conftest import Row, put

from segmentry.engines.duckdb import DuckDB
from segmentry.insights.overlap import overlap

NAMES = ["one", "two", "three"]


def test_every_pair_is_that_of_plain_python(engine: DuckDB, base: list[Row]) -> None:
    found = overlap(engine, "base", NAMES)
    assert [(each.one, each.other) for each in found.pairs] == list(
        combinations_with_replacement(NAMES, 2)
    )
    for each in found.pairs:
        both = [row for row in base if row[each.one] and row[each.other]]
        assert each.customers == len(both)
        assert each.revenue_amount == sum((row["monetary"] for row in both), Decimal(0))
    assert found.customers == len(base)
    assert found.none == sum(not any(row[name] for name in NAMES) for row in base)


def test_share_is_of_the_first(engine: DuckDB) -> None:
    put(engine, "base", [{"a": n < 4, "b": n < 1, "c": False} for n in range(10)])
    found = overlap(engine, "base", ["a", "b", "c"])
    assert found.share("a", "b") == 0.25
    assert found.share("b", "a") == 1.0
    assert found.share("c", "a") is None
    assert found.size("a") == 4


def test_without_sets_everybody_is_in_none(engine: DuckDB) -> None:
    put(engine, "base", [{"customer_no": n} for n in range(3)])
    found = overlap(engine, "base", [])
    assert (found.customers, found.none, found.pairs) == (3, 3, ())
