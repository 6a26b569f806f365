"""From a raw score to a probability or an amount that means what it says.

Fitted on a later slice than the score itself. A probability is logistic in ln p and -ln(1 - p)
(beta calibration, Kull and others 2017): three numbers, so it does not follow noise as isotonic
steps do, and the identity is among them, which it is not for Platt's. An amount is exponential in
its logarithm. Where a slope comes out against the order of the score, a simpler form is fitted;
last of all a constant.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from segmentry.models.prediction.rows import Numbers

Calibrate = Callable[[Numbers], Numbers]
LEAST = 1e-6


def chance(raw: Numbers, label: Numbers) -> Calibrate:
    """A map from raw scores in (0, 1) to probabilities, never falling."""
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(label)) < 2 or np.ptp(raw) == 0:
        return _constant(float(label.mean()))
    for form in (_beta, _logit):
        fitted = LogisticRegression(C=1e6, max_iter=200).fit(form(raw), label)
        if (fitted.coef_ >= 0).all():
            return lambda given, form=form, fitted=fitted: np.asarray(  # type: ignore[misc]
                fitted.predict_proba(form(given))[:, 1], np.float64
            )
    return _constant(float(label.mean()))


def amount(raw: Numbers, label: Numbers) -> Calibrate:
    """A map from raw scores above 0 to expected amounts, never falling."""
    from sklearn.linear_model import PoissonRegressor

    mean = float(label.mean())
    if mean <= 0 or np.ptp(raw) == 0:
        return _constant(mean)
    fitted = PoissonRegressor(alpha=0, max_iter=300).fit(_logarithm(raw), label / mean)
    if fitted.coef_[0] <= 0:
        return _constant(mean)
    return lambda given: np.asarray(fitted.predict(_logarithm(given)) * mean, np.float64)


def _constant(value: float) -> Calibrate:
    return lambda given: np.full(len(given), value)


def _clipped(raw: Numbers) -> Numbers:
    return np.clip(raw, LEAST, 1 - LEAST)


def _beta(raw: Numbers) -> Numbers:
    p = _clipped(raw)
    return np.column_stack([np.log(p), -np.log1p(-p)])


def _logit(raw: Numbers) -> Numbers:
    p = _clipped(raw)
    return (np.log(p) - np.log1p(-p)).reshape(-1, 1)


def _logarithm(raw: Numbers) -> Numbers:
    return np.log(np.maximum(raw, LEAST)).reshape(-1, 1)


__all__ = ["Calibrate", "amount", "chance"]
