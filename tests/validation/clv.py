"""Customers who behave exactly as the models of purchases say, and what the models make of them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from segmentry.models.clv.beta_geometric import BetaGeometric
from segmentry.models.clv.bg_nbd import BgNbd
from segmentry.models.clv.estimate import fit
from segmentry.models.clv.gamma_gamma import GammaGamma, Spending
from segmentry.models.clv.mbg_nbd import MbgNbd
from segmentry.models.clv.pareto_nbd import ParetoNbd
from segmentry.models.clv.purchases import Purchases

Array = npt.NDArray[np.float64]
Histories = tuple[Array, Array, Array]
TRUTHS: tuple[Any, ...] = (
    BgNbd(0.5, 30.0, 0.8, 2.5),
    MbgNbd(0.5, 30.0, 0.8, 2.5),
    ParetoNbd(0.5, 30.0, 0.8, 120.0),
    GammaGamma(6.0, 4.0, 15.0),
)


def simulate(model: Any, draw: np.random.Generator, age: Array) -> Histories:
    """Frequency, recency and age of customers who are as the model says, one each."""
    rate = draw.gamma(model.r, 1 / model.alpha, len(age))
    if isinstance(model, BetaGeometric):
        leaves = draw.beta(model.a, model.b, len(age))
        until = np.full(len(age), np.inf)
        until[(draw.random(len(age)) < leaves) & (model.chances == 1)] = 0.0
    else:
        leaves = np.zeros(len(age))
        until = draw.exponential(1 / draw.gamma(model.s, 1 / model.beta, len(age)))
    return _bought(draw, rate, leaves, until, age)


def _bought(
    draw: np.random.Generator, rate: Array, leaves: Array, until: Array, age: Array
) -> Histories:
    frequency, recency = np.zeros(len(age)), np.zeros(len(age))
    there = np.flatnonzero(until > 0)
    at = np.zeros(len(there))
    while len(there):
        at = at + draw.standard_exponential(len(there)) / np.maximum(rate[there], 1e-300)
        bought = at < np.minimum(age[there], until[there])
        there, at = there[bought], at[bought]
        frequency[there] += 1
        recency[there] = at
        stays = draw.random(len(there)) >= leaves[there]
        there, at = there[stays], at[stays]
    return frequency, recency, age


def simulate_spending(model: GammaGamma, draw: np.random.Generator, count: Array) -> Array:
    """What customers spend in all, who buy so many times and are as the model says."""
    scale: Array = 1 / draw.gamma(model.q, 1 / model.v, len(count))
    return draw.gamma(model.p * count) * scale


def covered(truth: Any, seed: int, customers: int) -> dict[str, bool]:
    """Whether the 90 % interval of each parameter holds its true value, in one simulated set."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows: Any
    if isinstance(truth, GammaGamma):
        count = draw.geometric(0.4, customers).astype(float)
        rows = Spending.of(count, simulate_spending(truth, draw, count))
    else:
        age = np.floor(draw.uniform(90, 720, customers))
        frequency, recency, _ = simulate(truth, draw, age)
        rows = Purchases.of(frequency, np.minimum(np.round(recency), age), age)
    intervals = fit(type(truth).start(rows), rows).intervals
    true = {each.name: getattr(truth, each.name) for each in fields(truth)}
    return {name: low < true[name] < high for name, (low, high) in intervals.items()}


def figures(seed: int, sets: int) -> dict[str, float]:
    """Share of simulated sets in which 90 % intervals hold the truth, by model and parameter."""
    found: dict[str, float] = {}
    for truth in TRUTHS:
        each = [covered(truth, seed * 10_000 + place, 3000) for place in range(sets)]
        kind = type(truth).__name__
        found |= {f"{kind}.{name}": sum(one[name] for one in each) / sets for name in each[0]}
    return found
