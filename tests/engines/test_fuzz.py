"""Five thousand random rules over a thousand random customers, on every engine."""

import pytest
from tests.engines.fuzz import differences

RULES, SEEDS, CUSTOMERS = 500, 10, 1_000


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_rules(engine, seed):
    assert list(differences(engine, RULES, CUSTOMERS, seed)) == []
