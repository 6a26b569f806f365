"""Customers at past instants, and what they did afterwards: what backtests are counted from.

Who is in which group is computed from what was known at the instant; what they bought afterwards
is read beside it and reaches no feature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.core.time import AsOf
from segmentry.core.types import Value
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB
from segmentry.features.customers import Customers
from segmentry.insights.estimate import Numbers
from segmentry.insights.member import Division, Members, fetched
from segmentry.language.node import Node
from segmentry.language.text import parse_value
from segmentry.language.value import Name

PAST_DAYS = 90
CHANCE, SPEND = "chance", "spend_90d"
"""Names of the naive divisions: five equal parts by chance; tenths by what was spent lately."""
CHANCE_PARTS, SPEND_PARTS = 5, 10
Counts = NDArray[np.int32]


@dataclass(frozen=True)
class Sales:
    """What each of some customers bought in a number of days."""

    revenue: Numbers
    orders: Counts


@dataclass(frozen=True)
class Cut:
    """Those who had bought before an instant, and what they bought after it.

    Args:
        past: What each had spent in the 90 days before.
        sales: By horizon in days; only those that were over by the end of the data.
    """

    as_of: AsOf
    numbers: NDArray[np.int32]
    past: Numbers
    divisions: Mapping[str, Division]
    sales: Mapping[int, Sales]


def cut(
    customers: Customers,
    desk: DuckDB,
    divisions: Mapping[str, Node],
    horizons: Sequence[int],
) -> Cut:
    """The buyers as of an instant, in the groups that they were in then.

    Args:
        divisions: Name → a text that is the customer's group; the naive ones are added.
        horizons: Days, ascending.
    """
    asked = {"orders": Name("frequency"), "past": _PAST, "chance": _LOT}
    members = fetched(customers, asked, divisions)
    bought = np.nan_to_num(members.values["orders"]) > 0
    past = np.nan_to_num(members.values["past"])[bought]
    numbers = members.numbers[bought].astype(np.int32)
    found = {
        name: Division(each.names, each.codes[bought]) for name, each in members.divisions.items()
    }
    found[CHANCE] = _by_chance(members, bought)
    found[SPEND] = _by_spend(past)
    sales = _sales(desk, customers.as_of, numbers, horizons)
    return Cut(customers.as_of, numbers, past, found, sales)


_PAST = parse_value(f"sum(orders.gross_amount, last => '{PAST_DAYS} days')")
_LOT = parse_value("random_share('backtest')")


def _by_chance(members: Members, bought: NDArray[np.bool_]) -> Division:
    codes = (members.values["chance"][bought] * CHANCE_PARTS).astype(np.int8)
    return Division(tuple(str(each + 1) for each in range(CHANCE_PARTS)), codes)


def _by_spend(past: Numbers) -> Division:
    """Tenths of customers; equal ones are together, so that there may be fewer."""
    tenths = np.arange(1, SPEND_PARTS) / SPEND_PARTS
    edges: Numbers = np.quantile(past, tenths) if len(past) else np.zeros(0)
    codes = np.searchsorted(edges, past, side="left").astype(np.int8)
    return Division(tuple(f"{each + 1:02d}" for each in range(SPEND_PARTS)), codes)


def _sales(
    desk: DuckDB, as_of: AsOf, numbers: NDArray[np.int32], horizons: Sequence[int]
) -> dict[int, Sales]:
    if not horizons:
        return {}
    ends = [as_of.instant + timedelta(days=days) for days in horizons]
    columns = ", ".join(
        f"coalesce(sum(gross_amount) FILTER (ordered_at < ${name}), 0)::DOUBLE,"
        f" (count(*) FILTER (ordered_at < ${name}))::INTEGER"
        for name in (f"end_{place}" for place in range(len(ends)))
    )
    bound: dict[str, Value] = {"as_of": as_of.instant}
    bound |= {f"end_{place}": end for place, end in enumerate(ends)}
    rows = desk.fetch(
        f"SELECT customer_no, {columns} FROM {counted('orders')} WHERE is_purchase"
        f" AND customer_no IS NOT NULL AND ordered_at >= $as_of AND ordered_at < $end_"
        f"{len(ends) - 1} GROUP BY customer_no ORDER BY customer_no",
        bound,
    )
    known = rows.column(0).to_numpy()
    place = np.searchsorted(known, numbers)
    place[place == len(known)] = 0
    there = known[place] == numbers if len(known) else np.zeros(len(numbers), np.bool_)
    taken = place[there]
    found = [_put(each.to_numpy()[taken], there) for each in rows.columns[1:]]
    pairs = zip(found[::2], found[1::2], strict=True)
    return {days: Sales(*pair) for days, pair in zip(horizons, pairs, strict=True)}


def _put(values: NDArray[Any], there: NDArray[np.bool_]) -> NDArray[Any]:
    """The values where there are some, 0 elsewhere."""
    found = np.zeros(len(there), values.dtype)
    found[there] = values
    return found
