"""How strongly units react to the price: one elasticity for many products, seen and not tried.

A Poisson regression of units on the logarithm of the price, with an effect of each product and of
each period: what a product sells in general, and what a week sells in general, say nothing. So a
product is held against itself in other weeks, relative to what all products did. Weeks in which a
group bought none of a product count as nought, which a logarithm of units could not (Santos Silva
and Tenreyro 2006, Rev. Econ. Stat. 88: 641); nothing but the mean has to be right for it. Effects
are taken out by turns (Correia, Guimarães and Zylkin 2020, Stata J. 20: 95).

The product is what varies: its price has a course of its own, and so has what moves its sales, from
week to week. Intervals come from leaving out each product in turn, in one step of the fit
(MacKinnon, Nielsen and Webb 2023, J. Appl. Econom. 38: 671).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from segmentry.insights.estimate import LEVEL, NOTHING, Codes, Estimate, Numbers

FEWEST_PRODUCTS = 30
"""Fewer products than this have no interval."""
FEWEST_EFFECTIVE = 15.0
"""So many products of equal weight would vary as much; with fewer a few decide it."""
WIDER = 2.0
"""How much wider an interval is, over that number (by simulation, `tests/validation`)."""
MOST_STEPS = 60
CLOSE, NEAR = 1e-9, 1e-6
MOST_LOG = 40.0


@dataclass(frozen=True)
class Cells:
    """Products in periods in which their price is known.

    Args:
        product: Places from 0, ascending; `period` likewise.
        log_price: The logarithm of the going price.
    """

    product: Codes
    period: Codes
    log_price: Numbers

    def __len__(self) -> int:
        return len(self.product)

    @cached_property
    def products(self) -> int:
        """How many different products there are, those of no cell among them."""
        return int(self.product.max(initial=-1)) + 1

    def where(self, wanted: NDArray[np.bool_]) -> Cells:
        """Some of the cells."""
        return Cells(self.product[wanted], self.period[wanted], self.log_price[wanted])


@dataclass(frozen=True)
class Fit:
    """An elasticity, and what it would be without each product.

    Args:
        value: `nan` when there is nothing that it could be computed from.
        without: By product; that of one which says nothing is the value itself.
        weight: What each product says, as a share of all.
    """

    value: float
    without: Numbers
    weight: Numbers

    @property
    def products(self) -> int:
        """Products that say anything."""
        return int((self.weight > 0).sum())

    @property
    def effective(self) -> float:
        """How many products of equal weight would say as much."""
        return 1 / float((self.weight**2).sum()) if self.products else 0.0

    def estimate(self) -> Estimate:
        """The elasticity with its interval, or why there is none."""
        return _estimate(self.value, self.without, self.products, self.effective)

    def less(self, other: Fit) -> Estimate:
        """The difference from that of others who bought the same products."""
        weight = (self.weight > 0) & (other.weight > 0)
        return _estimate(
            self.value - other.value,
            self.without - other.without,
            int(weight.sum()),
            min(self.effective, other.effective),
        )


def elasticity(cells: Cells, units: Numbers, everyone: Numbers) -> Fit:
    """The elasticity of what a group bought.

    Args:
        units: What it bought in each cell; nought where it bought none.
        everyone: What everyone bought, the group among them.
    """
    bought = np.bincount(cells.product, units, cells.products)
    there = np.bincount(cells.period, units)
    inside = (bought[cells.product] > 0) & (there[cells.period] > 0)
    fitted = None
    if inside.any():
        usual = _medians(cells.product, everyone) * (units.sum() / everyone.sum())
        fitted = _fitted(cells.where(inside), units[inside], usual)
    if fitted is None:
        nothing = np.full(cells.products, np.nan)
        return Fit(float("nan"), nothing, np.zeros(cells.products))
    product, weighted = cells.product[inside], fitted.weights * fitted.within
    says = np.bincount(product, weighted * fitted.within, cells.products)
    score = np.bincount(product, weighted * fitted.left, cells.products)
    whole = float(says.sum())
    with np.errstate(all="ignore"):
        step = np.where(says < whole, score / (whole - says), np.nan)
    return Fit(fitted.value, fitted.value - step, says / whole)


@dataclass(frozen=True)
class _Fitted:
    """A regression: the elasticity, prices without effects, weights, and what is left of logs."""

    value: float
    within: Numbers
    weights: Numbers
    left: Numbers


def _fitted(cells: Cells, units: Numbers, usual: Numbers) -> _Fitted | None:
    """The regression, once to see how far units vary beyond chance, and again with that.

    Where they vary much beyond chance, much of a product says hardly more than little of it. How
    far is one number, that of the median product. What a product counts goes by its `usual` period,
    which those at an unusual price hardly move: if they did, products that sold much then by chance
    would count less, and the price seem to do less.
    """
    ones = np.ones(len(units))
    first = _steps(cells, units, ones)
    if first is None:
        return None
    means = first.weights
    over = np.bincount(cells.product, (means * first.left) ** 2 - means)
    square = np.bincount(cells.product, means**2)
    beyond = max(float(np.median(over[square > 0] / square[square > 0])), 0.0)
    return _steps(cells, units, 1 / (1 + beyond * usual[cells.product]))


def _steps(cells: Cells, units: Numbers, counts: Numbers) -> _Fitted | None:
    """Iterate to the solution; `None` where no price moves by itself.

    Args:
        counts: What a cell counts; the same for all cells of a product.
    """
    means = (units + units.mean()) / 2
    logs = np.log(means)
    found: _Fitted | None = None
    for _ in range(MOST_STEPS):
        weights, left = counts * means, units / means - 1
        within, rest = _taken_out(cells, np.stack([cells.log_price, logs + left]), weights)
        square = float((weights * within**2).sum())
        if square <= CLOSE * float(weights.sum()):
            return None
        value = float((weights * within * rest).sum()) / square
        before, found = found, _Fitted(value, within, weights, left)
        if before and abs(value - before.value) < NEAR * (1 + abs(value)):
            break
        logs = np.clip(logs + left - (rest - value * within), -MOST_LOG, MOST_LOG)
        means = np.exp(logs)
    return found


def _medians(codes: Codes, values: Numbers) -> Numbers:
    """The lower median by code; nought where there is none."""
    order = np.lexsort((values, codes))
    size = np.bincount(codes)
    start = np.cumsum(size) - size
    found: Numbers = np.where(size > 0, values[order[start + np.maximum(size - 1, 0) // 2]], 0.0)
    return found


def _taken_out(cells: Cells, columns: Numbers, weights: Numbers) -> Numbers:
    """Columns without the effects of products and of periods."""
    sides = []
    for codes in (cells.product, cells.period):
        whole = np.bincount(codes, weights)
        sides.append((codes, np.where(whole > 0, whole, 1.0)))
    found, spread = columns.copy(), columns.std(axis=1) + CLOSE
    for _ in range(MOST_STEPS * 20):
        moved = 0.0
        for codes, whole in sides:
            for place in range(len(found)):
                mean = np.bincount(codes, weights * found[place], len(whole)) / whole
                found[place] -= mean[codes]
                moved = max(moved, float(np.abs(mean).max()) / float(spread[place]))
        if moved < CLOSE * 10:
            break
    return found


def _estimate(value: float, without: Numbers, products: int, effective: float) -> Estimate:
    from scipy.stats import t as student

    if not np.isfinite(value):
        return NOTHING
    if products < FEWEST_PRODUCTS:
        return Estimate(value, reason="few")
    if effective < FEWEST_EFFECTIVE or not np.isfinite(without).all():
        return Estimate(value, reason="heavy")
    error = sqrt((products - 1) / products * float(((without - value) ** 2).sum()))
    reach = float(student.ppf((1 + LEVEL) / 2, effective - 1)) * error * (1 + WIDER / effective)
    return Estimate(value, value - reach, value + reach)
