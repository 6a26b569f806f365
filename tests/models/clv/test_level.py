"""By how much a sum ahead is to be changed: the way that was nearest before, and how near."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from tests.models.clv.shops import frame

from segmentry.models.clv.correction import Boosted, ByGroup, Correction, Level
from segmentry.models.clv.level import LAST, NONE, TRACKING, Factor, Ratio, chosen, tracked
from segmentry.models.clv.lifetime import fit
from segmentry.models.clv.mbg_nbd import MbgNbd
from segmentry.models.clv.purchases import Purchases
from segmentry.workspace.workspace import Workspace


def ways(last: float, tracking: float) -> dict[str, float]:
    return {LAST: last, NONE: 1.0, TRACKING: tracking}


def test_the_way_that_was_nearest_is_used() -> None:
    past = [("b", 1.5, ways(3.0, 1.6)), ("a", 2.0, ways(4.0, 1.9))]
    found = Factor.of(ways(1.5, 1.2), past)
    assert (found.way, found.value) == (TRACKING, 1.2)
    assert [(each.day, each.known, each.right) for each in found.judged] == [
        ("b", 1.6, 1.5),
        ("a", 1.9, 2.0),
    ]


def test_without_an_earlier_cut_what_was_wrong_last_time_counts() -> None:
    found = Factor.of(ways(0.9, 1.2), [])
    assert (found.way, found.value, found.low, found.high) == (LAST, 0.9, None, None)


def test_of_equal_ways_the_first_is_used_and_sums_of_nothing_do_no_harm() -> None:
    assert chosen(ways(1.0, 1.0), [("a", 1.1, ways(1.0, 1.0))]) == LAST
    assert Factor.of(ways(0.0, 0.0), [("a", 0.0, ways(0.0, 2.0))]).value > 0


def test_how_wrong_it_was_says_how_sure_it_is() -> None:
    one = [("c", 1.1, ways(1.0, 5.0))]
    assert Factor.of(ways(1.0, 1.0), one).low is None
    past = [*one, ("b", 1 / 1.1, ways(1.0, 5.0)), ("a", 1.1, ways(1.0, 5.0))]
    found = Factor.of(ways(1.0, 1.0), past)
    times = np.exp(2.92 * np.log(1.1))  # Student's with two degrees of freedom
    assert (found.low, found.high) == pytest.approx((1 / times, times), rel=1e-3)
    assert found.doubt == pytest.approx(np.log(1.1))


def test_a_ratio_is_drawn_to_one_as_far_as_chance_explains_it() -> None:
    assert Ratio(1.3, 1.3, 1.3).drawn == pytest.approx(1.3)
    assert 1 < Ratio(1.3, 1.0, 1.6).drawn < 1.3
    assert Ratio(1.3, 0.7, 1.9).drawn == 1.0
    assert Ratio(1.0, 1.0, 1.0).drawn == 1.0
    came = np.array([0.0, 2.0] * 50)
    assert Ratio.of(came, np.ones(100)).drawn == 1.0
    assert 1.9 < Ratio.of(came, np.full(100, 0.5)).drawn < 2
    assert Ratio.of(came, np.zeros(100)).value == 1.0


def test_tracking_is_what_came_over_what_the_model_makes_of_the_same_days() -> None:
    model = MbgNbd(0.5, 30.0, 0.8, 2.5)
    now = Purchases.of([3, 1], [90, 40], [100, 100])
    before = Purchases.of([1, 1], [40, 40], [70, 70])
    expected = model.expected_purchases_new_customer(np.array([100.0, 70.0]))
    found = tracked(model, now, before, 30)
    assert found == pytest.approx(2 / (2 * (expected[0] - expected[1])))


@pytest.mark.parametrize("kind", [Level, ByGroup, Boosted])
def test_a_shape_is_carried_with_another_sum(kind: type[Correction]) -> None:
    draw = np.random.Generator(np.random.PCG64(1))
    count = draw.integers(0, 9, 5000).astype(float)
    rows = Purchases(count, np.minimum(count, 1) * 100.0, np.full(5000, 300.0), np.ones(5000))
    expected = 0.2 + 0.5 * count
    came = draw.poisson(expected * np.where(count > 4, 1.5, 0.9)).astype(float)
    learnt = kind.learn(rows, expected, came, 0)
    later = 3 * expected  # everybody is expected to buy three times as much: the same shape
    factors = learnt.carried(rows, later, 0.8).factors(rows, later)
    assert (later * factors).sum() == pytest.approx(0.8 * later.sum())
    plain = learnt.factors(rows, expected)
    assert factors / factors.mean() == pytest.approx(plain / plain.mean())


def returning(people: int = 600, seed: int = 5) -> pa.Table:
    """A shop of two years to which those of the first year come back, all at once, near its end."""
    draw = np.random.default_rng(seed)
    first, start = draw.integers(0, 620, people), datetime(2023, 1, 1, 12)
    rows = [(f"c{one}", start + timedelta(int(day)), 10.0) for one, day in enumerate(first)]
    back = (first < 320) & (draw.random(people) < 0.6)
    late = draw.integers(630, 810, people)
    rows += [(f"c{one}", start + timedelta(int(late[one])), 10.0) for one in np.flatnonzero(back)]
    for one in range(30):  # a few regulars, without whom nothing can be fitted
        days = np.unique(draw.integers(0, 810, 12)).tolist()
        rows += [(f"r{one}", start + timedelta(day), 10.0) for day in days]
    return frame(rows)


def test_a_shape_that_only_the_newest_time_shows_is_learnt_from_halves(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    with Workspace.create(tmp_path_factory.mktemp("back") / "shop") as shop:
        shop.load(orders=returning())
        then = shop.customers(date(2023, 1, 1) + timedelta(720))
        fitted = fit(then, 90, 0.0, "bg_nbd")
    card = fitted.card
    tried = {each.correction: each.measures for each in card.holdout if each.of == "orders"}
    assert card.correction in ("groups", "boosted")
    assert tried[card.correction].deviance < 0.95 * tried["none"].deviance


def quickened(people: int = 900, seed: int = 3) -> pa.Table:
    """A shop of three years whose customers come back three times as often in the last one."""
    draw = np.random.default_rng(seed)
    rate = draw.gamma(0.8, 1 / 400, people)
    first = draw.integers(0, 500, people)
    days = draw.random((people, 1095)) < rate[:, None] * np.where(np.arange(1095) < 730, 1, 3)
    days &= np.arange(1095) > first[:, None]
    days[np.arange(people), first] = True
    who, when = np.nonzero(days)
    start = datetime(2023, 1, 1, 12)
    return frame(
        [
            (f"c{one}", start + timedelta(int(day)), 10.0)
            for one, day in zip(who.tolist(), when.tolist(), strict=True)
        ]
    )


def test_customers_who_have_quickened_are_followed(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cut = date(2023, 1, 1) + timedelta(1005)
    with Workspace.create(tmp_path_factory.mktemp("quick") / "shop") as shop:
        shop.load(orders=quickened())
        then = shop.customers(cut)
        fitted = fit(then, 90, 0.0, "mbg_nbd")
        expected = fitted.scores(then)["clv_orders"].to_numpy().sum()
        instant = then.as_of.instant
        [(came,)] = shop.engine.rows(
            "SELECT count(*) FROM orders WHERE ordered_at >= ? AND customer_no IN"
            " (SELECT customer_no FROM orders WHERE ordered_at < ?)",
            [instant, instant],
        )
    factor = fitted.card.orders_factor
    assert (factor.way, fitted.card.year_seen) == (TRACKING, True)
    assert expected / factor.value < 0.8 * came
    assert expected == pytest.approx(came, rel=0.1)
    assert factor.low is not None
    assert factor.high is not None
    assert factor.low < factor.value < factor.high
