"""Where nothing can be learned, nothing is claimed; where something can, it is found."""

from __future__ import annotations

from importlib import util
from pathlib import Path

VALIDATION = Path(__file__).parents[2] / "validation" / "prediction.py"


def validation():
    found = util.spec_from_file_location("validation_prediction", VALIDATION)
    module = util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_on_null_data_the_base_rate_is_used():
    assert validation().null(seed=1, sets=8)["base_rate_used"] >= 7 / 8


def test_on_planted_data_boosting_is_used_and_calibrated():
    found = validation().planted(seed=1, sets=2)
    assert found["boosting_used"] == 1
    assert found["auc_gain"] > 0.02
    assert 0.8 < found["slope"] < 1.2
