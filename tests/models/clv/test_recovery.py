"""Intervals hold the truth as often as they say; `tests/validation/clv.py` runs 200 sets."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.validation.clv import TRUTHS, covered

SETS = 12


@pytest.mark.parametrize("truth", TRUTHS, ids=lambda each: type(each).__name__)
def test_intervals_of_90_percent_hold_the_truth(truth: Any) -> None:
    found = [covered(truth, seed, 1000) for seed in range(SETS)]
    spread = 3 * math.sqrt(0.9 * 0.1 / SETS)
    for name in found[0]:
        assert abs(sum(each[name] for each in found) / SETS - 0.9) <= spread, name
