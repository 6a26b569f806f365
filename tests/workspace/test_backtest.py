"""A backtest says what members of past months did afterwards, and never knows it beforehand."""

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from segmentry.core.errors import UsageError
from segmentry.insights.future import CHANCE, SPEND
from segmentry.workspace.backtest import backtest

START = datetime(2025, 1, 1)


def orders(seed: int, customers: int, rate) -> pa.Table:
    """A year of orders, `rate(customer)` a day; amounts are log-normal."""
    draw = np.random.default_rng(seed)
    rows = {"order_id": [], "customer_id": [], "ordered_at": [], "amount": []}
    for customer in range(customers):
        count = draw.poisson(365 * rate(customer))
        for day in sorted(draw.uniform(0, 365, count)):
            rows["order_id"].append(f"o{len(rows['order_id'])}")
            rows["customer_id"].append(f"c{customer:04}")
            rows["ordered_at"].append(START + timedelta(days=float(day)))
            rows["amount"].append(f"{20 * np.exp(0.5 * draw.standard_normal()):.2f}")
    return pa.table(rows)


@pytest.fixture
def two_kinds(make_shop):
    """Every fourth customer buys four times as often, always."""
    loaded = orders(1, 1_200, lambda customer: 0.02 if customer % 4 == 0 else 0.005)
    kind = pa.table(
        {
            "customer_id": [f"c{each:04}" for each in range(1_200)],
            "often": [each % 4 == 0 for each in range(1_200)],
        }
    )
    return make_shop({"orders": loaded, "customers": kind})


RULES = ("often", "random_share('t') < 0.4")


def test_a_rule_that_tells_is_told_from_one_that_does_not(two_kinds):
    found = two_kinds.insights.backtest(*RULES, "rfm")
    [often], [chance] = (found.groups[each] for each in RULES)
    assert often.verdict == "more"
    assert chance.verdict == "unsaid"
    assert {each.name: each.verdict for each in found.groups["rfm"]}["VIP"] == "more"
    outcome = {each.days: each for each in often.outcomes}
    assert sorted(outcome) == [30, 90, 180]
    assert outcome[90].orders.low <= 90 * 0.02 <= outcome[90].orders.high
    bought = 1 - np.exp(-90 * 0.02)
    assert outcome[90].bought.low <= bought <= outcome[90].bought.high
    order = [each.name for each in found.ranking]
    assert order.index("often") < order.index(CHANCE)
    assert order.index("often") < order.index(RULES[1])
    by_name = {each.name: each for each in found.ranking}
    assert by_name["often"].gini.low > 0
    assert by_name[CHANCE].gini.low < 0 < by_name[CHANCE].gini.high
    assert by_name[SPEND].over_naive.value == 0
    assert backtest(two_kinds, [*RULES, "rfm"]) == found, "asked twice, the same to the last digit"


def test_outcomes_are_what_orders_say(two_kinds):
    found = two_kinds.insights.backtest("often")
    end = two_kinds.as_of()
    [group] = found.groups["often"]
    times = value = bought = 0
    for cut in found.cuts:
        when = two_kinds.as_of(cut)
        if when.instant + timedelta(days=90) > end.instant:
            continue
        members = two_kinds.engine.rows(
            "SELECT sum(gross_amount) FILTER (ordered_at >= $at AND ordered_at < $end)"
            " FROM orders JOIN customers USING (customer_no) WHERE often"
            " GROUP BY customer_no HAVING min(ordered_at) < $at",
            {"at": when.instant, "end": when.instant + timedelta(days=90)},
        )
        times += len(members)
        value += float(sum(each or 0 for (each,) in members))
        bought += sum(each is not None for (each,) in members)
    outcome = next(each for each in group.outcomes if each.days == 90)
    assert outcome.revenue.value == pytest.approx(value / times)
    assert outcome.bought.value == pytest.approx(bought / times)


def test_what_comes_after_the_instant_changes_nothing(two_kinds):
    before = two_kinds.insights.backtest("often", "rfm", when="2025-09-01")
    later = orders(2, 300, lambda _: 0.02)
    moved = [each + timedelta(days=250) for each in later["ordered_at"].to_pylist()]
    named = pa.array([f"later{each}" for each in range(len(later))])
    later = later.set_column(2, "ordered_at", pa.array(moved)).set_column(0, "order_id", named)
    two_kinds.load(orders=later)
    assert two_kinds.insights.backtest("often", "rfm", when="2025-09-01") == before


def test_too_little_history_is_said(two_kinds):
    with pytest.raises(UsageError, match="90 days of orders before"):
        two_kinds.insights.backtest("often", when="2025-03-01")
    early = two_kinds.insights.backtest("often", when="2025-06-15")
    assert early.ranking == (), "no earlier cut was over by then"
