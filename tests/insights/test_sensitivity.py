"""Going prices are found as one would by hand; elasticities hold the truth, or say nothing."""

from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.insights.conftest import put
from tests.validation import sensitivity as simulated
from tests.validation.goals import TOPICS

from segmentry.core.time import AsOf
from segmentry.insights import prices
from segmentry.insights.elasticity import Cells, elasticity
from segmentry.insights.estimate import Estimate
from segmentry.insights.prices import market
from segmentry.insights.sensitivity import Sensitive

AS_OF = AsOf.parse("2025-06-01", "UTC")
MONDAY = datetime(2025, 1, 6)


def line(week: int, price: float, quantity: float, who: int | None, product: str = "tea") -> dict:
    at = MONDAY + timedelta(weeks=week, hours=10)
    return {
        "customer_no": who,
        "ordered_at": at,
        "ordered_on": at.date(),
        "product_id": product,
        "quantity": quantity,
        "gross_amount": price * quantity,
        "kind": "purchase",
        "is_product": True,
    }


@pytest.fixture
def tea(engine, monkeypatch):
    """Tea at three prices in twelve weeks, one of them without a sale; jam at one price."""
    monkeypatch.setattr(prices, "FEWEST_PRODUCTS", 1)
    monkeypatch.setattr(prices, "SOLD_SHARE", 0.9)
    at = (4.0, 4.0, 4.0, 3.0, 3.0, None, 5.0, 5.0, 4.0, 4.0, 3.0, 4.0)
    rows = []
    for week, price in enumerate(at):
        rows.append(line(week, 2.0, 1, 1, "jam"))
        if price is not None:
            rows += [
                line(week, price, 1, 1),
                line(week, price, 2, 2),
                line(week, price * 0.9, 9, None),
            ]
    rows += [line(30, 9.0, 1, 1), {**line(2, 9.0, 1, 1), "kind": "return"}]
    put(engine, "counted_order_lines", rows)
    put(engine, "products", [{"product_id": "tea", "category": "drinks"}])
    return at


def test_going_prices_by_hand(engine, tea):
    with market(engine, AS_OF, "category") as found:
        assert (found.period, found.periods, found.categories) == ("week", 12, ("drinks",))
        expected = [*tea[:5], 3.0, *tea[6:]]  # that of the week before
        assert np.exp(found.cells.log_price) == pytest.approx(expected, rel=0.004)
        put(engine, "those", [{"customer_no": 2, "part": 0}, {"customer_no": 1, "part": 1}])
        units = found.units("those")
        sold = [0 if each is None else 1 for each in tea]
        assert units.tolist() == [[2 * each for each in sold], sold]
        assert found.units()[0].tolist() == [3 * each for each in sold]


def test_a_price_that_is_not_one_is_left_aside(engine, tea):
    rows = [
        line(week, price, 1, 1, "jam")
        for week in range(12)
        for price in (1.0, 2.0, 3.0 + week % 3 / 20)
    ]
    put(engine, "counted_order_lines", rows)
    with market(engine, AS_OF, None) as found:
        assert len(found.cells) == 0


def test_nothing_at_or_after_the_instant_is_read(engine, tea):
    early = AsOf.parse(date(2025, 3, 31), "UTC")
    with market(engine, early, None) as found:
        assert found.units()[0].sum() == 3 * 11
    with market(engine, AsOf.parse("2025-01-06", "UTC"), None) as found:
        assert len(found.cells) == 0


def test_the_elasticity_is_exact_without_chance():
    price = np.log(np.random.Generator(np.random.PCG64(1)).uniform(1, 3, (40, 20)))
    product, week = np.nonzero(np.ones(price.shape))
    units = np.exp(2 + product / 40 + 0.3 * np.sin(week) - 1.7 * price[product, week])
    cells = Cells(product, week, price[product, week])
    found = elasticity(cells, units, units).estimate()
    assert found.value == pytest.approx(-1.7, abs=1e-5)
    assert found.high - found.low < 1e-4
    few = elasticity(cells.where(product < 20), units[product < 20], units[product < 20])
    assert few.estimate().reason == "few"
    still = Cells(product, week, np.zeros(len(product)))
    assert elasticity(still, units, units).estimate().reason == "nothing"
    assert elasticity(cells, 0 * units, units).estimate().reason == "nothing"


def test_one_product_that_decides_it_all_is_told():
    random = np.random.Generator(np.random.PCG64(2))
    price = np.where(np.arange(40)[:, None] == 0, random.normal(0, 2, (40, 20)), 0.0)
    price += random.normal(0, 0.01, price.shape)
    product, week = np.nonzero(np.ones(price.shape))
    units = random.poisson(np.exp(2 - 0.5 * price[product, week])).astype(float)
    cells = Cells(product, week, price[product, week])
    assert elasticity(cells, units, units).estimate().reason == "heavy"


def test_intervals_hold_the_truth():
    found = simulated.figures(seed=3, sets=25)
    held = [value for name, value in found.items() if "_held" in name]
    assert all(0.85 <= each <= 1 for each in held)
    assert 0.91 <= np.mean(held) <= 0.985
    goals = TOPICS["sensitivity"]
    assert all(goals.goal(name) for name in found)


@pytest.mark.parametrize(
    ("low", "high", "price"),
    [
        (-2.0, -1.1, "elastic"),
        (-0.9, -0.1, "inelastic"),
        (-1.2, -0.8, "between"),
        (-0.2, 0.1, "none"),
        (0.1, 0.4, "wrong"),
        (None, None, "unsaid"),
    ],
)
def test_verdicts(low, high, price):
    known = Estimate(0.0 if low is None else (low + high) / 2, low, high)
    share = Estimate(1.2, 1.1, 1.3)
    one = Sensitive("VIP", None, 9, 9, share, share, share, known, known, 40)
    assert one.price == price
    assert one.promotion == "more"
    if low is not None:
        assert one.change.low == pytest.approx(1.1**low - 1)
