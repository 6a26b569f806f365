"""The planner against the plain meaning: random rules over random customers.

Thousands more over a thousand customers each are in `tests.engines.test_fuzz`.
"""

from dataclasses import replace
from random import Random

import pytest
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base, random_rule
from tests.language.test_oracle import meaning, same

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.features.compile import CustomerSource, Plan
from segmentry.features.known import Features
from segmentry.language.logic import IsTrue
from segmentry.language.schema import Field
from segmentry.language.text import parse_rule
from segmentry.language.value import Name
from segmentry.sql.expression import Table

BASES, PER_QUERY, QUERIES, CUSTOMERS = 6, 20, 10, 10
SOURCE = CustomerSource(Table("customers"), known_at=None)


def plan(base):
    """A plan whose segments are the columns in which the base keeps them."""
    kept = {f"in {name}": Field(f"in {name}", Type.BOOLEAN) for name in base.schema.segments}
    schema = replace(base.schema, features={**base.schema.features, **kept})
    rules = {name: IsTrue(Name(f"in {name}")) for name in base.schema.segments}
    return Plan(Features(schema, {}), base.as_of, rules, SOURCE)


@pytest.mark.parametrize("seed", range(BASES))
def test_planner_and_plain_meaning_agree(seed):
    rng = Random(1_000 + seed)
    base = random_base(rng, SHOP, CUSTOMERS)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        for _ in range(QUERIES):
            nodes = {f"n{number}": random_rule(rng, SHOP) for number in range(PER_QUERY)}
            found = engine.fetch(plan(base).query(nodes)).to_pylist()
            by_id = {row["customer_id"]: row for row in found}
            assert len(by_id) == len(found) == CUSTOMERS
            for name, node in nodes.items():
                for record in base.records:
                    expected = meaning(node, record, base)
                    assert same(by_id[record.customer_id][name], expected), (
                        node.text(),
                        record,
                        base.as_of,
                    )


def test_measures_over_the_same_rows_share_one_select():
    rule = parse_rule("count(orders) > 1 AND sum(orders.net_amount) > 5 AND max(orders.items) < 9")
    base = random_base(Random(1), SHOP, 2)
    query = plan(base).query({"member": rule})
    assert [name for name in query.steps if name.startswith("measure")] == ["measure_0"]


def test_equal_measures_are_computed_once():
    rule = parse_rule("count(orders, last => '9 days') > 1 OR count(orders, last => '9 days') = 0")
    base = random_base(Random(1), SHOP, 2)
    steps = plan(base).query({"member": rule}).steps
    assert len(steps) == 1
    assert len(steps["measure_0"].columns) == 2
