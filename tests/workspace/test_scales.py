"""Scales on a workspace: declared from a file, refused, used, removed."""

from __future__ import annotations

import pandas as pd
import pytest

from segmentry.core.errors import (
    DeclarationError,
    LockedFeatureError,
    NotFoundError,
    UnknownNameError,
    UsageError,
)
from segmentry.features.scale import Scale
from segmentry.workspace.scales import read_scale
from segmentry.workspace.workspace import Workspace


@pytest.fixture
def shop(tmp_path):
    with Workspace.create(tmp_path / "shop") as workspace:
        people = pd.DataFrame({"customer_id": list("abcd"), "q1": [1, 2, 3, 4], "q2": [2, 2, 3, 5]})
        people["religion"] = ["5", "4", "3", "2"]
        people["signed_up_at"] = "2026-01-01 10:00:00"
        answers = pd.DataFrame({"customer_id": list("abcd") * 2, "answer": list("12341234")})
        answers["question"] = ["Is it good?"] * 4 + ["Do you pray?"] * 4
        answers["answered_at"] = "2026-01-02 10:00:00"
        workspace.load(customers=people, survey_answers=answers)
        yield workspace


def test_from_a_file_to_a_segment(shop, tmp_path):
    file = tmp_path / "mood.yaml"
    file.write_text("name: mood\nlabel: Mood\nitems: [q1, q2]\nreverse: [q2]\n", encoding="utf-8")
    shop.scales.add(read_scale(file))
    assert [each.name for each in shop.scales.all()] == ["mood"]
    assert shop.preview("mood_score > 2.5").customers == 2
    assert shop.preview("mood_band = 'low'").customers > 0
    shop.segment("cheerful", "mood_score > 2.5")
    with pytest.raises(UsageError, match="segment cheerful"):
        shop.scales.remove("mood")
    shop.remove("cheerful")
    shop.scales.remove("mood")
    assert shop.scales.all() == []
    with pytest.raises(NotFoundError):
        shop.scales.scale("mood")


def test_sensitive_items_are_locked(shop):
    with pytest.raises(LockedFeatureError, match="beliefs"):
        shop.scales.add(Scale(name="s", items=("q1", "religion")))
    asked = Scale(name="s", source="survey_answers", items=("Is it good?", "Do you pray?"))
    with pytest.raises(LockedFeatureError, match="pray"):
        shop.scales.add(asked)
    shop.sensitive.unlock("Do you pray?", purpose="study", reason="consent")
    shop.scales.add(asked)
    shop.sensitive.lock("Do you pray?", reason="over")
    assert "s_score" in shop.features().schema.locked
    with pytest.raises(LockedFeatureError):
        shop.preview("s_score > 1")


def test_items_that_do_not_exist(shop):
    with pytest.raises(LockedFeatureError, match="q9"):
        shop.scales.add(Scale(name="s", items=("q1", "q9")))
    with pytest.raises(UnknownNameError, match="Is it good"):
        shop.scales.add(Scale(name="s", source="survey_answers", items=("Is it god?", "x")))
    assert shop.scales.all() == []


@pytest.mark.parametrize("text", ["[", "name: s", "name: s\nitems: [a, b]\nmore: 1", "\x00"])
def test_files_that_are_no_scale(tmp_path, text):
    (tmp_path / "s.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DeclarationError):
        read_scale(tmp_path / "s.yaml")
    with pytest.raises(UsageError):
        read_scale(tmp_path / "none.yaml")
