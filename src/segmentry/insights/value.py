"""What segments are worth: revenue, profit, shares, orders, retention, acquisition, lifetime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from segmentry.features.customers import REVENUE, Customers
from segmentry.insights.acquisition import Acquisition, Costs, acquisitions
from segmentry.insights.estimate import (
    Codes,
    Estimate,
    Numbers,
    means,
    means_of_others,
    portions,
    ratios,
    shares,
    summed,
)
from segmentry.insights.member import Division, Members, fetched
from segmentry.language.node import Node
from segmentry.language.text import parse_value
from segmentry.language.value import Name

PLACES = 4
BEST = 0.2
"""The part of buyers, best first, who are expected to bring most of it all."""
ORDERS, PROFIT, CLV = "frequency", "profit", "clv"


@dataclass(frozen=True)
class Worth:
    """What one set of customers is worth as of an instant.

    Args:
        customers: All members; `buyers` are those who ever bought.
        revenue_share: Of what all customers brought.
        index: Revenue share over share of customers: how many times as much as customers in
            general; 1 is as much.
        best_share: Members who are among the best fifth of all buyers by revenue, as a share.
        profit_amount: `None` where no line has a cost.
        revenue: Per customer, those who never bought among them.
        more: Revenue per customer less that of all other customers.
        order_value: Revenue over orders.
        retention: Who bought in the period, of those who bought in the one before.
        clv: Mean of the feature `clv`; `None` where there is none.
        clv_to_cac: Mean `clv` of its new customers, over what one cost.
    """

    name: str
    customers: int
    buyers: int
    customer_share: float
    revenue_amount: Decimal
    revenue_share: Estimate
    index: float | None
    best_share: Estimate
    profit_amount: Decimal | None
    profit_share: float | None
    orders: int
    revenue: Estimate
    more: Estimate
    order_value: Estimate
    orders_per_customer: Estimate
    retention: Estimate
    clv: Estimate | None
    acquisition: Acquisition | None
    clv_to_cac: float | None


def worth(
    customers: Customers,
    divisions: Mapping[str, Node],
    *,
    period_days: int,
    costs: Costs | None = None,
) -> dict[str, list[Worth]]:
    """What every group of several divisions is worth, all asked at once.

    Args:
        divisions: Name → a text that is the customer's group.
        period_days: How long the periods are by which retention and acquisition are judged.
        costs: What marketing cost in the period.

    Returns:
        For each division its groups that have customers, by name.
    """
    members = fetched(customers, _asked(customers, period_days, costs), divisions)
    return {name: _Base(members, costs).worths(each) for name, each in members.divisions.items()}


def _asked(customers: Customers, days: int, costs: Costs | None) -> dict[str, Node]:
    asked: dict[str, Node] = {"revenue": Name(REVENUE), "orders": Name(ORDERS)}
    asked["recent"] = parse_value(f"count(orders, last => '{days} days')")
    asked["twice"] = parse_value(f"count(orders, last => '{2 * days} days')")
    asked["tenure"] = Name("tenure_days")
    asked |= {each: Name(each) for each in (PROFIT, CLV) if each in customers.features}
    if costs:
        asked |= {f"channel_{place}": node for place, node in enumerate(costs.of_channel)}
    return asked


class _Base:
    """All customers, and the numbers of each that groups are judged by."""

    def __init__(self, members: Members, costs: Costs | None) -> None:
        self._members, self._costs = members, costs
        values = {name: np.nan_to_num(each) for name, each in members.values.items()}
        self._values = values
        self._revenue, self._orders = values["revenue"], values["orders"]
        self._best = _best(self._revenue)
        before = values["twice"] > values["recent"]
        self._before = before.astype(np.float64)
        self._stayed = (before & (values["recent"] > 0)).astype(np.float64)

    def worths(self, division: Division) -> list[Worth]:
        """What each group is worth."""
        codes, size = division.codes, len(division.names)
        count = self._sum(np.ones(len(codes)), codes, size)
        buyers = self._sum((self._orders > 0).astype(np.float64), codes, size)
        revenue = self._sum(self._revenue, codes, size)
        orders = self._sum(self._orders, codes, size)
        revenue_each = means(self._revenue, codes, size)
        others = means_of_others(self._revenue, codes, size)
        columns = {
            "name": division.names,
            "customers": count.astype(int).tolist(),
            "buyers": buyers.astype(int).tolist(),
            "customer_share": (count / max(len(codes), 1)).tolist(),
            "revenue_amount": [_money(each) for each in revenue.tolist()],
            "revenue_share": portions(self._revenue, codes, size).estimates(),
            "index": _index(revenue, float(self._revenue.sum()), count, len(codes)),
            "best_share": shares(self._sum(self._best, codes, size), count),
            "profit_amount": self._profit(codes, size),
            "profit_share": self._profit_share(codes, size),
            "orders": orders.astype(int).tolist(),
            "revenue": revenue_each.estimates(),
            "more": (revenue_each - others).estimates(),
            "order_value": ratios(self._revenue, self._orders, codes, size).estimates(),
            "orders_per_customer": means(self._orders, codes, size).estimates(),
            "retention": shares(
                self._sum(self._stayed, codes, size), self._sum(self._before, codes, size)
            ),
            **self._lifetime(codes, size),
        }
        return [
            Worth(**dict(zip(columns, row, strict=True)))
            for row in zip(*columns.values(), strict=True)
        ]

    def _sum(self, values: Numbers, codes: Codes, size: int) -> Numbers:
        inside = codes >= 0
        return summed(values[inside], codes[inside], size)

    def _profit(self, codes: Codes, size: int) -> list[Decimal | None]:
        if PROFIT not in self._values:
            return [None] * size
        return [_money(each) for each in self._sum(self._values[PROFIT], codes, size).tolist()]

    def _profit_share(self, codes: Codes, size: int) -> list[float | None]:
        total = float(self._values.get(PROFIT, np.zeros(1)).sum())
        if total <= 0:
            return [None] * size
        return [each / total for each in self._sum(self._values[PROFIT], codes, size).tolist()]

    def _lifetime(self, codes: Codes, size: int) -> dict[str, list[object]]:
        clv: list[object] = [None] * size
        if CLV in self._members.values:
            known = np.where(np.isnan(self._members.values[CLV]), -1, codes)
            clv = [*means(self._values[CLV], known, size).estimates()]
        if self._costs is None:
            nothing: list[object] = [None] * size
            return {"clv": clv, "acquisition": nothing, "clv_to_cac": nothing}
        found = acquisitions(self._values, self._costs, codes, size)
        return {
            "clv": clv,
            "acquisition": [*found],
            "clv_to_cac": [self._clv_to_cac(each) for each in found],
        }

    def _clv_to_cac(self, acquisition: Acquisition) -> float | None:
        if acquisition.clv is None or not acquisition.cac_amount:
            return None
        return acquisition.clv / float(acquisition.cac_amount)


def _best(revenue: Numbers) -> Numbers:
    """1 for the best fifth of those who brought anything; equal ones in order of their numbers."""
    some = int((revenue > 0).sum())
    best = np.zeros(len(revenue))
    best[np.argsort(-revenue, kind="stable")[: int(np.ceil(some * BEST))]] = 1
    return best


def _index(revenue: Numbers, total: float, count: Numbers, customers: int) -> list[float | None]:
    if total <= 0:
        return [None] * len(count)
    found: list[float | None] = (revenue / total * customers / count).tolist()
    return found


def _money(amount: float) -> Decimal:
    return Decimal(round(amount * 10**PLACES)).scaleb(-PLACES)
