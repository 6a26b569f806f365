"""How much of what groups buy is discounted, and how strongly they react to prices.

Shares are compared as ratios, whose interval is on the scale of logarithms; the customer varies.
For elasticities see `elasticity`; there the product varies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB
from segmentry.insights.elasticity import elasticity
from segmentry.insights.estimate import (
    LEVEL,
    NORMAL,
    NOTHING,
    Codes,
    Estimate,
    Numbers,
    Reason,
    Spreads,
    ratios,
)
from segmentry.insights.member import Members
from segmentry.insights.prices import LINES, Market, market

DEARER = 1.1
"""The price of which a change of units is told: ten percent higher."""
PARTS = "sensitivity_parts"

Compared = Literal["more", "less", "same", "unsaid"]
Reaction = Literal["elastic", "inelastic", "between", "none", "wrong", "unsaid"]


@dataclass(frozen=True)
class Sensitive:
    """How one set of customers reacts to discounts and prices.

    Args:
        category: The category of which it is said; `None`: of everything.
        buyers: Those who bought any line.
        promoted_units: Share of units that were bought with a discount; `promoted_revenue` of what
            was paid.
        index: The latter over that of everyone else.
        elasticity: By how many percent units change when the price is one percent higher.
        more: That less everyone else's; negative: reacts more strongly.
        products: How many products the elasticity rests on.
    """

    name: str
    category: str | None
    customers: int
    buyers: int
    promoted_units: Estimate
    promoted_revenue: Estimate
    index: Estimate
    elasticity: Estimate
    more: Estimate
    products: int

    @property
    def change(self) -> Estimate:
        """Change of units at a price ten percent higher, as a share."""
        found = self.elasticity
        if found.value is None:
            return NOTHING
        low, high = (None if each is None else DEARER**each - 1 for each in (found.low, found.high))
        return Estimate(DEARER**found.value - 1, low, high, found.reason)

    @property
    def promotion(self) -> Compared:
        """Whether it buys more with a discount than everyone else."""
        if self.index.low is None or self.index.high is None:
            return "unsaid"
        return "more" if self.index.low > 1 else "less" if self.index.high < 1 else "same"

    @property
    def price(self) -> Reaction:
        """How it reacts: more or less than in proportion, or one cannot tell which; not at all.

        `wrong` says that more is bought at a higher price, so that something else moves both.
        """
        low, high = self.elasticity.low, self.elasticity.high
        if low is None or high is None:
            return "unsaid"
        if low > 0:
            return "wrong"
        if high >= 0:
            return "none"
        return "elastic" if high < -1 else "inelastic" if low > -1 else "between"


@dataclass(frozen=True)
class Found:
    """What was found of everyone, and of each group of each division.

    Args:
        discounts: Whether any line has a discount.
        products: How many products have a price that moved, `periods` weeks or months.
    """

    period: str
    periods: int
    products: int
    discounts: bool
    everyone: tuple[Sensitive, ...]
    groups: Mapping[str, tuple[Sensitive, ...]]


def sensitive(engine: DuckDB, as_of: AsOf, members: Members, category: str | None) -> Found:
    """How every group of several divisions reacts; with a category, in each of its values too.

    Args:
        category: A column of products.
    """
    spent = _spent(engine, as_of, members)
    with market(engine, as_of, category) as found:
        asked = _Asked(engine, members, spent, found)
        whole = np.zeros(len(members), np.int64)
        return Found(
            period=found.period,
            periods=found.periods,
            products=found.cells.products,
            discounts=bool(spent.promoted.sum()),
            everyone=tuple(asked.sets(whole, [""])),
            groups={
                name: tuple(asked.sets(each.codes, each.names))
                for name, each in members.divisions.items()
            },
        )


@dataclass(frozen=True)
class _Spent:
    """Of each customer the units and what was paid, and those of both with a discount."""

    units: Numbers
    promoted_units: Numbers
    revenue: Numbers
    promoted: Numbers


def _spent(engine: DuckDB, as_of: AsOf, members: Members) -> _Spent:
    rows = engine.fetch(
        f"""SELECT customer_no, sum(quantity)::DOUBLE AS units,
            coalesce(sum(quantity) FILTER (discount_amount > 0), 0)::DOUBLE AS promoted_units,
            sum(gross_amount)::DOUBLE AS revenue,
            coalesce(sum(gross_amount) FILTER (discount_amount > 0), 0)::DOUBLE AS promoted
        FROM {counted("order_lines")} WHERE {LINES} AND customer_no IS NOT NULL AND quantity > 0
        GROUP BY customer_no""",
        {"as_of": as_of.instant},
    )
    place = np.searchsorted(members.numbers, rows.column("customer_no").to_numpy())
    known = np.isin(rows.column("customer_no").to_numpy(), members.numbers)

    def column(name: str) -> Numbers:
        found = np.zeros(len(members))
        found[place[known]] = rows.column(name).to_numpy()[known]
        return found

    return _Spent(*map(column, ("units", "promoted_units", "revenue", "promoted")))


class _Asked:
    """Questions about groups, on the same market."""

    def __init__(self, engine: DuckDB, members: Members, spent: _Spent, market: Market) -> None:
        self._engine, self._members, self._spent, self._market = engine, members, spent, market
        self._everyone = market.units()[0] if len(market.cells) else np.zeros(0)

    def sets(self, codes: Codes, names: Sequence[str]) -> Iterator[Sensitive]:
        """Each group in all, and then by category."""
        market, everyone, units = self._market, self._everyone, self._units(codes, len(names))
        for place, name in enumerate(names):
            inside = codes == place
            shares = self._shares(inside)
            for category, where in self._categories():
                cells, whole, bought = (
                    market.cells.where(where),
                    everyone[where],
                    units[place][where],
                )
                own = elasticity(cells, bought, whole)
                other = elasticity(cells, whole - bought, whole)
                yield Sensitive(
                    name=name,
                    category=category,
                    customers=int(inside.sum()),
                    buyers=int((self._spent.units[inside] > 0).sum()),
                    promoted_units=shares[0],
                    promoted_revenue=shares[1],
                    index=shares[2],
                    elasticity=own.estimate(),
                    more=own.less(other),
                    products=own.products,
                )

    def _categories(self) -> Iterator[tuple[str | None, NDArray[np.bool_]]]:
        market = self._market
        yield None, np.ones(len(market.cells), np.bool_)
        for place, name in enumerate(market.categories):
            yield name, market.category[market.cells.product] == place

    def _units(self, codes: Codes, size: int) -> Numbers:
        inside = codes >= 0
        columns = {"customer_no": self._members.numbers[inside], "part": codes[inside]}
        found = np.zeros((size, len(self._market.cells)))
        with self._engine.registered(PARTS, pa.table(columns)):
            units = self._market.units(PARTS)
        found[: len(units)] = units
        return found

    def _shares(self, inside: NDArray[np.bool_]) -> tuple[Estimate, Estimate, Estimate]:
        """Shares of units and revenue with a discount, and the latter over everyone else's."""
        spent, own = self._spent, np.where(inside, 0, -1)
        if not spent.promoted.sum():
            return NOTHING, NOTHING, NOTHING
        promoted = ratios(spent.promoted, spent.revenue, own, 1)
        others = ratios(spent.promoted, spent.revenue, -1 - own, 1)
        [units] = ratios(spent.promoted_units, spent.units, own, 1).estimates()
        [revenue] = promoted.estimates()
        [index] = times_others(promoted, others)
        return units, revenue, index


def times_others(own: Spreads, others: Spreads) -> list[Estimate]:
    """How many times one share is another, of different customers."""
    with np.errstate(all="ignore"):
        value = own.value / others.value
        error = np.sqrt(own.variance / own.value**2 + others.variance / others.value**2)
        reach = np.exp(NORMAL.inv_cdf((1 + LEVEL) / 2) * error)
    pairs = zip(own.estimates(), others.estimates(), value.tolist(), reach.tolist(), strict=True)
    return [_times(one.reason or other.reason, each, times) for one, other, each, times in pairs]


def _times(reason: Reason, value: float, reach: float) -> Estimate:
    if not np.isfinite(value) or reason == "nothing":
        return NOTHING
    if reason or not np.isfinite(reach):
        return Estimate(value, reason=reason or "few")
    return Estimate(value, value / reach, value * reach)


__all__ = ["Compared", "Found", "Reaction", "Sensitive", "sensitive", "times_others"]
