"""Counts by bits are those that an engine counts, on random rules."""

from random import Random

import pytest
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base, random_rule
from tests.segments.test_leaves import customers_of

from segmentry.engines.duckdb import DuckDB
from segmentry.language.logic import And
from segmentry.language.text import measures
from segmentry.segments.preview import _asked, _counted


@pytest.mark.parametrize("seed", range(10))
def test_bits_count_as_the_engine_does(seed):
    rng = Random(7_000 + seed)
    base = random_base(rng, SHOP, 30)
    drawn = [random_rule(rng, SHOP) for _ in range(60)]
    rules = [rule for rule in drawn if not measures(rule)] + drawn[:3]
    with DuckDB(threads=1) as engine:
        load(engine, base)
        customers = customers_of(base, engine)
        for rule in rules:
            parts = rule.parts if isinstance(rule, And) else (rule,)
            expected = _asked(customers, rule, parts)
            assert _counted(customers, rule, parts) == expected, rule.text()
