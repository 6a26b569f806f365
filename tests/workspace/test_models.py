"""Models on a workspace: declared, fitted, their scores as features, renewed by a refresh."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pyarrow as pa
import pytest
from tests.workspace.paces import orders

from segmentry.core.errors import DuplicateNameError, NotFoundError, UsageError
from segmentry.models.declaration import Model
from segmentry.workspace.workspace import Workspace

LATER = "2025-08-01"
LEAVING = Model(name="leaving", question="churn", horizon_days=30)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models") / "shop"
    with Workspace.create(folder) as workspace:
        workspace.load(orders=orders(1_500))
        fitted = workspace.models.add(LEAVING)
    return folder, fitted


@pytest.fixture
def shop(made, tmp_path):
    shutil.copytree(made[0], tmp_path / "shop")
    with Workspace.open(tmp_path / "shop") as workspace:
        yield workspace


def test_its_score_is_a_feature_that_rules_read(shop, made):
    fitted = made[1]
    assert fitted.card["figures"]["base_rate"]["auc"]["value"] == 0.5
    risky = shop.preview("leaving >= base_quantile(leaving, 0.8)").customers
    safe = shop.preview("leaving < base_quantile(leaving, 0.8)").customers
    assert risky + safe == fitted.customers == shop.preview("leaving IS NOT NULL").customers
    assert risky > 0
    assert safe > 0
    shop.segment("at_risk", "leaving >= 0.5").members()


def test_a_score_is_not_known_before_it_was_made(shop):
    earlier = shop.as_of(None).day - timedelta(days=1)
    assert shop.preview("leaving IS NOT NULL", earlier).customers == 0
    assert shop.preview("leaving IS NOT NULL", earlier + timedelta(days=40)).customers > 0


def test_fitted_again_as_of_the_same_instant_it_changes_nothing(shop, made):
    before = shop.engine.rows("SELECT count(*), bit_xor(hash(s)) FROM scores s")
    assert shop.models.fit("leaving").card == made[1].card
    assert shop.engine.rows("SELECT count(*), bit_xor(hash(s)) FROM scores s") == before
    assert shop.engine.value("SELECT count(*) FROM loads WHERE entity = 'scores'") == 1


def test_a_refresh_scores_again_when_scores_are_old(shop):
    shop.segment("at_risk", "leaving >= 0.5")
    first = shop.refresh()
    assert not first.unscored
    assert shop.engine.value("SELECT count(DISTINCT scored_at) FROM scores") == 1
    assert not shop.refresh(shop.as_of(None).day + timedelta(days=3)).rebuilt
    assert shop.engine.value("SELECT count(DISTINCT scored_at) FROM scores") == 1
    shop.load(orders=pa.table({"customer_id": ["c0001"], "ordered_at": [LATER], "amount": [5.0]}))
    shop.refresh(LATER)
    assert shop.engine.value("SELECT count(DISTINCT scored_at) FROM scores") == 2
    assert str(shop.models.card("leaving").as_of) == LATER
    assert shop.models.card("leaving", "2025-07-25").as_of == shop.as_of(first.as_of)


def test_with_too_little_nothing_is_kept_and_it_says_what_is_missing(shop):
    with pytest.raises(UsageError, match=r"asked \d+ of 500"):
        shop.models.add(Model(name="few", question="churn", active_days=1))
    assert [each.name for each in shop.models.all()] == ["leaving"]
    assert shop.engine.value("SELECT count(DISTINCT name) FROM scores") == 1


def test_what_uses_a_score_keeps_its_model(shop):
    segment = shop.segment("at_risk", "leaving >= 0.5")
    with pytest.raises(UsageError, match="segment at_risk"):
        shop.models.remove("leaving")
    shop.remove(segment.name)
    shop.models.remove("leaving")
    with pytest.raises(NotFoundError):
        shop.models.card("leaving")


def test_a_name_that_is_taken_is_refused(shop):
    with pytest.raises(DuplicateNameError):
        shop.models.add(Model(name="frequency", question="churn", horizon_days=30))


def test_a_model_is_a_definition_like_others(shop, tmp_path):
    shop.definitions.export(tmp_path / "text")
    [file] = (tmp_path / "text" / "models").iterdir()
    assert "question: churn" in file.read_text(encoding="utf-8")
    with Workspace.create(tmp_path / "other") as other:
        other.load(orders=orders(5))
        other.definitions.apply(tmp_path / "text")
        assert other.models.model("leaving") == LEAVING
        assert "leaving" in other.refresh().unscored


@pytest.mark.parametrize(
    "wrong",
    [
        {"question": "clv", "among": "frequency > 1"},
        {"question": "responds"},
        {"question": "churn", "of": "x"},
        {"question": "fortune"},
        {"question": "clv", "sample": 2_000},
        {"question": "churn", "sample": 10},
    ],
)
def test_a_model_that_asks_wrongly_is_refused(wrong):
    with pytest.raises(ValueError, match=r"clv|of|Input"):
        Model(name="m", **wrong)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Probability to leave"), ("fa", "احتمال رفتن")]
)
def test_the_report_shows_its_card_beside_what_groups_are_worth(shop, tmp_path, language, said):
    sections = ("value", "backtest", "cohorts", "models")
    page = shop.report(tmp_path / "r.html", language=language, sections=sections)
    text = page.read_text(encoding="utf-8")
    assert said in text
    for each in sections:
        assert f'id="{each}"' in text


@pytest.mark.parametrize("question", ["clv", "churn"])
def test_a_model_without_its_data_stops_no_refresh(tmp_path, question):
    with Workspace.create(tmp_path / "shop") as workspace:
        people = {"customer_id": ["a", "b"], "country": ["UA", "PL"]}
        workspace.load(customers=pa.table(people))
        folder = tmp_path / "text" / "models"
        folder.mkdir(parents=True)
        (folder / "foreseen.yaml").write_text(f"question: {question}\n", encoding="utf-8")
        workspace.definitions.apply(tmp_path / "text")
        assert list(workspace.refresh().unscored) == ["foreseen"]


def test_a_scoring_is_no_load_of_data(shop, tmp_path):
    page = shop.report(tmp_path / "r.html", sections=["trust"]).read_text(encoding="utf-8")
    assert "model leaving" not in page
    assert shop.data_through() == "2025-07-20"
