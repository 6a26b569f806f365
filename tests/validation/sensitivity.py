"""How often the intervals of elasticities and of shares bought with a discount hold the truth.

Products have a usual price that changes now and then and weeks at a reduced price; what they sell
goes up and down by the season, by itself from week to week, and by chance. Three groups react to
the price differently.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.random import PCG64, Generator

from segmentry.insights.elasticity import Cells, Fit, elasticity
from segmentry.insights.estimate import Numbers, ratios
from segmentry.insights.prices import SOLD_SHARE
from segmentry.insights.sensitivity import times_others

TRUE = (-0.5, -1.5, -3.0)
WEEKS = 52
SIZES = (40, 100, 300)
"""How many products a shop has."""


def prices(random: Generator, products: int) -> Numbers:
    """Logarithms of prices by product and week: few usual ones, and reductions for a week or two."""
    usual = np.cumsum(
        np.where(
            random.random((products, WEEKS)) < 0.06, random.normal(0, 0.08, (products, WEEKS)), 0
        ),
        axis=1,
    )
    start = random.random((products, WEEKS)) < 0.08
    cut = np.where(start, random.uniform(0.1, 0.35, (products, WEEKS)), 0)
    cut[:, 1:] = np.where(
        random.random((products, WEEKS - 1)) < 0.5, np.maximum(cut[:, 1:], cut[:, :-1]), cut[:, 1:]
    )
    return usual + random.normal(1, 0.7, (products, 1)) + np.log1p(-cut)


def shop(random: Generator, products: int) -> tuple[Cells, list[Numbers]]:
    """Cells in which anything was sold, and what each group bought in them."""
    price = prices(random, products)
    level = random.normal(1.2, 1.0, (products, 1))
    own = np.zeros((products, WEEKS))
    for one in range(1, WEEKS):
        own[:, one] = 0.7 * own[:, one - 1] + random.normal(0, 0.2, products)
    season = 0.4 * np.sin(np.arange(WEEKS) / WEEKS * 2 * np.pi)
    relative = price - price.mean(axis=1, keepdims=True)
    units = []
    for true in TRUE:
        mean = np.exp(level + own + season + true * relative)
        units.append(random.poisson(mean * random.gamma(4, 1 / 4, mean.shape)).astype(np.float64))
    sold = np.sum(units, axis=0) > 0
    often = sold.mean(axis=1) >= SOLD_SHARE
    last = np.maximum.accumulate(np.where(sold, np.arange(WEEKS), -1), axis=1)
    known = often[:, np.newaxis] & (last >= 0)
    product, week = np.nonzero(known)
    seen = price[product, last[known]]  # nobody knows the price of a week without a sale
    return Cells(product, week, seen), [each[known] for each in units]


def fits(seed: int, sets: int, products: int) -> list[list[Fit]]:
    """Elasticities of the three groups, in so many shops."""
    found = []
    for number in range(sets):
        cells, units = shop(Generator(PCG64([seed, products, number])), products)
        found.append([elasticity(cells, each, np.sum(units, axis=0)) for each in units])
    return found


def promoted(seed: int, sets: int, customers: int = 2_000) -> float:
    """Coverage of how many times as much of a group's revenue came with a discount."""
    random, held, shown = Generator(PCG64([seed, 9])), 0, 0
    for _ in range(sets):
        spent = random.lognormal(3, 1.0, customers)
        inside = np.arange(customers) < customers // 4
        share = np.where(inside, random.beta(3, 5, customers), random.beta(2, 8, customers))
        codes = np.where(inside, 0, 1)
        one, other = (
            ratios(spent * share, spent, np.where(codes == each, 0, -1), 1) for each in (0, 1)
        )
        [found] = times_others(one, other)
        if found.low is not None and found.high is not None:
            shown += 1
            held += found.low <= (3 / 8) / (2 / 10) <= found.high
    return held / shown if shown else 1.0


def figures(seed: int = 1, sets: int = 200) -> dict[str, float]:
    """Coverage and mean error of elasticities by number of products; of differences; of shares."""
    found: dict[str, float] = {}
    differences: list[bool] = []
    for products in SIZES:
        shops = fits(seed, sets, products)
        held, off = _held(shops, differences)
        found[f"elasticity_held_{products}_products"] = held
        found[f"elasticity_bias_{products}_products"] = off
    found["difference_held"] = float(np.mean(differences))
    found["index_of_discounts_held"] = promoted(seed, sets * 5)
    return found


def _held(shops: Sequence[Sequence[Fit]], differences: list[bool]) -> tuple[float, float]:
    held, off = [], []
    for groups in shops:
        for true, fit in zip(TRUE, groups, strict=True):
            one = fit.estimate()
            if one.low is not None and one.high is not None:
                held.append(one.low <= true <= one.high)
                off.append(fit.value - true)
        apart = groups[2].less(groups[0])
        if apart.low is not None and apart.high is not None:
            differences.append(apart.low <= TRUE[2] - TRUE[0] <= apart.high)
    return float(np.mean(held)), float(np.mean(off))
