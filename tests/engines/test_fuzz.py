"""Five thousand random rules over a thousand random customers; on Spark 260, all by `make engines`."""

from random import Random

import pytest
from tests.engines.fuzz import PER_QUERY, compared, differences
from tests.engines.servers import has_postgres
from tests.engines.start import THOROUGH, for_few_rows, is_brief, is_desk, is_spark
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base

from segmentry.engines.duckdb import DuckDB
from segmentry.language.text import parse_rule

RULES, SEEDS, CUSTOMERS = 500, 10, 1_000
COMPILED_RULES = RULES if THOROUGH else 20
FEW = 240
"""Rules on an engine that is given a selection."""
PER_SPARK_QUERY = 40
"""Rules in one query on Spark: half of the time that 20 take."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_rules(engine, seed):
    if is_brief(engine) and seed:
        pytest.skip("Every seed on Spark: make engines.")
    if is_desk(engine) and has_postgres():
        pytest.skip("PostgreSQL is held against DuckDB and the plain meaning, and so is DuckDB.")
    per_query = PER_SPARK_QUERY if is_spark(engine) else PER_QUERY
    with for_few_rows(engine):
        rules = FEW if is_brief(engine) else RULES
        assert list(differences(engine, rules, CUSTOMERS, seed, per_query)) == []


@pytest.mark.slow
def test_random_rules_in_code_that_spark_compiles(engine):
    if not is_spark(engine):
        pytest.skip("Only Spark compiles its queries, or does not.")
    assert list(differences(engine, COMPILED_RULES, CUSTOMERS, SEEDS)) == []


def test_hundreds_of_steps(engine):
    """A query is as long as a shop has features; no engine plans it for minutes."""
    rng = Random(3)
    base = random_base(rng, SHOP, 200)
    rules = {
        f"n{days}": parse_rule(f"count(orders, last => '{days} days') > {days % 3}", SHOP)
        for days in range(1, 161)
    }
    with DuckDB(threads=1) as desk:
        load(desk, base)
        load(engine, base)
        assert list(compared(engine, [desk], base, rules, rng)) == []
