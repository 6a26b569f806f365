"""How near a prediction came: in sum, by tenths of the customers, in rank, and one by one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.models.clv.purchases import Array

TENTHS = 10


@dataclass(frozen=True)
class Measures:
    """A prediction against what came.

    Args:
        bias: Predicted over actual in sum, less 1; nothing where nothing came.
        decile_mape: Mean relative error of the ten tenths of customers by prediction.
        gini: Normalised: 1 ranks as well as knowing what comes, 0 is by chance.
        mae: Mean absolute error of a customer.
        correlation: Pearson's.
        deviance: Of Poisson counts, a customer: what a choice is made by; less is better.
    """

    bias: float | None
    decile_mape: float | None
    gini: float | None
    mae: float
    correlation: float | None
    deviance: float


@dataclass(frozen=True)
class Decile:
    """A tenth of the customers, the first with the highest predictions."""

    customers: int
    predicted: float
    actual: float


def measure(predicted: Array, actual: Array) -> Measures:
    """Compare what was expected of each customer with what each did."""
    total = float(actual.sum())
    tenths = deciles(predicted, actual)
    known = [abs(each.predicted / each.actual - 1) for each in tenths if each.actual > 0]
    apart = float(np.std(predicted) * np.std(actual))
    best = _concentration(actual, actual)
    return Measures(
        bias=float(predicted.sum()) / total - 1 if total > 0 else None,
        decile_mape=float(np.mean(known)) if known else None,
        gini=_concentration(predicted, actual) / best if best > 0 else None,
        mae=float(np.mean(np.abs(predicted - actual))),
        correlation=float(np.corrcoef(predicted, actual)[0, 1]) if apart > 0 else None,
        deviance=deviance(predicted, actual),
    )


def deviance(predicted: Array, actual: Array) -> float:
    """Mean deviance of counts from their expectations, as of Poisson counts."""
    expected, came = np.maximum(predicted, 1e-9), np.maximum(actual, 0.0)
    surprise = np.where(came > 0, came * np.log(np.where(came > 0, came, 1) / expected), 0.0)
    return float(2 * np.mean(surprise - came + expected))


def deciles(predicted: Array, actual: Array) -> tuple[Decile, ...]:
    """Ten parts of the customers by prediction, the highest first; ties in the order given."""
    order = np.argsort(-predicted, kind="stable")
    return tuple(
        Decile(len(part), float(predicted[part].sum()), float(actual[part].sum()))
        for part in np.array_split(order, TENTHS)
        if len(part)
    )


def _concentration(score: Array, actual: Array) -> float:
    """The Gini index of the actual, in the order of a score; who ties shares alike."""
    levels, places = np.unique(-score, return_inverse=True)
    places = places.reshape(-1)
    size = np.bincount(places, minlength=len(levels)) / len(score)
    share = np.bincount(places, weights=actual, minlength=len(levels)) / max(actual.sum(), 1e-300)
    gained = np.cumsum(share)
    area = np.sum(size * (gained - share / 2))
    return float(2 * area - 1)
