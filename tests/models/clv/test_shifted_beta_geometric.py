"""The published figures of the shifted beta-geometric model."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.models.clv.estimate import fit
from segmentry.models.clv.shifted_beta_geometric import Renewals, ShiftedBetaGeometric

HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)


@pytest.mark.parametrize(
    ("survivors", "a", "b", "twelfth"),
    [(HIGH_END, 0.668, 3.806, 0.394), (REGULAR, 0.704, 1.182, 0.173)],
)
def test_the_published_figures(
    survivors: tuple[int, ...], a: float, b: float, twelfth: float
) -> None:
    """Fader and Hardie 2007: seven years of renewals, and the five that followed."""
    left = np.array(survivors, float)
    rows = Renewals(np.arange(1.0, len(left)), left[1:], left[:-1] - left[1:])
    model = fit(ShiftedBetaGeometric.start(rows), rows).model
    assert (model.a, model.b) == pytest.approx((a, b), rel=5e-3)
    assert model.survival(np.array([12.0]))[0] == pytest.approx(twelfth, abs=0.02)


def test_who_stayed_longer_stays_longer() -> None:
    model = ShiftedBetaGeometric(0.7, 1.2)
    assert np.all(np.diff(model.retention(np.arange(1.0, 9.0))) > 0)
    assert model.survival(np.array([1.0]))[0] == pytest.approx(model.retention(np.ones(1))[0])
    assert model.expected_periods(10, completed=5) > model.expected_periods(10)
    assert model.expected_periods(10, discount=0.1) < model.expected_periods(10)
