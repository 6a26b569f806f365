"""The published figures of Pareto/NBD, against the textbook formula too."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import gammaln, hyp2f1
from tests.validation.clv import simulate

from segmentry.models.clv.estimate import fit
from segmentry.models.clv.pareto_nbd import ParetoNbd
from segmentry.models.clv.purchases import Purchases


def textbook(model: ParetoNbd, rows: Purchases) -> float:
    """Fader and Hardie 2005, "A Note on Deriving the Pareto/NBD Model", one customer at a time."""
    x, larger = rows.frequency, max(model.alpha, model.beta)
    both = model.r + model.s + x
    second = model.s + 1 if model.alpha >= model.beta else model.r + x

    def part(time: np.ndarray) -> np.ndarray:
        share = abs(model.alpha - model.beta) / (larger + time)
        return hyp2f1(both, second, both + 1, share) / (larger + time) ** both

    alive = (model.alpha + rows.age) ** -(model.r + x) * (model.beta + rows.age) ** -model.s
    logs = (
        gammaln(model.r + x)
        - gammaln(model.r)
        + model.r * np.log(model.alpha)
        + model.s * np.log(model.beta)
        + np.log(alive + model.s / both * (part(rows.recency) - part(rows.age)))
    )
    return float(logs @ rows.customers)


def test_the_published_figures(cdnow: Purchases) -> None:
    """Fader, Hardie and Lee 2005."""
    found = fit(ParetoNbd.start(cdnow), cdnow)
    assert found.log_likelihood == pytest.approx(-9595.0, abs=0.05)
    published = (0.553, 10.58, 0.606, 11.67)
    assert tuple(found.parameters.values()) == pytest.approx(published, rel=5e-3)


MODELS = [
    ParetoNbd(0.5, 30.0, 0.6, 40.0),
    ParetoNbd(0.3, 2.0, 3.0, 300.0),
    ParetoNbd(3.0, 200.0, 0.3, 0.3),
    ParetoNbd(0.5, 30.0, 1.0, 30.0),
]


@pytest.mark.parametrize("model", MODELS)
def test_the_likelihood_is_that_of_the_textbook(model: ParetoNbd, shop: Purchases) -> None:
    assert model.score(shop)[0] == pytest.approx(textbook(model, shop), rel=1e-9)


@pytest.mark.parametrize("model", MODELS)
def test_the_slope_is_that_of_the_likelihood(model: ParetoNbd, shop: Purchases) -> None:
    at = np.array([model.r, model.alpha, model.s, model.beta])
    slope = model.score(shop)[1]
    for place, value in enumerate(at):
        step = np.eye(4)[place] * value * 1e-5
        above, below = (ParetoNbd(*(at + each)).score(shop)[0] for each in (step, -step))
        assert slope[place] == pytest.approx((above - below) / (2 * value * 1e-5), rel=1e-4)


def test_thousands_of_purchases_in_ten_years_neither_overflow_nor_vanish() -> None:
    rows = Purchases.of([3000, 3000, 0, 1], [3600, 3100, 0, 1], [3650, 3650, 3650, 3650])
    model = ParetoNbd(0.5, 5.0, 0.6, 40.0)
    assert np.isfinite(model.score(rows)[0])
    alive = model.probability_alive(rows)
    assert np.all((alive >= 0) & (alive <= 1))
    assert alive[-2] < 1e-6


def test_what_is_expected_of_the_new_is_what_simulated_ones_do() -> None:
    model = ParetoNbd(0.6, 40.0, 1.0, 90.0)
    draw = np.random.Generator(np.random.PCG64(7))
    bought = simulate(model, draw, np.full(200_000, 300.0))[0]
    expected = model.expected_purchases_new_customer(np.array([300.0]))[0]
    assert expected == pytest.approx(bought.mean(), abs=4 * bought.std() / len(bought) ** 0.5)
    known = Purchases.of([0], [0.0], [0.0])
    assert model.expected_purchases(known, 300.0)[0] == pytest.approx(expected)
