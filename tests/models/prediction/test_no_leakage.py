"""Nothing at or after a cut changes what is known or predicted there; what peeks is caught."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal

from segmentry.models.prediction.fitted import fit
from segmentry.models.prediction.inputs import chosen_inputs, default_inputs, is_dated
from segmentry.models.prediction.rows import Reader
from segmentry.models.prediction.target import Target

CUT, END = "2025-10-28", "2025-12-27"
AGAIN = Target(kind="buys_again", horizon_days=60)


def without_later(orders):
    return orders[orders.ordered_at < CUT]


def changed_later(orders):
    later = orders.ordered_at >= CUT
    return orders.assign(
        amount=np.where(later, orders.amount * 9, orders.amount),
        channel=np.where(later, "fax", orders.channel),
    )


def added_later(orders):
    """Everybody buys at the very instant of the cut."""
    ids = sorted(set(orders.customer_id))
    more = pd.DataFrame({"customer_id": ids, "channel": "web", "amount": 5.0})
    more["order_id"] = [f"n{each}" for each in range(len(ids))]
    return pd.concat([orders, more.assign(ordered_at=f"{CUT} 00:00:00")])


def seen(workspace):
    """What is known at the cut, what the card says of it, and what is predicted."""
    reader = Reader(workspace.customers, AGAIN, default_inputs(workspace.features()))
    as_of = workspace.as_of(CUT)
    rows = reader.rows(reader.customers(as_of), AGAIN.asked())
    fitted = fit(workspace.customers, AGAIN, as_of)
    return rows.table, fitted.card, fitted.scores(workspace.customers(CUT))


@pytest.fixture(scope="module")
def before(shop):
    return seen(shop)


@pytest.mark.parametrize("later", [without_later, changed_later, added_later])
def test_facts_at_or_after_a_cut_change_nothing_there(before, opened, orders, people, later):
    table, card, scores = seen(opened(later(orders), people))
    assert table.equals(before[0])
    assert card == before[1]
    assert scores.equals(before[2])


def test_labels_read_from_the_cut_on_and_not_beyond_the_horizon(shop, orders):
    reader = Reader(shop.customers, AGAIN, default_inputs(shop.features()))
    rows = reader.cut(shop.as_of(CUT), shop.as_of(END), 1)
    inside = orders[(orders.ordered_at >= CUT) & (orders.ordered_at < END)]
    numbers = dict(shop.engine.rows("SELECT customer_no, customer_id FROM customers"))
    expected = np.isin([numbers[each] for each in rows.numbers], inside.customer_id)
    assert_array_equal(rows.label, expected)


def test_a_column_that_knows_the_future_is_left_out(opened, orders, people):
    later = set(orders[orders.ordered_at >= CUT].customer_id)
    planted = people.assign(
        stayed=[each in later for each in people.customer_id],
        city=["Lviv", "Kyiv", "Odesa"] * (len(people) // 3) + ["Lviv"] * (len(people) % 3),
    )
    workspace = opened(orders, planted)
    features = workspace.features()
    names = [*default_inputs(features).names, "city", "stayed"]
    inputs = chosen_inputs(features, names)
    assert inputs.undated == ("city", "stayed")
    card = fit(workspace.customers, AGAIN, workspace.as_of(END), inputs=inputs).card
    assert [(each.feature, each.why) for each in card.left_out] == [("stayed", "tells_the_future")]
    assert card.undated == ("city",)
    assert "stayed" not in card.features


def test_what_is_written_after_its_date_is_no_default(shop):
    features = shop.features()
    chosen = default_inputs(features).names
    assert {"recency_days", "revenue_90d", "preferred_channel"} <= set(chosen)
    assert not {"returned_total", "return_rate", "net_revenue", "rfm_group", "r_score"} & set(
        chosen
    )
    for name in ("net_revenue", "return_rate", "return_count"):
        assert name not in features or not is_dated(features, name)
