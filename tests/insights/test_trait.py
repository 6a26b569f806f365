"""Shares, indexes and means of parts, counted again in plain Python."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from tests.insights.conftest import Row, put

from segmentry.engines.duckdb import DuckDB
from segmentry.insights import tally
from segmentry.insights.part import BASE, Part, Parts, parts
from segmentry.insights.trait import Trait, means, traits


def observations(base: list[Row]) -> list[Row]:
    draw = random.Random(len(base))
    return [
        {
            "customer_no": row["customer_no"],
            "dimension": draw.choice(("channel", "store")),
            "value": draw.choice(("a", "b", "c", "", None)),
            "weight": draw.randrange(4),
        }
        for row in base
        for _ in range(draw.randrange(4))
    ]


def members(base: list[Row], part: Part) -> set[int]:
    if part == BASE:
        return {row["customer_no"] for row in base}
    return {row["customer_no"] for row in base if row[part.division] == part.name}


def naive(seen: list[Row], inside: set[int], dimension: str, value: str) -> tuple[int, float]:
    of = [r for r in seen if r["customer_no"] in inside and r["dimension"] == dimension]
    having = [r for r in of if r["value"] == value]
    total = sum(r["weight"] for r in of)
    return len({r["customer_no"] for r in having}), sum(r["weight"] for r in having) / total


def counted(made: Parts) -> tally.Tally:
    """What is in the table `seen`."""
    return tally.held(made.engine, made.cell_of[0], "FROM seen").tally(made)


@pytest.mark.parametrize("divisions", [["stage", "size"], ["stage"], []])
def test_what_is_found_once_is_counted_for_any_parts(
    engine: DuckDB, base: list[Row], divisions: list[str]
) -> None:
    put(engine, "seen", observations(base))
    seen = [tally.Seen("dimension", "value", weight) for weight in ("weight", "1")]
    with parts(engine, "base", ["size"]) as made:
        kept = [tally.held(engine, made.cell_of[0], each.of("seen")).on_disk() for each in seen]
    with parts(engine, "base", divisions) as made:
        for one, other in zip(tally.one_by_one(made, "seen", seen), kept, strict=True):
            assert one.values.num_rows
            assert other.tally(made).values.equals(one.values)
            assert other.tally(made).known.equals(one.known)


def test_rows_of_others_and_amounts_of_any_size_are_counted_right(engine: DuckDB) -> None:
    much = 90_000_000_000_000
    put(engine, "base", [{"customer_no": each, "stage": "new"} for each in (2, 5)])
    rows = [(2, "a", much), (2, "a", -much + 1), (3, "a", 7), (5, "b", None), (6, "c", 1)]
    names = ("customer_no", "value", "weight")
    put(engine, "seen", [dict(zip(names, each, strict=True)) for each in rows])
    with parts(engine, "base", ["stage"]) as made:
        [found] = tally.one_by_one(made, "seen", [tally.Seen("'kind'", "value", "weight")])
    assert found.values.select(["value", "customers", "weight"]).to_pylist() == [
        {"value": "a", "customers": 1, "weight": 10_000},
        {"value": "b", "customers": 1, "weight": 0},
    ]
    assert found.known.column("customers").to_pylist() == [2]


@pytest.mark.parametrize("few_cells", [0, 100])
@pytest.mark.parametrize("at_once", [7, 1000])
def test_shares_are_those_of_plain_python(
    engine: DuckDB,
    base: list[Row],
    at_once: int,
    few_cells: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tally, "CUSTOMERS_AT_ONCE", at_once)
    monkeypatch.setattr(tally, "FEW_CELLS", few_cells)
    rows = observations(base)
    put(engine, "seen", rows)
    seen = [row for row in rows if row["value"]]
    with parts(engine, "base", ["stage", "size"]) as made:
        found = traits(made, counted(made), most=9)
    assert set(found) == {
        BASE, Part("stage", "new"), Part("stage", "old"), Part("size", "big"), Part("size", "small")
    }  # fmt: skip
    for part, each in found.items():
        inside = members(base, part)
        for trait in each:
            customers, share = naive(seen, inside, trait.dimension, trait.value)
            _, of_base = naive(seen, members(base, BASE), trait.dimension, trait.value)
            assert (trait.customers, trait.share) == (customers, pytest.approx(share))
            assert trait.base_share == pytest.approx(of_base)
    assert not engine.tables() & {"base_kinds", "base_cells", "base_sums"}


def test_means_leave_missing_values_out(engine: DuckDB, base: list[Row]) -> None:
    with parts(engine, "base", ["stage"]) as made:
        found = means(made, ["age", "frequency"])

    def mean(inside: set[int], name: str) -> float:
        values = [r[name] for r in base if r["customer_no"] in inside and r[name] is not None]
        return sum(values) / len(values)

    for part, (age, orders) in found.items():
        inside = members(base, part)
        assert age.mean == pytest.approx(mean(inside, "age"))
        assert orders.mean == pytest.approx(mean(inside, "frequency"))
        assert orders.base == pytest.approx(mean(members(base, BASE), "frequency"))


def shown(engine: DuckDB, inside: Callable[[int], bool], value: Callable[[int], str]) -> Trait:
    rows: list[dict[str, Any]] = [
        {"customer_no": each, "part": "in" if inside(each) else "out"} for each in range(1000)
    ]
    put(engine, "base", rows)
    seen = [
        {"customer_no": each, "dimension": "d", "value": value(each), "weight": 1}
        for each in range(1000)
    ]
    put(engine, "seen", seen)
    with parts(engine, "base", ["part"]) as made:
        found = traits(made, counted(made), most=2)[Part("part", "in")]
    return next(each for each in found if each.value == "yes")


def test_a_clear_difference_tells(engine: DuckDB) -> None:
    """80 of 100 inside have it, 170 of all 1,000."""
    trait = shown(
        engine, lambda each: each < 100, lambda each: "yes" if each < 80 or each >= 910 else "no"
    )
    assert (trait.customers, trait.share, trait.base_share) == (80, 0.8, 0.17)
    assert trait.index == pytest.approx(0.8 / 0.17)
    assert trait.telling


def test_few_customers_never_shine(engine: DuckDB) -> None:
    """Nine of nine inside, and nobody else: an index of 111, and still chance."""
    trait = shown(engine, lambda each: each < 9, lambda each: "yes" if each < 9 else "no")
    assert trait.index == pytest.approx(111.1, abs=0.1)
    assert not trait.telling


def test_a_small_difference_does_not_tell_however_certain(engine: DuckDB) -> None:
    """500 inside, of whom 495 have it, against 950 of 1,000: certain, but 1.04 times."""
    trait = shown(
        engine,
        lambda each: each < 500,
        lambda each: "no" if each < 5 or each >= 955 else "yes",
    )
    assert not trait.telling


def test_many_values_are_cut_but_what_tells_stays(engine: DuckDB) -> None:
    put(engine, "base", [{"customer_no": n, "p": "x" if n < 40 else "y"} for n in range(400)])
    put(
        engine,
        "seen",
        [
            {
                "customer_no": n,
                "dimension": "d",
                "value": "rare" if 0 <= n < 15 else ("first", "second")[n % 2],
                "weight": 1,
            }
            for n in range(400)
        ],
    )
    with parts(engine, "base", ["p"]) as made:
        found = traits(made, counted(made), most=1)[Part("p", "x")]
    assert {each.value for each in found if each.telling} == {"rare"}


def test_large_amounts_weigh_exactly(engine: DuckDB) -> None:
    amounts = {"much": 99_999_999_999_999, "little": 1}
    put(engine, "base", [{"customer_no": n, "p": "x"} for n in range(2)])
    put(
        engine,
        "seen",
        [
            {"customer_no": n, "dimension": "d", "value": each, "weight": amounts[each]}
            for n, each in enumerate(amounts)
        ],
    )
    with parts(engine, "base", ["p"]) as made:
        weights = counted(made).values.to_pylist()
    assert {each["value"]: each["weight"] // 10_000 for each in weights} == amounts


def test_without_customers_there_is_nothing(engine: DuckDB) -> None:
    engine.create("base", "SELECT 1 AS customer_no, 'x' AS p, 1.5 AS age LIMIT 0")
    engine.create("seen", "SELECT 1 AS customer_no, 'd' AS dimension, 'v' AS value, 1 AS weight")
    with parts(engine, "base", ["p"]) as made:
        assert traits(made, counted(made), most=3) == {}
        assert means(made, ["age"]) == {}
