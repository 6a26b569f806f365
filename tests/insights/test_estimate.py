"""Intervals hold the truth as often as they say, or there is none."""

import numpy as np
import pytest
from tests.validation.estimate import cover, log_normal, weibull, with_pareto

from segmentry.insights.estimate import (
    Estimate,
    means,
    means_of_others,
    portions,
    ratios,
    share,
)

SETS = 600
CHANCE = 3 * (0.05 * 0.95 / SETS) ** 0.5


@pytest.mark.parametrize("size", [200, 1_000])
@pytest.mark.parametrize(
    "amounts",
    [log_normal(1.0), with_pareto(2.5), weibull(1.0).rare(0.8), log_normal(0.5).rare(0.5)],
    ids=lambda each: each.name,
)
def test_intervals_of_long_tails_cover(amounts, size):
    found = cover(amounts, size, SETS, 1)
    assert found.shown > 0.5
    assert 0.95 - 0.02 - CHANCE <= found.held <= 0.95 + 0.02 + CHANCE


@pytest.mark.parametrize("amounts", [log_normal(2.0), log_normal(2.0).rare(0.97)])
def test_where_a_few_decide_nothing_is_said(amounts):
    found = cover(amounts, 500, 200, 1)
    assert found.misled <= 0.07


def one(spreads):
    [found] = spreads.estimates()
    return found


ALL = np.zeros(400, np.int64)


def test_why_there_is_no_interval():
    values = np.arange(400.0) % 9 + 1
    assert one(means(values[:0], ALL[:0], 1)) == Estimate(None, reason="nothing")
    assert one(means(values[:150], ALL[:150], 1)).reason == "few"
    rare = np.where(np.arange(400) < 10, values, 0.0)
    assert one(means(rare, ALL, 1)).reason == "few"
    heavy = np.exp(2.5 * np.random.default_rng(1).standard_normal(400))
    assert one(means(heavy, ALL, 1)).reason == "heavy"
    assert one(means(values, ALL, 1)).reason == ""


def test_equal_customers_leave_no_doubt():
    assert one(means(np.full(400, 3.0), ALL, 1)) == Estimate(3.0, 3.0, 3.0)


def test_a_mean_is_near_the_usual_interval_where_nothing_is_skew():
    values = np.random.default_rng(1).normal(50, 5, 400)
    found = one(means(values, ALL, 1))
    half = 1.9659 * values.std(ddof=1) / 20
    assert found.low == pytest.approx(values.mean() - half, rel=0.02)
    assert found.high == pytest.approx(values.mean() + half, rel=0.02)


@pytest.fixture
def shop():
    draw = np.random.default_rng(2)
    return np.exp(draw.standard_normal(900)), draw.integers(-1, 2, 900)


def test_groups_together_are_groups_alone(shop):
    values, codes = shop
    found = means(values, codes, 2).estimates()
    for group in (0, 1):
        own = values[codes == group]
        alone = one(means(own, np.zeros(len(own), np.int64), 1))
        assert found[group] == alone
        assert found[group].value == pytest.approx(own.mean())


def test_the_others_are_everybody_else(shop):
    values, codes = shop
    rest = np.where(codes == 1, -1, 0)
    found, plain = means_of_others(values, codes, 2), means(values, rest, 1)
    assert found.value[1] == pytest.approx(plain.value[0])
    assert found.variance[1] == pytest.approx(plain.variance[0])
    assert found.third[1] == pytest.approx(plain.third[0])
    assert found.customers[1] == plain.customers[0]


def test_a_portion_is_a_ratio_over_all(shop):
    values, codes = shop
    found = portions(values, codes, 2)
    for group in (0, 1):
        own = np.where(codes == group, values, 0.0)
        plain = ratios(own, values, np.zeros(900, np.int64), 1)
        assert found.value[group] == pytest.approx(plain.value[0])
        assert found.variance[group] == pytest.approx(plain.variance[0], rel=0.01)
        assert found.third[group] == pytest.approx(plain.third[0], rel=0.01)


def test_the_unit_of_money_does_not_matter(shop):
    values, codes = shop
    small, large = (means(values * unit, codes, 2).estimates() for unit in (1, 1000))
    assert [each.low * 1000 for each in small] == pytest.approx([each.low for each in large])


def test_a_share_of_few_has_no_interval():
    assert share(3, 10) == Estimate(0.3, reason="few")
    assert share(0, 0).reason == "nothing"
    assert share(0, 100).low == 0
    assert share(30, 100).sign == 1
