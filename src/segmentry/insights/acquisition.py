"""What it cost to win customers, and what came of it: CAC and ROI of a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.insights.estimate import Codes, Numbers, summed
from segmentry.language.literal import quoted
from segmentry.language.node import Node
from segmentry.language.text import parse_value
from segmentry.segments.bits import Flags

COSTS_OF_PERIOD = """SELECT lower(trim(channel)), sum(amount) FROM costs
    WHERE spent_at >= $as_of - to_days($days) AND spent_at < $as_of
    GROUP BY ALL ORDER BY ALL"""


@dataclass(frozen=True)
class Costs:
    """What marketing cost in a period before an instant.

    Args:
        days: How long the period is.
        channels: Channel → amount, where customers can be told by the channel of their first order.
        shared: What was spent for no channel, or for one that no order came through.
    """

    days: int
    channels: Mapping[str, Decimal]
    shared: Decimal

    @property
    def of_channel(self) -> list[Node]:
        """For each channel whether a customer's first order came through it, as 1 or 0."""
        first = "lower(first(orders.channel))"
        return [parse_value(f"if({first} = {quoted(each)}, 1, 0)") for each in self.channels]

    @cached_property
    def amounts(self) -> list[float]:
        """Amounts of the channels, in their order."""
        return [float(each) for each in self.channels.values()]


@dataclass(frozen=True)
class Acquisition:
    """What the new customers of a period cost and brought.

    The cost of a channel is borne alike by the customers whose first order came through it; what
    cannot be laid to a channel by all new customers.

    Args:
        cac_amount: Cost of one new customer; `None` without any.
        roi: (revenue - cost) / cost; 4 is 400 %. `None` without costs.
        clv: Mean `clv` of the new customers; `None` where there is none.
    """

    new_customers: int
    cost_amount: Decimal
    revenue_amount: Decimal
    cac_amount: Decimal | None
    roi: float | None
    clv: float | None


def costs(engine: DuckDB, as_of: AsOf, days: int, *, by_channel: bool) -> Costs | None:
    """What marketing cost in the days before an instant; nothing where no cost is booked there.

    Args:
        by_channel: Whether orders say through which channel they came.
    """
    rows = engine.rows(COSTS_OF_PERIOD, {"as_of": as_of.instant, "days": days})
    if not rows:
        return None
    channels = {name: Decimal(amount) for name, amount in rows if name and by_channel}
    total = sum((Decimal(amount) for _, amount in rows), Decimal(0))
    return Costs(days, channels, total - sum(channels.values(), Decimal(0)))


def acquisitions(
    values: Mapping[str, Numbers], costs: Costs, codes: Codes, groups: int
) -> list[Acquisition]:
    """What the new customers of each group cost and brought.

    Args:
        values: `tenure` in days, `orders`, `revenue`, `clv` if there is one, and `channel_0` … for
            the channels of the costs.
    """
    new = (values["orders"] > 0) & (values["tenure"] <= costs.days)
    cost = _borne(values, costs, new)
    inside = new & (codes >= 0)
    own = codes[inside]
    count = summed(np.ones(len(own)), own, groups)
    columns = [count, summed(cost[inside], own, groups)]
    columns.append(summed(values["revenue"][inside], own, groups))
    clv = values.get("clv")
    columns.append(summed(clv[inside], own, groups) if clv is not None else np.full(groups, np.nan))
    return [_acquisition(*row) for row in zip(*(each.tolist() for each in columns), strict=True)]


def _borne(values: Mapping[str, Numbers], costs: Costs, new: Flags) -> Numbers:
    """What each new customer cost, so that all together cost what was spent."""
    cost, shared = np.zeros(len(new)), float(costs.shared)
    for place, amount in enumerate(costs.amounts):
        through = new & (values[f"channel_{place}"] > 0)
        if through.any():
            cost[through] += amount / int(through.sum())
        else:
            shared += amount
    if new.any():
        cost[new] += shared / int(new.sum())
    return cost


def _acquisition(new: float, cost: float, revenue: float, clv: float) -> Acquisition:
    return Acquisition(
        new_customers=int(new),
        cost_amount=_money(cost),
        revenue_amount=_money(revenue),
        cac_amount=_money(cost / new) if new else None,
        roi=(revenue - cost) / cost if cost > 0 else None,
        clv=clv / new if new and not np.isnan(clv) else None,
    )


def _money(amount: float) -> Decimal:
    return round(Decimal(amount), 2)
