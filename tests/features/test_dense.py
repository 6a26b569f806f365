"""Columns of all customers against the one query that says the same."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base, random_rule

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.held import held
from segmentry.features import scan, slices
from segmentry.features.compile import CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.dense import Dense
from segmentry.features.known import Features
from segmentry.features.statistics import found_on_arrays, statistics_row
from segmentry.language.base import Statistic
from segmentry.language.logic import IsTrue
from segmentry.language.schema import Field, Schema
from segmentry.language.text import parse_value
from segmentry.language.value import Name
from segmentry.sql.expression import Table

SOURCE = CustomerSource(Table("customers"), known_at=None)
ADDED_UP = (
    "count(orders)",
    "count(orders, where => channel = 'web')",
    "count(orders.items)",
    "sum(orders.net_amount)",
    "sum(orders.items)",
    "avg(orders.net_amount)",
    "avg(orders.items)",
    "min(orders.net_amount)",
    "max(orders.items)",
    "max(orders.ordered_on)",
    "days_since_first(orders)",
    "days_since_last(orders, where => channel = 'shop')",
    "share(orders, where => channel = 'web')",
    "share(orders.net_amount, where => items >= 2)",
    "share(orders.net_amount, where => channel = 'web' AND items >= 2)",
    "last(orders.channel)",
    "first(orders.channel, where => items >= 2)",
    "last(orders.net_amount, where => channel = 'web')",
    "first(orders.items)",
)
WINDOWS = (
    "", "last => '1 day'", "last => '30 days'", "last => '400 days'", "before => '7 days ago'",
    "between => '90 days and 7 days ago'", "during => 'this month'", "since => '2299-12-31'",
)  # fmt: skip


def customers(engine, base, features=None):
    kept = {f"in {name}": Field(f"in {name}", Type.BOOLEAN) for name in base.schema.segments}
    schema = replace(base.schema, features={**base.schema.features, **kept})
    rules = {name: IsTrue(Name(f"in {name}")) for name in base.schema.segments}
    known = features or Features(schema, {})
    return Customers(engine, engine, known, base.as_of, rules, SOURCE)


def by_query(asked, outputs):
    rows = asked.engine.fetch(asked.query(outputs)).to_pylist()
    return {row["customer_no"]: row for row in rows}


def check(asked, outputs):
    """Every output of every customer, bit for bit; places of nobody are missing."""
    dense, expected = Dense.of(asked), by_query(asked, outputs)
    assert set(np.flatnonzero(dense.known)) == set(expected)
    for name, array in dense.outputs(outputs).items():
        found = array.to_pylist()
        wanted = [expected.get(number, {}).get(name) for number in range(dense.size)]
        assert found == wanted, outputs[name].text()


@pytest.mark.parametrize("seed", range(6))
def test_random_rules_are_the_same_column_by_column(seed):
    rng = Random(7_000 + seed)
    base = random_base(rng, SHOP, 15)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        asked = customers(engine, base)
        for _ in range(4):
            check(asked, {f"n{number}": random_rule(rng, SHOP) for number in range(25)})


def windowed(expression, window):
    return f"{expression[:-1]}, {window})" if window else expression


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize(("rows", "memory"), [(3, 2**31), (4_000_000, 2**31), (4_000_000, 600)])
def test_what_adds_up_is_the_same_in_every_window_and_however_rows_are_sliced(
    window, rows, memory, monkeypatch
):
    monkeypatch.setattr(slices, "AT_ONCE", rows)
    monkeypatch.setattr(scan, "AT_ONCE", memory)
    base = random_base(Random(3), SHOP, 40)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        texts = [windowed(each, window) for each in ADDED_UP]
        check(customers(engine, base), {f"n{n}": parse_value(each) for n, each in enumerate(texts)})


def test_limits_of_a_sum_are_those_of_the_engine():
    draw, names = np.random.default_rng(3), ("x", "y")
    kinds = dict(zip(names, (Type.MONEY, Type.INTEGER), strict=True))
    schema = Schema(features={name: Field(name, kind) for name, kind in kinds.items()})
    wanted = [Statistic(name, share, of="sum") for name in names for share in (0.001, 0.5, 0.8, 1)]
    with DuckDB() as engine:
        for size, most in ((0, 1), (1, 9), (50, 1), (400, 40), (400, 10**9)):
            units, missing = draw.integers(-most // 4, most, size), draw.random(size) < 0.2
            whole = pa.array(units, mask=missing)
            money = pa.array(map(Decimal, units.tolist()), pa.decimal128(18, 4), mask=missing)
            with engine.registered("base", pa.table({"x": money, "y": whole})):
                [row] = engine.rows(statistics_row(schema, Table("base"), wanted))
            found: dict[Statistic, float | None] = {}
            for name, column in zip(names, (money, whole), strict=True):
                own = [each for each in wanted if each.feature == name]
                found |= found_on_arrays(held(column, kinds[name]), own)
            assert [found[each] for each in wanted] == list(row)
