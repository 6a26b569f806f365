"""Sensitive fields: locked when loaded, on every way to their values, until somebody decides."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from segmentry.core.errors import LockedFeatureError, UnknownNameError, UsageError
from segmentry.workspace.workspace import Workspace

NOW = datetime(2026, 11, 1, 12)
PEOPLE = ("anna", "boris", "celina", "dmytro", "ewa", "farid")
SECRET = "zoroastrian"
SURVEY = Path(__file__).parents[2].parent / "shared/data/young_people_survey/responses.csv"
YOUNG = {"politics", "religion", "god", "final_judgement", "elections", "health", "hypochondria",
         "smoking", "alcohol", "weight"}  # fmt: skip


@pytest.fixture
def clock():
    return [NOW]


@pytest.fixture
def shop(tmp_path, clock):
    """A shop with faith in three places: a column, a column with a harmless name, answers."""
    with Workspace.create(tmp_path / "shop") as workspace:
        workspace.clock = lambda: clock[0]
        faiths = ["Catholic", "Muslim", SECRET, "atheist", "Catholic", SECRET]
        workspace.load(
            customers=pd.DataFrame(
                {
                    "customer_id": PEOPLE,
                    "religion": faiths,
                    "field_7": faiths,
                    "Віросповідання": faiths,
                    "points": range(6),
                    "city": ["Roma", "Lewica", "Kyiv", "Lviv", "Roma", "Gdynia"],
                }
            ),
            orders=pd.DataFrame(
                {
                    "order_id": range(6),
                    "customer_id": PEOPLE,
                    "ordered_at": "2026-05-01 10:00:00",
                    "amount": 10,
                    "diagnosis": [SECRET] * 6,
                    "weight_kg": range(6),
                }
            ),
            survey_answers=pd.DataFrame(
                {
                    "customer_id": PEOPLE * 2,
                    "answered_at": "2026-05-01 10:00:00",
                    "question": ["Do you believe in God?"] * 6 + ["Do you like the shop?"] * 6,
                    "answer": [SECRET] * 6 + ["yes"] * 6,
                }
            ),
        )
        yield workspace


def locked(shop):
    return {each.name for each in shop.sensitive.fields() if each.locked}


def test_recognised_by_name_by_source_name_and_by_values(shop):
    found = {each.name: each.recognised.by for each in shop.sensitive.fields()}
    assert found == {
        "religion": "name",
        "virospovidannia": "name",
        "field_7": "values",
        "orders.diagnosis": "name",
        "Do you believe in God?": "name",
    }
    assert {"religion", "field_7"} <= shop.features().schema.locked.keys()
    assert {"points", "city"} <= shop.features().schema.features.keys()


def test_loading_says_what_was_locked_and_only_once(tmp_path):
    people = pd.DataFrame({"customer_id": ["a", "b"], "religion": ["x", "y"], "points": [1, 2]})
    with Workspace.create(tmp_path / "shop") as workspace:
        first, second = workspace.load(customers=people), workspace.load(customers=people[:1])
    assert any("Locked as sensitive" in each and "religion" in each for each in first[0].notices)
    assert not any("Locked as sensitive" in each for each in second[0].notices)


@pytest.mark.parametrize(
    "rule",
    [
        "religion = 'Catholic'",
        "field_7 IS NULL",
        "coalesce(religion, '') <> ''",
        "any(orders, where => diagnosis = 'x')",
        "any(survey_answers, where => question = 'Do you believe in God?')",
        "most_frequent(orders.diagnosis) = 'x'",
    ],
)
def test_no_rule_reads_a_locked_field(shop, rule):
    with pytest.raises(LockedFeatureError, match="sensitive unlock"):
        shop.preview(rule)
    with pytest.raises(LockedFeatureError):
        shop.segment("sneaky", rule)


def test_answers_to_locked_questions_are_no_rows(shop):
    assert shop.preview("count(survey_answers) = 1").customers == 6
    assert shop.preview(f"any(survey_answers, where => answer = '{SECRET}')").customers == 0
    assert shop.preview("any(survey_answers, where => answer = 'yes')").customers == 6


def test_no_path_shows_a_locked_value(shop, tmp_path):
    shop.segment("all", "frequency >= 0")
    shop.refresh()
    shop.report(tmp_path / "report.html")
    explained = shop.customer("celina", "any(survey_answers) AND any(orders)")
    shown = [
        shop.table().to_arrow().to_pylist(),
        [each.__dict__ if hasattr(each, "__dict__") else str(each) for each in shop.check()[1]],
        explained,
        (tmp_path / "report.html").read_text(encoding="utf-8"),
        shop.engine.rows("SELECT * FROM customer_features"),
    ]
    for each in shown:
        assert SECRET not in json.dumps(each, default=str)
    with pytest.raises(LockedFeatureError):
        shop.columns(["religion"])
    with pytest.raises(LockedFeatureError):
        shop.segments()[0].members(None, ["religion"])


def test_checks_do_not_look_at_locked_fields(shop):
    names = {each.name for each in shop.check()[1]}
    assert "fill_points" in names
    assert not [each for each in names if "religion" in each or "field_7" in each]
    assert not [each for each in names if "diagnosis" in each]


def test_profiles_leave_locked_fields_out(shop):
    for entity in ("customers", "orders", "survey_answers"):
        assert SECRET not in str(shop.profiling.entity(entity))
    assert "points" in {each.name for each in shop.profiling.entity("customers").columns}
    people = pd.DataFrame({"customer_id": ["a"] * 9, "religion": [SECRET] * 9, "f7": [SECRET] * 9})
    assert SECRET not in str(shop.profiling.source(people))
    places = pd.DataFrame({"customer_id": ["a"] * 9, "City": ["Roma"] * 9})
    assert "Roma" in str(shop.profiling.source(places))


def test_examples_of_a_file_hide_sensitive_columns(shop):
    people = pd.DataFrame(
        {"customer_id": ["a"], "religion": [SECRET], "f7": [SECRET], "points": ["7"]}
    )
    shown = shop.loader().suggest(people, "customers").examples
    assert shown == {"customer_id": "a", "points": "7"}


def test_unlocking_needs_a_purpose_and_a_reason_that_are_kept(shop):
    with pytest.raises(UsageError, match="purpose"):
        shop.sensitive.unlock("religion", purpose=" ", reason="consent")
    with pytest.raises(UsageError, match="reason"):
        shop.sensitive.unlock("religion", purpose="mailing", reason="")
    with pytest.raises(UnknownNameError):
        shop.sensitive.unlock("regilion", purpose="mailing", reason="consent")
    shop.sensitive.unlock("religion", purpose="mailing", reason="consent")
    assert shop.preview("religion = 'Catholic'").customers == 2
    assert "field_7" in locked(shop)
    shop.sensitive.lock("religion", reason="over")
    with pytest.raises(LockedFeatureError):
        shop.preview("religion = 'Catholic'")
    past = [(each.decision.action, each.decision.reason) for each in shop.sensitive.history()]
    assert past == [("unlock", "consent"), ("lock", "over")]


def test_an_unlocking_ends_after_its_last_day(shop, clock):
    shop.sensitive.unlock("religion", purpose="m", reason="r", until=date(2026, 11, 3))
    clock[0] = datetime(2026, 11, 3, 23)
    assert "religion" not in locked(shop)
    clock[0] = datetime(2026, 11, 4)
    assert "religion" in locked(shop)
    with pytest.raises(UsageError, match="over"):
        shop.sensitive.unlock("religion", purpose="m", reason="r", until=date(2026, 11, 3))


def test_a_question_is_unlocked_by_its_text(shop):
    shop.sensitive.unlock("Do you believe in God?", purpose="m", reason="r")
    rule = f"any(survey_answers, where => answer = '{SECRET}')"
    assert shop.preview(rule).customers == 6


def test_mark_and_clear(shop):
    shop.sensitive.mark("points", reason="points for prayers")
    shop.sensitive.clear("field_7", reason="a code of ours")
    assert "points" in locked(shop)
    assert "field_7" not in {each.name for each in shop.sensitive.fields()}
    with pytest.raises(LockedFeatureError, match="marked"):
        shop.preview("points > 3")
    assert shop.preview("field_7 = 'atheist'").customers == 1


def test_a_snapshot_from_before_a_decision_is_not_served(shop):
    shop.sensitive.unlock("religion", purpose="m", reason="r")
    shop.refresh()
    assert "religion" in shop.engine.columns("customer_features")
    shop.sensitive.lock("religion", reason="over")
    assert shop.engine.columns("customer_features") == {}
    shop.refresh()
    assert "religion" not in shop.engine.columns("customer_features")


def test_a_segment_that_reads_it_is_left_out_after_locking(shop):
    shop.sensitive.unlock("religion", purpose="m", reason="r")
    shop.segment("catholics", "religion = 'Catholic'")
    shop.segment("not_catholics", "NOT in_segment('catholics')")
    shop.sensitive.lock("religion", reason="over")
    assert set(shop.refresh().left_out) == {"catholics", "not_catholics"}
    with pytest.raises(LockedFeatureError):
        shop.segment("not_catholics").members()


@pytest.mark.skipif(not SURVEY.is_file(), reason="needs the survey")
def test_the_survey_of_young_people(tmp_path):
    people = pd.read_csv(SURVEY)
    ids = pd.DataFrame({"customer_id": [f"r{each}" for each in range(len(people))]})
    with Workspace.create(tmp_path / "shop") as workspace:
        workspace.load(customers=pd.concat([ids, people], axis=1))
        assert locked(workspace) == YOUNG
