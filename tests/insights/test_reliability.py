"""Alpha and its kin equal numpy's on the same answers; who did not answer is shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from segmentry.features.scale import Scale
from segmentry.workspace.workspace import Workspace

ITEMS = ("one", "two", "three", "against")


def answers(people=400, seed=7):
    """Three items with a common cause, one against it; the second hundred left most out."""
    draw = np.random.default_rng(seed)
    cause = draw.normal(3, 1, people)
    signs = (1, 1, 1, -1)
    table = np.array([cause * sign + draw.normal(0, 0.8, people) for sign in signs]).T
    table[:, 3] += 6
    table = np.clip(np.round(table), 1, 5)
    table[draw.random(table.shape) < 0.1] = np.nan
    table[100:200] = np.nan
    return table


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("work") / "shop") as workspace:
        table = answers()
        people = pd.DataFrame(table, columns=ITEMS)
        people.insert(0, "customer_id", [f"c{each:03}" for each in range(len(table))])
        buyers = people.customer_id[:150]  # those who answered bought more often
        orders = pd.DataFrame({"order_id": range(len(buyers)), "customer_id": buyers, "amount": 5})
        orders["ordered_at"] = "2026-02-01 10:00:00"
        workspace.load(customers=people, orders=orders)
        yield workspace


def alpha(table):
    count = table.shape[1]
    parts, whole = table.var(axis=0, ddof=1).sum(), table.sum(axis=1).var(ddof=1)
    return count / (count - 1) * (1 - parts / whole)


def complete(reverse):
    table = answers()
    if reverse:
        table[:, 3] = 6 - table[:, 3]
    return table[~np.isnan(table).any(axis=1)]


@pytest.mark.parametrize("reverse", [(), ("against",)])
def test_alpha_and_items_as_numpy_has_them(shop, reverse):
    shop.scales.add(Scale(name="s", items=ITEMS, reverse=reverse))
    found, table = shop.scales.reliability("s"), complete(reverse)
    assert found.complete == len(table)
    assert found.alpha == pytest.approx(alpha(table))
    for place, each in enumerate(found.items):
        rest = np.delete(table, place, axis=1)
        expected = np.corrcoef(table[:, place], rest.sum(axis=1))[0, 1]
        assert each.rest_correlation == pytest.approx(expected)
        assert each.alpha_without == pytest.approx(alpha(rest))


def test_an_item_against_the_rest_is_to_be_turned(shop):
    shop.scales.add(Scale(name="s", items=ITEMS))
    assert [each.item for each in shop.scales.reliability("s").items if each.turn] == ["against"]
    shop.scales.add(Scale(name="s", items=ITEMS, reverse=("against",)))
    assert not any(each.turn for each in shop.scales.reliability("s").items)


def test_who_did_not_answer(shop):
    shop.scales.add(Scale(name="s", items=ITEMS))
    found = shop.scales.reliability("s")
    silent = int(np.isnan(answers()).all(axis=1).sum())
    assert (found.customers, found.answered) == (400, 400 - silent)
    assert found.non_response_rate == pytest.approx(silent / 400)
    orders = next(each for each in found.differences if each.feature == "frequency")
    assert orders.not_answered == pytest.approx(0.5, abs=0.02)
    assert orders.answered == pytest.approx(1 / 3, abs=0.02)
    assert orders.notable


def test_two_items_and_no_spread(shop):
    shop.scales.add(Scale(name="pair", items=("one", "two")))
    assert [each.alpha_without for each in shop.scales.reliability("pair").items] == [None, None]
    nobody = Scale(name="nobody", items=("one", "two"), low=70, high=80)
    shop.scales.add(nobody)
    found = shop.scales.reliability("nobody")
    assert (found.alpha, found.answered, found.complete) == (None, 0, 0)
    assert found.non_response_rate == 1
