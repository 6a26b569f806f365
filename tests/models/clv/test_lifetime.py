"""Lifetime value of a shop: counted in the engine, chosen by held-out time, scored by customer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from tests.models.clv.shops import AS_OF, frame, published, simulated
from tests.validation.clv import simulate

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.features.customers import Customers
from segmentry.language.text import parse_rule
from segmentry.models.clv import counts
from segmentry.models.clv.bg_nbd import BgNbd
from segmentry.models.clv.counts import history
from segmentry.models.clv.estimate import fit as estimate
from segmentry.models.clv.lifetime import Fitted, fit
from segmentry.models.clv.measures import measure
from segmentry.models.clv.pareto_nbd import ParetoNbd
from segmentry.models.clv.purchases import Purchases
from segmentry.workspace.workspace import Workspace


@pytest.fixture(scope="module")
def orders() -> pa.Table:
    return simulated(1500, 5)


@pytest.fixture(scope="module")
def customers(orders: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customers]:
    with Workspace.create(tmp_path_factory.mktemp("shop") / "shop") as shop:
        shop.load(orders=orders)
        yield shop.customers(AS_OF)


@pytest.fixture(scope="module")
def fitted(customers: Customers) -> Fitted:
    return fit(customers, 180, 0.1)


def test_histories_are_the_days_on_which_customers_bought(
    customers: Customers, orders: pa.Table
) -> None:
    days: dict[str, set[date]] = {}
    for row in orders.to_pylist():
        days.setdefault(row["customer_id"], set()).add(row["ordered_at"].date())
    end = date.fromisoformat(AS_OF)
    expected = sorted(
        (len(each) - 1, (max(each) - min(each)).days, (end - min(each)).days)
        for each in days.values()
    )
    with history(customers) as now:
        rows, spending = now.purchases(), now.spending()
    found = np.repeat(
        np.stack([rows.frequency, rows.recency, rows.age], axis=1),
        rows.customers.astype(int),
        axis=0,
    )
    assert found.tolist() == [list(map(float, each)) for each in expected]
    assert spending.customers.sum() == len(days)
    assert not [each for each in customers.desk.tables() if each.startswith("clv")]


def test_orders_of_one_day_are_one_purchase(tmp_path: Path) -> None:
    from datetime import datetime

    rows = [("a", datetime(2026, 1, 1, 9), 5.0), ("a", datetime(2026, 1, 1, 18), 7.0)]
    with Workspace.create(tmp_path / "shop") as shop:
        shop.load(orders=frame(rows))
        with history(shop.customers("2026-01-11")) as now:
            found = now.purchases()
    assert (found.frequency.tolist(), found.recency.tolist(), found.age.tolist()) == (
        [0],
        [0],
        [10],
    )


def test_a_cut_sees_nothing_of_what_came_after(customers: Customers) -> None:
    with history(customers, 90) as cut, history(customers) as now:
        held = cut.until(now, 10**9)
        before, after = cut.purchases(), now.purchases()
    assert held.days == 90
    days = held.rows.frequency.sum() + len(held.rows) + held.purchases.sum()
    new = after.total - before.total
    later = after.frequency @ after.customers + after.total - days
    assert before.total == len(held.rows)
    assert later >= new > 0  # the rest are purchases of those who came after the cut
    assert np.all(held.purchases >= 0)
    assert held.rows.age.min() >= 0


def test_every_buyer_has_finite_scores(customers: Customers, fitted: Fitted) -> None:
    found = fitted.scores(customers)
    assert found.column_names == [
        "customer_no", "clv", "clv_orders", "clv_spend", "clv_alive", "clv_next_days",
    ]  # fmt: skip
    numbers = found["customer_no"].to_numpy()
    assert np.all(np.diff(numbers) > 0)
    assert len(numbers) == fitted.card.customers
    for name in ("clv", "clv_orders", "clv_spend", "clv_alive"):
        values = found[name].to_numpy()
        assert np.all(np.isfinite(values) & (values >= 0)), name
    assert pc.max(found["clv_alive"]).as_py() <= 1
    assert pc.all(
        pc.less_equal(found["clv"], pc.multiply(found["clv_orders"], found["clv_spend"]))
    ).as_py()


def test_the_same_data_give_the_same_scores_bit_for_bit(
    customers: Customers, fitted: Fitted
) -> None:
    again = fit(customers, 180, 0.1)
    assert again.card == fitted.card
    assert again.scores(customers).equals(fitted.scores(customers))


def test_a_group_is_the_sum_of_its_members(customers: Customers, fitted: Fitted) -> None:
    alone = fitted.scores(customers)
    everybody = fitted.group(customers, parse_rule("frequency >= 1"))
    assert everybody.customers == alone.num_rows
    assert everybody.clv == pytest.approx(pc.sum(alone["clv"]).as_py(), rel=1e-9)
    assert everybody.low is not None
    assert everybody.high is not None
    assert everybody.low < everybody.clv < everybody.high
    nobody = fitted.group(customers, parse_rule("frequency > 100000"))
    assert (nobody.customers, nobody.clv, nobody.low) == (0, 0.0, None)


def test_the_card_is_plain_json_and_shows_what_is_naive_beside(fitted: Fitted) -> None:
    card = json.loads(json.dumps(fitted.card.as_json(), allow_nan=False))
    tested = {(each["method"], each["of"]) for each in card["holdout"]}
    assert {("bg_nbd", "orders"), ("mbg_nbd", "orders"), ("pareto_nbd", "orders")} <= tested
    assert {("frequency", "orders"), ("spend_in_year", "spend")} <= tested
    assert len(card["deciles"]) == 10
    assert [each["day"] for each in card["tracking"]][-1] == AS_OF
    assert all(each["low"] <= each["value"] <= each["high"] for each in card["parameters"])
    assert card["needs"][0] == {"name": "buyers", "needed": 500, "found": card["customers"]}


def test_too_little_is_said_not_guessed(tmp_path: Path) -> None:
    with Workspace.create(tmp_path / "shop") as shop:
        shop.load(orders=simulated(200, 1))
        with pytest.raises(UsageError, match=r"customers who bought \(200, needed 500\)"):
            fit(shop.customers(AS_OF))


def test_unknown_methods_and_odd_horizons_are_refused(customers: Customers) -> None:
    with pytest.raises(UnknownNameError, match="gamma"):
        fit(customers, method="gamma")
    with pytest.raises(UsageError):
        fit(customers, horizon_days=0)


def test_cdnow_39_weeks_ahead(shared_data: Path, tmp_path: Path) -> None:
    """Uncorrected BG/NBD is 12 to 13 % too low; what was learnt before the cut mends it."""
    with Workspace.create(tmp_path / "cdnow") as shop:
        shop.load(orders=published(shared_data))
        then = shop.customers("1997-10-01")
        fitted = fit(then, 273, 0.0)
        scores = fitted.scores(then)
        with history(then) as cut, history(shop.customers("1998-07-01")) as end:
            held = cut.until(end, 10**9)
    plain = measure(fitted.purchases.model.expected_purchases(held.rows, 273), held.purchases)
    found = measure(scores["clv_orders"].to_numpy(), held.purchases)
    assert plain.bias == pytest.approx(-0.134, abs=0.01)
    assert found.bias == pytest.approx(-0.031, abs=0.01)
    naive = measure(held.rows.frequency, held.purchases)
    assert found.gini is not None
    assert naive.gini is not None
    assert found.gini > naive.gini - 0.005


def test_cells_of_many_histories_give_the_parameters_of_all(
    customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw = np.random.Generator(np.random.PCG64(2))
    age = draw.integers(1, 731, 40_000).astype(float)
    frequency, recency, _ = simulate(BgNbd(0.4, 30.0, 0.8, 2.4), draw, age)
    rows = Purchases.of(frequency, np.minimum(np.ceil(recency), age), age)
    monkeypatch.setattr(counts, "MANY", 20_000)
    with history(customers) as now:
        cells = now.cells(rows)
        assert now.cells(cells) is cells
    assert cells.total == rows.total
    assert len(cells) < 0.8 * len(rows)
    for kind in (BgNbd, ParetoNbd):
        exact, coarse = (estimate(kind.start(each), each) for each in (rows, cells))
        found = tuple(coarse.parameters.values())
        assert found == pytest.approx(tuple(exact.parameters.values()), rel=1e-3)
