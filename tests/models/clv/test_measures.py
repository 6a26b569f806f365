"""How near predictions come, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.models.clv.correction import Boosted, ByGroup, Level
from segmentry.models.clv.counts import Extent
from segmentry.models.clv.gate import needs
from segmentry.models.clv.measures import deciles, measure
from segmentry.models.clv.purchases import Purchases


def test_knowing_what_comes_is_perfect_and_chance_is_nothing() -> None:
    came = np.repeat(np.arange(10.0), 5)
    perfect = measure(came, came)
    assert (perfect.bias, perfect.decile_mape, perfect.mae) == (0, 0, 0)
    assert perfect.gini == pytest.approx(1)
    assert perfect.deviance == pytest.approx(0, abs=1e-6)
    constant = measure(np.full(50, 4.5), came)
    assert constant.gini == pytest.approx(0)
    assert constant.correlation is None
    assert measure(-came, came).gini == pytest.approx(-1)


def test_bias_and_errors_by_hand() -> None:
    found = measure(np.array([1.0, 3.0]), np.array([2.0, 6.0]))
    assert (found.bias, found.mae) == (-0.5, 2.0)
    assert found.decile_mape == pytest.approx(0.5)


def test_where_nothing_came_nothing_is_said() -> None:
    found = measure(np.ones(3), np.zeros(3))
    assert (found.bias, found.decile_mape, found.gini) == (None, None, None)


def test_deciles_hold_everybody_once() -> None:
    parts = deciles(np.arange(25.0), np.ones(25))
    assert sum(each.customers for each in parts) == 25
    assert parts[0].predicted > parts[-1].predicted


@pytest.mark.parametrize("kind", [Level, ByGroup, Boosted])
def test_corrections_bring_the_sum_right(kind: type[Level | ByGroup | Boosted]) -> None:
    draw = np.random.Generator(np.random.PCG64(1))
    count = draw.integers(0, 9, 5000).astype(float)
    rows = Purchases(count, np.minimum(count, 1) * 100.0, np.full(5000, 300.0), np.ones(5000))
    expected = 0.2 + 0.5 * count
    came = draw.poisson(expected * np.where(count > 4, 1.5, 0.9)).astype(float)
    factors = kind.learn(rows, expected, came, 0).factors(rows, expected)
    assert (expected * factors).sum() == pytest.approx(came.sum(), rel=0.02)
    if kind is not Level:
        assert factors[count > 6].mean() == pytest.approx(1.5, rel=0.06)


def test_what_is_needed_and_what_is_there() -> None:
    short = needs(Extent(buyers=499, days=180, silent_days=31, frequent_buyers=20))
    assert [each.name for each in short if not each.met] == ["buyers", "silent_days"]
