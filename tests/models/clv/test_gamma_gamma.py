"""The published figures of Gamma-Gamma, and what grouping costs."""

from __future__ import annotations

import numpy as np
import pytest
from tests.validation.clv import simulate_spending

from segmentry.models.clv.estimate import fit
from segmentry.models.clv.gamma_gamma import GammaGamma, Spending


def test_the_published_figures(published: dict[str, np.ndarray]) -> None:
    """Fader and Hardie 2013: 946 customers with repeats."""
    rows = Spending.of(published["x"], published["x"] * published["zbar"])
    assert rows.customers.sum() == 946
    found = fit(GammaGamma.start(rows), rows)
    assert tuple(found.parameters.values()) == pytest.approx((6.25, 3.74, 15.44), rel=5e-3)


def test_grouping_costs_no_digit_that_matters() -> None:
    draw = np.random.Generator(np.random.PCG64(2))
    count = draw.integers(1, 9, 30_000).astype(float)
    total = simulate_spending(GammaGamma(6.0, 4.0, 15.0), draw, count)
    alone = Spending(count, np.log(total), np.ones(len(count)))
    grouped = Spending.of(count, total)
    assert len(grouped.log_total) < len(total) / 3
    one, other = (fit(GammaGamma.start(each), each) for each in (alone, grouped))
    assert tuple(one.parameters.values()) == pytest.approx(
        tuple(other.parameters.values()), rel=1e-5
    )
    assert one.log_likelihood == pytest.approx(other.log_likelihood, abs=0.1)


def test_the_slope_is_that_of_the_likelihood() -> None:
    draw = np.random.Generator(np.random.PCG64(4))
    count = draw.integers(1, 9, 500).astype(float)
    rows = Spending.of(count, simulate_spending(GammaGamma(6.0, 4.0, 15.0), draw, count))
    at = np.array([3.0, 2.0, 40.0])
    slope = GammaGamma(*at).score(rows)[1]
    for place, value in enumerate(at):
        step = np.eye(3)[place] * value * 1e-5
        above, below = (GammaGamma(*(at + each)).score(rows)[0] for each in (step, -step))
        assert slope[place] == pytest.approx((above - below) / (2 * value * 1e-5), rel=1e-5)


def test_who_is_unknown_spends_what_all_do_and_who_is_known_what_they_did() -> None:
    model = GammaGamma(6.0, 4.0, 15.0)
    assert model.expected_spend_new_customer() == pytest.approx(6.0 * 15.0 / 3.0)
    known = model.expected_spend(np.array([1000.0]), np.array([77_000.0]))[0]
    assert known == pytest.approx(77.0, rel=0.01)
    assert np.isnan(GammaGamma(0.1, 0.5, 10.0).expected_spend(np.ones(1), np.ones(1))[0])
