"""Models of purchases on held-out time: fitted at a cut, held against what came after it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.core.errors import UsageError
from segmentry.models.clv.correction import Boosted, ByGroup, Correction, Level
from segmentry.models.clv.counts import History, Holdout
from segmentry.models.clv.estimate import NORMAL_90, fit
from segmentry.models.clv.gamma_gamma import fit_spending
from segmentry.models.clv.measures import Decile, Measures, deciles, deviance, measure
from segmentry.models.clv.model import METHODS
from segmentry.models.clv.outlook import YEAR
from segmentry.models.clv.purchases import Array

SHAPES: tuple[type[Correction], ...] = (ByGroup, Boosted)
WORTH = 0.005
"""Of the deviance: by how much a shape must be better than none, out of time, to be used."""
MOST = 200_000
"""Customers that a backtest looks at."""
Expected = dict[str, Array]
"""By method."""


@dataclass(frozen=True)
class Tested:
    """One prediction on held-out time.

    Args:
        method: A model, or `frequency`, `spend_in_year`: ranking by that alone.
        correction: `none`, or what was learnt at a cut before the cut.
        of: `orders` or `spend`.
    """

    method: str
    correction: str
    of: str
    measures: Measures


@dataclass(frozen=True)
class Backtest:
    """What held-out time says.

    Args:
        rows: Every candidate, on the same customers and days.
        method: The model with the least deviance.
        correction: What it is to be corrected by, learnt from the same held-out time.
        level: The chosen model's sum that came over the sum expected, with a 90 % interval.
        deciles: Of the chosen model, uncorrected.
    """

    cut_on: str
    days: int
    customers: int
    rows: tuple[Tested, ...]
    method: str
    correction: Correction | None
    level: tuple[float, float, float]
    deciles: tuple[Decile, ...]


def expected(cut: History, held: Holdout, methods: tuple[str, ...]) -> Expected:
    """What each model, fitted at a cut, expects of the held-out customers; without those that fail.

    Raises:
        UsageError: None can be fitted.
    """
    rows, found = cut.rows_to_fit(), {}
    problems: list[UsageError] = []
    for name in methods:
        try:
            model = fit(METHODS[name].start(rows), rows).model
        except UsageError as error:
            problems.append(error)
            continue
        found[name] = model.expected_purchases(held.rows, held.days)
    if not found:
        raise problems[0]
    return found


def backtest(
    cut: History, held: Holdout, earlier: tuple[Expected, Holdout] | None, method: str, seed: int
) -> Backtest:
    """Choose a model and its correction.

    The model is the one with the least deviance. Its sum is corrected by what it was wrong by,
    where that is more than chance. The shape of a correction is used only where one that was
    learnt at the earlier cut beats none at this one by half a percent of the deviance.

    Args:
        earlier: What models expected of customers at a cut before, and what came until this one.
        method: The only one to look at, or `auto`.
    """
    methods = tuple(METHODS) if method == "auto" else (method,)
    found = expected(cut, held, methods)
    rows = [
        Tested(name, "none", "orders", measure(each, held.purchases))
        for name, each in found.items()
    ]
    chosen = min(rows, key=lambda each: each.measures.deviance).method
    learnt = {} if earlier is None else _learnt(earlier, chosen, seed)
    for name, correction in learnt.items():
        corrected = found[chosen] * correction.factors(held.rows, found[chosen])
        rows.append(_of_orders(chosen, name, corrected, held))
    rows.append(Tested(chosen, "none", "spend", _of_spend(cut, found[chosen], held)))
    level = _level(found[chosen], held.purchases)
    return Backtest(
        cut_on=str(cut.as_of),
        days=held.days,
        customers=len(held.rows),
        rows=(*rows, *_naive(held)),
        method=chosen,
        correction=_correction(found[chosen], held, learnt, level, seed),
        level=level,
        deciles=deciles(found[chosen], held.purchases),
    )


def _of_orders(method: str, correction: str, predicted: Array, held: Holdout) -> Tested:
    return Tested(method, correction, "orders", measure(predicted, held.purchases))


def _of_spend(cut: History, orders: Array, held: Holdout) -> Measures:
    days = held.rows.frequency + 1
    spending = fit_spending(cut.spending())
    each = spending.model.expected_spend(days, held.spent) if spending else held.spent / days
    return measure(orders * each, held.paid)


def _learnt(earlier: tuple[Expected, Holdout], method: str, seed: int) -> dict[str, Correction]:
    found, held = earlier
    if method not in found:
        return {}
    kinds: tuple[type[Correction], ...] = (Level, *SHAPES)
    return {kind.name: kind.learn(held.rows, found[method], held.purchases, seed) for kind in kinds}


def _level(predicted: Array, came: Array) -> tuple[float, float, float]:
    """The factor that makes the sum right, with a 90 % interval."""
    total = max(float(predicted.sum()), 1e-9)
    factor = float(came.sum()) / total
    spread = NORMAL_90 * float(np.sqrt(np.sum((came - factor * predicted) ** 2))) / total
    return factor, factor - spread, factor + spread


def _correction(
    predicted: Array,
    held: Holdout,
    learnt: dict[str, Correction],
    level: tuple[float, float, float],
    seed: int,
) -> Correction | None:
    """The shape that proved itself, else the level, else nothing."""
    least = _shape(predicted, held.purchases) * (1 - WORTH)
    best: type[Correction] | None = None
    kind: type[Correction]
    for kind in SHAPES:
        if kind.name in learnt:
            factors = learnt[kind.name].factors(held.rows, predicted)
            found = _shape(predicted * factors, held.purchases)
            if found < least:
                best, least = kind, found
    if best is not None:
        return best.learn(held.rows, predicted, held.purchases, seed)
    if level[1] <= 1 <= level[2]:
        return None
    return Level(level[0])


def _shape(predicted: Array, came: Array) -> float:
    """The deviance once the sum is right."""
    return deviance(predicted * _level(predicted, came)[0], came)


def _naive(held: Holdout) -> list[Tested]:
    """What a spreadsheet has: that customers go on as until the cut."""
    life = max(float(np.mean(held.rows.age)), 1.0)
    orders = held.rows.frequency * held.days / life
    paid = held.spent_in_year * held.days / min(life, YEAR)
    return [
        _of_orders("frequency", "none", orders, held),
        Tested("spend_in_year", "none", "spend", measure(paid, held.paid)),
    ]
