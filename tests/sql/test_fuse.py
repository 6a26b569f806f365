from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from tests.language.harness import computed, load, planned
from tests.language.strategies import SHOP, random_base, random_rule, random_value

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.sql.expression import Column, Join, Query, Select, Table, call, literal
from segmentry.sql.fuse import fused, gathered
from segmentry.sql.operators import Op

CUSTOMER = Column("customer", Type.INTEGER)
PAID = Column("paid", Type.MONEY)


def step(where=None, **columns):
    return Select(
        Table("sale"), {"customer": CUSTOMER, **columns}, where=where, group_by=(CUSTOMER,)
    )


def over(steps, **columns):
    joins = tuple(
        Join(Table(name), name, call(Op.EQUAL, Column("customer", Type.INTEGER, name),
                                     Column("no", Type.INTEGER, "c")))
        for name in steps
    )  # fmt: skip
    return Select(Table("person"), {"no": Column("no", Type.INTEGER, "c"), **columns}, alias="c",
                  joins=joins)  # fmt: skip


def channel(name):
    return call(Op.EQUAL, Column("channel", Type.TEXT), literal(name))


STEPS = {
    "web": step(channel("web"), n=call(Op.COUNT_ROWS, type=Type.INTEGER)),
    "all": step(n=call(Op.SUM, PAID, type=Type.MONEY)),
    "shop": step(channel("shop"), n=call(Op.SUM, PAID, type=Type.MONEY)),
}
READ = {name: Column("n", Type.MONEY, name) for name in STEPS}


@pytest.fixture(scope="module")
def engine():
    with DuckDB(threads=1) as session:
        session.write("person", pa.table({"no": [1, 2, 3, 4]}))
        session.write(
            "sale",
            pa.table(
                {
                    "customer": [1, 1, 2, 3],
                    "channel": ["web", "shop", "shop", None],
                    "paid": pa.array(map(Decimal, "1234"), pa.decimal128(18, 4)),
                }
            ),
        )
        yield session


def test_steps_over_the_same_rows_become_one(engine):
    query = Query(STEPS, result=over(STEPS, **READ))
    one = fused(query, most_columns=60)
    assert list(one.steps) == ["together_web"]
    assert len(one.result.joins) == 1
    assert sorted(engine.rows(one)) == sorted(engine.rows(query))
    assert (2, None, Decimal(3), Decimal(3)) in engine.rows(one)  # a count of no rows is missing


def test_no_more_columns_than_are_wanted(engine):
    query = Query(STEPS, result=over(STEPS, **READ))
    assert list(fused(query, most_columns=4).steps) == ["together_web", "shop"]


def test_a_step_that_decides_which_rows_there_are_stays(engine):
    spine = Select(Table("web"), {"n": Column("n", Type.INTEGER)})
    query = Query(STEPS, result=spine)
    assert "web" in fused(query, most_columns=60).steps


@pytest.mark.parametrize("seed", range(6))
def test_random_rules_are_the_same_to_the_last_bit(seed):
    rng = Random(seed)
    base = random_base(rng, SHOP, 14)
    nodes = [random_rule(rng, SHOP) if n % 2 else random_value(rng, SHOP) for n in range(40)]
    query = planned({f"n{number}": each for number, each in enumerate(nodes)}, SHOP, base.as_of)
    shared = fused(query, most_columns=20)
    assert len(shared.steps) < len(query.steps)
    one = gathered(shared, most_joins=3)
    assert len(one.result.joins) < len(shared.result.joins)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        separate = computed(engine, nodes, base)
        rows = {row["customer_id"]: row for row in engine.fetch(one).to_pylist()}
    for number, column in enumerate(separate):
        found = [rows[each.customer_id][f"n{number}"] for each in base.records]
        assert list(map(repr, found)) == list(map(repr, column)), nodes[number].text()
