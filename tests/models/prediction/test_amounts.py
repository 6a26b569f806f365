"""Amounts, values of other models, and what moves one customer's prediction."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from segmentry.core.errors import UsageError
from segmentry.models.prediction import reasons
from segmentry.models.prediction.fitted import fit
from segmentry.models.prediction.rows import Rows
from segmentry.models.prediction.target import Target

END = "2025-12-27"
AGAIN = Target(kind="buys_again", horizon_days=60)


@pytest.fixture(scope="module")
def spend(shop):
    return fit(shop.customers, Target(kind="spend", horizon_days=60), shop.as_of(END))


def test_expected_amounts_are_near_those_that_came_and_say_who_spends_more(shop, spend):
    card = spend.card
    assert card.can_say
    figures = card.figures[card.decision]
    assert abs(figures["bias"].value) < 0.25
    assert figures["gini"].low > card.figures["base_rate"]["gini"].value
    assert figures["deviance"].value < card.figures["base_rate"]["deviance"].value
    assert card.ece_by_chance is None
    newest = card.cuts[0]
    assert newest.mean > 1
    assert sum(each.observed * each.customers for each in card.reliability) == pytest.approx(
        newest.mean * newest.asked
    )
    values = spend.scores(shop.customers(END)).column("value").to_numpy()
    assert (values >= 0).all()
    assert values.mean() == pytest.approx(newest.mean, rel=0.5)


@pytest.fixture(scope="module")
def again(shop):
    return fit(shop.customers, AGAIN, shop.as_of(END))


def test_the_reasons_of_one_customer_are_what_a_usual_value_would_change():
    rows = Rows(
        np.array([7, 8]),
        pa.table({"a": [1.0, 9.0], "b": [2.0, 2.0], "word": ["x", "y"]}),
        np.zeros(2),
    )
    base = Rows(
        np.arange(3),
        pa.table({"a": [1.0, 1.0, 5.0], "b": [2.0, 2.0, 2.0], "word": ["x", "x", "y"]}),
        np.zeros(3),
    )

    def predict(given):
        words = np.array(given.table["word"].to_pylist())
        return given.column("a") + 3 * (words == "y")

    found = reasons.own(predict, rows, base, most=2).to_pylist()
    mine = {each["feature"]: each["change"] for each in found if each["customer_no"] == 8}
    assert mine == {"a": 8.0, "word": 3.0}  # against the median 1, and "x"
    assert [each["change"] for each in found if each["customer_no"] == 7] == [0.0, 0.0]


def test_reasons_are_of_the_customers_asked_for_and_none_of_a_plain_way(shop, again):
    customers = shop.customers(END)
    numbers = again.scores(customers)["customer_no"].to_pylist()[:3]
    found = again.reasons(customers, numbers, most=2)
    if again.card.why == "better":
        assert found.num_rows == 6
        assert set(found["customer_no"].to_pylist()) == set(numbers)
        assert set(found["feature"].to_pylist()) <= set(again.card.features)
    else:
        assert found.equals(reasons.NONE)


def test_without_a_prediction_there_are_no_reasons(shop):
    nothing = fit(shop.customers, Target(kind="spend", horizon_days=300), shop.as_of(END))
    with pytest.raises(UsageError, match="too little to predict"):
        nothing.reasons(shop.customers(END), [1])
