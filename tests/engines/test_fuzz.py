"""Five thousand random rules over a thousand random customers, on every engine."""

from random import Random

import pytest
from tests.engines.fuzz import compared, differences
from tests.engines.start import is_brief
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base

from segmentry.engines.duckdb import DuckDB
from segmentry.language.text import parse_rule

RULES, SEEDS, CUSTOMERS = 500, 10, 1_000
BRIEF_RULES = 60


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_rules(engine, seed):
    if is_brief(engine):
        if seed:
            pytest.skip("Every seed on Spark: make engines.")
        assert list(differences(engine, BRIEF_RULES, CUSTOMERS, seed)) == []
        return
    assert list(differences(engine, RULES, CUSTOMERS, seed)) == []


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
