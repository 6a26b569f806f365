"""The published figures of BG/NBD, and what holds of it whatever the customers did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from scipy.stats import beta
from tests.validation.clv import simulate

from segmentry.models.clv.beta_geometric import BetaGeometric
from segmentry.models.clv.bg_nbd import BgNbd
from segmentry.models.clv.estimate import fit
from segmentry.models.clv.mbg_nbd import MbgNbd
from segmentry.models.clv.purchases import Purchases

PUBLISHED = BgNbd(0.243, 4.414, 0.793, 2.426)
POSITIVE = some.floats(0.05, 20)
BOTH = pytest.mark.parametrize("kind", [BgNbd, MbgNbd])


def test_the_published_figures(cdnow: Purchases) -> None:
    """Fader, Hardie and Lee 2005."""
    found = fit(BgNbd.start(cdnow), cdnow)
    assert found.log_likelihood == pytest.approx(-9582.4, abs=0.05)
    assert tuple(found.parameters.values()) == pytest.approx((0.243, 4.414, 0.793, 2.426), rel=5e-3)
    assert all(low < found.parameters[name] < high for name, (low, high) in found.intervals.items())


def test_the_published_expectation_of_one_customer() -> None:
    """Fader, Hardie and Lee, "Implementing the BG/NBD Model in Excel": customer 1, 39 weeks on."""
    one = Purchases.of([2], [30.43], [38.86])
    assert PUBLISHED.expected_purchases(one, 39.0)[0] == pytest.approx(1.226, abs=5e-4)


@BOTH
def test_the_slope_is_that_of_the_likelihood(kind: type[BetaGeometric], shop: Purchases) -> None:
    at = np.array([0.4, 60.0, 0.8, 2.0])
    slope = kind(*at).score(shop)[1]
    for place, value in enumerate(at):
        step = np.eye(4)[place] * value * 1e-5
        above, below = (kind(*(at + each)).score(shop)[0] for each in (step, -step))
        assert slope[place] == pytest.approx((above - below) / (2 * value * 1e-5), rel=1e-5)


@BOTH
def test_grouping_changes_nothing(kind: type[BetaGeometric], shop: Purchases) -> None:
    repeated = Purchases(
        *(
            np.repeat(each, shop.customers.astype(int))
            for each in (shop.frequency, shop.recency, shop.age)
        ),
        np.ones(int(shop.total)),
    )
    one, other = (fit(kind.start(shop), rows) for rows in (shop, repeated))
    assert tuple(one.parameters.values()) == pytest.approx(
        tuple(other.parameters.values()), rel=1e-7
    )


@BOTH
@given(
    parameters=some.tuples(POSITIVE, some.floats(0.5, 500), POSITIVE, POSITIVE),
    x=some.integers(1, 30),
    age=some.floats(40, 2000),
    shares=some.tuples(some.floats(0, 1), some.floats(0, 1)),
)
def test_who_bought_later_is_not_less_alive(
    kind: type[BetaGeometric],
    parameters: tuple[float, float, float, float],
    x: int,
    age: float,
    shares: tuple[float, float],
) -> None:
    earlier, later = sorted(shares)
    alive = kind(*parameters).probability_alive(
        Purchases.of([x, x], [earlier * age, later * age], [age, age])
    )
    assert 0 <= alive[0] <= alive[-1] <= 1


@BOTH
@given(
    parameters=some.tuples(POSITIVE, some.floats(0.5, 500), POSITIVE, POSITIVE),
    x=some.integers(0, 30),
    horizons=some.tuples(some.floats(0.1, 3000), some.floats(0.1, 3000)),
)
def test_a_longer_horizon_expects_no_fewer_purchases(
    kind: type[BetaGeometric],
    parameters: tuple[float, float, float, float],
    x: int,
    horizons: tuple[float, float],
) -> None:
    rows = Purchases.of([x], [min(x, 1) * 50.0], [100.0])
    short, long = (kind(*parameters).expected_purchases(rows, each)[0] for each in sorted(horizons))
    assert 0 <= short <= long * (1 + 1e-9)


@BOTH
def test_what_is_expected_of_the_new_is_what_simulated_ones_do(
    kind: type[BetaGeometric], shop: Purchases
) -> None:
    model = kind(0.6, 40.0, 1.0, 2.5)  # at a = 1 the formula needs its limit
    draw = np.random.Generator(np.random.PCG64(7))
    bought = simulate(model, draw, np.full(200_000, 300.0))[0]
    expected = model.expected_purchases_new_customer(np.array([300.0]))[0]
    assert expected == pytest.approx(bought.mean(), abs=4 * bought.std() / len(bought) ** 0.5)


def test_no_purchase_leaves_no_doubt_but_in_the_modified_model() -> None:
    once = Purchases.of([0], [0.0], [400.0])
    assert BgNbd(0.3, 30, 0.8, 2.4).probability_alive(once)[0] == 1
    assert MbgNbd(0.3, 30, 0.8, 2.4).probability_alive(once)[0] < 1


@pytest.mark.parametrize(
    ("model", "time"),
    [
        (BgNbd(0.24, 30, 0.8, 2.4), 365.0),
        (BgNbd(0.4, 30, 500, 2000), 365.0),
        (BgNbd(5, 3, 300, 9), 3000.0),
        (BgNbd(0.3, 30, 1, 2), 3650.0),
        (BgNbd(2.3, 30, 2.3, 2), 3650.0),
        (BgNbd(60, 400, 1.00005, 3), 700.0),
    ],
)
def test_the_expectation_is_the_mean_over_all_chances_to_leave(model: BgNbd, time: float) -> None:
    """By plain quadrature over the chance to leave."""
    shares = beta(model.a, model.b).ppf((np.arange(400_000) + 0.5) / 400_000)
    with np.errstate(divide="ignore", invalid="ignore"):
        each = (1 - (1 + shares * time / model.alpha) ** -model.r) / shares
    each = np.where(shares > 1e-12, each, model.r * time / model.alpha)
    expected = model.expected_purchases_new_customer(np.array([time]))[0]
    assert expected == pytest.approx(each.mean(), rel=2e-4)
