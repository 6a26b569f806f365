"""Sums, means and deviations are the same to the last bit, whatever order the rows come in."""

import math
import statistics
from decimal import Decimal
from fractions import Fraction
from random import Random

import pyarrow as pa
import pytest

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.sql.expression import Column, Select, Table, call
from segmentry.sql.operators import Op

GROUP = Column("g", Type.INTEGER)
DRAWN = {
    Type.NUMBER: (lambda draw: draw.choice((draw.random() * 100, -draw.random(), 0.0, 2 / 7))),
    Type.INTEGER: (lambda draw: draw.randint(-50, 90)),
    Type.MONEY: (lambda draw: Decimal(draw.randint(-5_000, 900_000)) / 100),
}
ARROW = {Type.NUMBER: pa.float64(), Type.INTEGER: pa.int64(), Type.MONEY: pa.decimal128(18, 4)}


def folded(engine, rows, kind):
    groups, values = zip(*rows, strict=True)
    table = pa.table({"g": pa.array(groups), "x": pa.array(values, ARROW[kind])})
    folds = {
        op.value: call(op, Column("x", kind), type=Type.NUMBER)
        for op in (Op.SUM, Op.AVERAGE, Op.DEVIATION)
    }
    with engine.registered("t", table):
        found = engine.fetch(Select(Table("t"), {"g": GROUP} | folds, group_by=(GROUP,)))
    return {row.pop("g"): row for row in found.to_pylist()}


@pytest.mark.parametrize("kind", DRAWN)
def test_any_order_gives_the_same_bits(kind):
    draw = Random(4)
    rows = [(group, DRAWN[kind](draw)) for group in range(200) for _ in range(draw.randrange(30))]
    with DuckDB() as engine:
        first = folded(engine, rows, kind)
        for _ in range(3):
            assert folded(engine, draw.sample(rows, len(rows)), kind) == first
    for group, found in first.items():
        values = [Fraction(each) for number, each in rows if number == group]
        assert float(found["sum"]) == pytest.approx(float(sum(values)), rel=1e-14, abs=1e-14)
        mean = float(sum(values) / len(values))
        assert found["average"] == pytest.approx(mean, rel=1e-14, abs=1e-14)
        if len(values) > 1:
            spread = math.sqrt(statistics.variance(values))
            assert found["deviation"] == pytest.approx(spread, rel=1e-12, abs=1e-12)
        else:
            assert found["deviation"] is None


@pytest.mark.parametrize("odd", [1e300, -1e300, 1e-300, 3e13])
def test_what_does_not_fit_is_added_as_the_engine_does(odd):
    with DuckDB() as engine:
        found = folded(engine, [(1, odd), (1, 0.5), (2, None), (3, 0.0)], Type.NUMBER)
    assert found[1]["sum"] == odd + 0.5
    assert found[2]["sum"] is None
    assert found[3]["sum"] == 0
