"""A scale is ordinary features: reversed items, the share answered, bands."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from pydantic import ValidationError

from segmentry.features.scale import Scale
from segmentry.workspace.workspace import Workspace

ANSWERS = {
    #        a    b    c     d     e
    "one": ["5", "1", None, "3", "9"],
    "two": ["4", "2", "2", None, "3"],
    "back": ["1", "5", None, None, "3"],
}
PEOPLE = list("abcde")


@pytest.fixture
def shop(tmp_path):
    with Workspace.create(tmp_path / "shop") as workspace:
        people = pd.DataFrame({"customer_id": PEOPLE, **ANSWERS})
        long = people.melt("customer_id", var_name="question", value_name="answer").dropna()
        long["answered_at"] = "2026-01-01 10:00:00"
        workspace.load(customers=people, survey_answers=long)
        orders = pd.DataFrame({"order_id": PEOPLE, "customer_id": PEOPLE, "amount": 10})
        orders["ordered_at"] = "2026-02-01 10:00:00"
        workspace.load(orders=orders)
        yield workspace


def column(shop, name):
    return shop.columns([name]).to_arrow().column(name).to_pylist()


@pytest.mark.parametrize("source", ["customers", "survey_answers"])
def test_score_share_and_band(shop, source):
    shop.scales.add(
        Scale(name="s", items=tuple(ANSWERS), reverse=("back",), source=source, limits=(2, 4))
    )
    # c and d answered one of three, fewer than half; the 9 of e is out of range, so no answer.
    assert column(shop, "s_score") == [pytest.approx(14 / 3), pytest.approx(4 / 3), None, None, 3]
    assert column(shop, "s_answered_share") == pytest.approx([1, 1, 1 / 3, 1 / 3, 2 / 3])
    assert column(shop, "s_band") == ["high", "low", None, None, "middle"]


def test_a_sum_is_the_mean_times_the_number_of_items(shop):
    shop.scales.add(Scale(name="s", items=tuple(ANSWERS), reverse=("back",), method="sum"))
    assert column(shop, "s_score") == [pytest.approx(14), pytest.approx(4), None, None, 9]


def test_a_limit_belongs_to_the_band_below(shop):
    shop.scales.add(
        Scale(
            name="s", items=("two", "back"), least_answered_share=0.1, bands=("x", "y"), limits=(3,)
        )
    )
    assert column(shop, "s_score") == [2.5, 3.5, 2, None, 3]
    assert column(shop, "s_band") == ["x", "y", "x", None, "x"]


def test_at_least_the_share_of_items(shop):
    shop.scales.add(Scale(name="s", items=("one", "two"), least_answered_share=0.5))
    assert column(shop, "s_score") == [4.5, 1.5, 2, 3, 3]
    shop.scales.add(Scale(name="s", items=("one", "two"), least_answered_share=0.51))
    assert column(shop, "s_score") == [4.5, 1.5, None, None, None]


def test_a_question_with_quotes_stays_one():
    [first, *_] = Scale(name="s", source="survey_answers", items=("it's", "b")).declarations()
    assert "question = 'it''s'" in first.expression


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"items": ("a",)}, "at least 2"),
        ({"items": ("a", "a")}, "twice"),
        ({"reverse": ("c",)}, "no item: c"),
        ({"low": 5, "high": 5}, "below"),
        ({"limits": (1,)}, "need 2 limits"),
        ({"limits": (2, 1)}, "rise"),
        ({"bands": ("x", "x")}, "one name"),
        ({"least_answered_share": 0}, "greater than 0"),
        ({"name": "Über"}, "pattern"),
    ],
)
def test_what_is_no_scale(change, message):
    with pytest.raises(ValidationError, match=message):
        Scale(**{"name": "s", "items": ("a", "b"), "high": Decimal(5), **change})
