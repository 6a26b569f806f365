"""A prediction learns from earlier cuts only, says what it is worth, and refuses to guess."""

from __future__ import annotations

import json

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from segmentry.core.errors import UsageError
from segmentry.models.prediction.alone import one_thread
from segmentry.models.prediction.fitted import fit
from segmentry.models.prediction.learner import learners
from segmentry.models.prediction.target import Target

END = "2025-12-27"
AGAIN = Target(kind="buys_again", horizon_days=60)


@pytest.fixture(scope="module")
def fitted(shop):
    return fit(shop.customers, AGAIN, shop.as_of(END))


def test_cuts_lie_one_horizon_apart_and_labels_end_where_the_next_begins(fitted):
    cuts = fitted.card.cuts
    assert [each.as_of for each in cuts] == [
        "2025-10-28",
        "2025-08-29",
        "2025-06-30",
        "2025-05-01",
        "2025-03-02",
    ]
    assert [each.until for each in cuts[1:]] == [each.as_of for each in cuts[:-1]]
    assert cuts[0].until == END
    assert [each.part for each in cuts] == ["test", *["training"] * 4]


def test_what_is_there_to_be_learned_is_learned(fitted):
    card = fitted.card
    assert card.can_say
    assert card.decision != "base_rate"
    figures = card.figures
    assert figures["boosting"]["auc"].value > figures["recency"]["auc"].value
    assert figures["base_rate"]["auc"].value == 0.5
    assert figures[card.decision]["brier"].high < figures["base_rate"]["brier"].low
    assert figures[card.decision]["ece"].value < 0.05


def test_a_card_is_plain_data(fitted):
    text = json.dumps(fitted.card.as_json())
    assert json.loads(text)["question"] == {"kind": "buys_again", "horizon_days": 60}
    assert fitted.card.reliability[-1].gain == pytest.approx(1)
    assert sum(each.customers for each in fitted.card.reliability) == fitted.card.cuts[0].asked


def test_a_declared_sample_bounds_what_is_learned_from_and_everybody_is_scored(shop, fitted):
    whole = fitted.card.cuts
    assert [each.of for each in whole] == [each.asked for each in whole]
    few = fit(shop.customers, AGAIN, shop.as_of(END), sample=200)
    assert few.card.sample == 200
    assert [each.of for each in few.card.cuts] == [each.of for each in whole][: len(few.card.cuts)]
    assert all(100 < each.asked < 300 < each.of for each in few.card.cuts)


def test_scores_carry_their_as_of_and_are_the_same_again(shop, fitted):
    customers = shop.customers(END)
    scores = fitted.scores(customers)
    assert scores.schema.metadata == {b"as_of": END.encode()}
    assert scores.column("customer_no").to_pylist() == sorted(
        scores.column("customer_no").to_pylist()
    )
    assert all(0 < each < 1 for each in scores.column("value").to_pylist())
    again = fit(shop.customers, AGAIN, shop.as_of(END)).scores(customers)
    assert again.equals(scores)


@pytest.mark.parametrize("amounts", [False, True])
def test_what_the_engine_works_out_gives_what_all_inputs_give(shop, fitted, amounts):
    reader = fitted.reader
    cut = reader.cut(shop.as_of("2025-08-29"), shop.as_of("2025-10-28"), 1)
    customers, asked = shop.customers(END), AGAIN.asked()
    everything = reader.rows(customers, asked)
    for name, learner in learners(amounts=amounts).items():
        with one_thread():
            way = learner(cut, 1)
            found = reader.rows(customers, asked, way)
            assert_array_equal(way(found), way(everything), err_msg=name)
        assert found.table.num_columns <= 3


def test_too_little_history_is_said_and_nothing_guessed(shop):
    found = fit(shop.customers, Target(kind="buys_again", horizon_days=300), shop.as_of(END))
    assert (found.card.decision, found.card.why) == ("cannot_say", "too_little")
    assert "cuts" in [each.name for each in found.card.missing]
    with pytest.raises(UsageError, match=r"too little to predict from: .*cuts"):
        found.scores(shop.customers(END))


def test_customers_of_another_instant_are_refused(shop):
    later = shop.customers(END)
    with pytest.raises(UsageError, match="stand in for"):
        fit(lambda instant: later, AGAIN, shop.as_of(END))


def test_churn_is_the_opposite_of_buying_among_the_active(shop):
    churn = fit(shop.customers, Target(kind="churn", horizon_days=60), shop.as_of(END))
    again = Target(kind="buys_again", horizon_days=60, among="any(orders, last => '60 days')")
    buys = fit(shop.customers, again, shop.as_of(END))
    for one, other in zip(churn.card.cuts, buys.card.cuts, strict=True):
        assert one.asked == other.asked
        assert one.positives == other.asked - other.positives
    left, right = (each.card.figures["rfm_ranks"]["auc"].value for each in (churn, buys))
    assert left == pytest.approx(right, abs=1e-3)
    values = churn.scores(shop.customers(END)).column("value").to_numpy()
    assert np.isfinite(values).all()
