"""The purchases of every customer, counted in the engine, and grouped on the desk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.time import AsOf, start_of_day
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.compile import CUSTOMERS
from segmentry.features.customers import Customers
from segmentry.language.node import Condition, Node
from segmentry.language.text import parse_value
from segmentry.models.clv.gamma_gamma import BINS, GammaGamma, Spending
from segmentry.models.clv.purchases import Array, Purchases

COUNTED = {
    "purchase_days": "count_distinct(orders.ordered_on)",
    "since_first": "days_since_first(orders)",
    "since_last": "days_since_last(orders)",
    "spent": "sum(orders.gross_amount)",
    "spent_in_year": "sum(orders.gross_amount, last => '365 days')",
}
"""Orders of one day are one purchase: they are one visit to the shop."""
GROUP = "purchase_days - 1 AS frequency, since_first - since_last AS recency, since_first AS age"
BOUGHT = "WHERE purchase_days > 0"
SCORES = ["customer_no", "clv", "clv_orders", "clv_spend", "clv_alive", "clv_next_days"]
MANY = 150_000
"""Distinct histories above which a likelihood is taken of cells."""
DIGITS = (6, 5)
MICRO = 1_000_000
"""Logarithms are added up as whole numbers of millionths, so that the order of rows is nothing."""


@dataclass(frozen=True)
class Extent:
    """How much there is to learn from.

    Args:
        buyers: Customers who bought.
        days: From the first purchase of all to the instant.
        silent_days: From the last purchase of all to the instant.
        frequent_buyers: Those with three purchases or more.
    """

    buyers: int
    days: int
    silent_days: int
    frequent_buyers: int


@dataclass(frozen=True)
class Holdout:
    """Customers at an earlier cut, one each, in the order of their numbers, and what they did then.

    Args:
        rows: Their histories at the cut.
        spent: What they had paid by then.
        spent_in_year: What they had paid in the 365 days before.
        purchases: Purchase days between the cut and the later instant.
        paid: What they paid in that time.
    """

    rows: Purchases
    spent: Array
    spent_in_year: Array
    purchases: Array
    paid: Array
    days: int


@dataclass(frozen=True)
class Totals:
    """Histories as `Purchases` has them, with what the customers of each have paid.

    Args:
        spent: The sum of what they paid.
        squares: The sum of its squares.
    """

    rows: Purchases
    spent: Array
    squares: Array


@dataclass(frozen=True)
class History:
    """A temporary table on the desk with the purchases of every customer before an instant."""

    desk: DuckDB
    table: str
    as_of: AsOf

    def extent(self) -> Extent:
        """How much there is; all 0 where nobody bought."""
        [found] = self.desk.rows(
            "SELECT count(*), coalesce(max(since_first), 0), coalesce(min(since_last), 0),"
            f" count(*) FILTER (WHERE purchase_days >= 3) FROM {self.source} {BOUGHT}"
        )
        return Extent(*found)

    def purchases(self) -> Purchases:
        """The distinct histories in days, sorted, each with its number of customers."""
        columns = self._columns(
            f"SELECT {GROUP}, count(*) AS customers FROM {self.source} {BOUGHT}"
            " GROUP BY ALL ORDER BY ALL"
        )
        return Purchases(**columns)

    def rows_to_fit(self) -> Purchases:
        """Rows for a likelihood: the distinct histories, or cells of them where those are many."""
        return self.cells(self.purchases())

    def cells(self, rows: Purchases) -> Purchases:
        """The rows, if they are few; else cells of them.

        A cell holds histories of one frequency whose times, to the last purchase and since it,
        differ by 3 % at most, and stands for their mean, to a quarter of a day; by 6 %, where
        cells would be many still. Up to 63 days (31) it is a day.
        """
        found = rows
        for digits in DIGITS:
            if len(found) > MANY:
                found = self._cells(rows, digits)
        return found

    def _cells(self, rows: Purchases, digits: int) -> Purchases:
        near, idle = (_cell(each, digits) for each in ("recency", "(age - recency)"))
        with self.desk.registered("clv_rows", _table(rows)):
            columns = self._columns(
                "SELECT frequency, round(4 * sum(recency * n) / sum(n)) / 4 AS recency,"
                " round(4 * sum(age * n) / sum(n)) / 4 AS age, sum(n) AS customers"
                f" FROM (SELECT *, {near} AS near, {idle} AS idle FROM clv_rows)"
                " GROUP BY frequency, near, idle ORDER BY frequency, near, idle"
            )
        return Purchases(**columns)

    def spending(self) -> Spending:
        """What customers paid in all, grouped; those who paid nothing are left out.

        Every purchase counts, the first too: it is all that is known of most customers.
        """
        columns = self._columns(
            f"SELECT purchase_days AS frequency, floor(ln(spent::DOUBLE) * {BINS}) AS bin,"
            f" sum(round(ln(spent::DOUBLE) * {MICRO})::BIGINT) AS logs, count(*) AS customers"
            f" FROM {self.source} {BOUGHT} AND spent > 0 GROUP BY ALL ORDER BY ALL"
        )
        size = columns["customers"]
        return Spending(columns["frequency"], columns["logs"] / MICRO / size, size)

    def totals(self) -> Totals:
        """The distinct histories of the members; only where these were asked for."""
        columns = self._columns(
            f"SELECT {GROUP}, count(*) AS customers, sum(coalesce(spent, 0)) AS spent,"
            " coalesce(sum(cents * cents), 0) AS squares FROM"
            f" (SELECT *, round(spent * 100)::HUGEINT AS cents FROM {self.source} {BOUGHT}"
            " AND member) GROUP BY ALL ORDER BY ALL"
        )
        spent, squares = columns.pop("spent"), columns.pop("squares") / 1e4
        return Totals(Purchases(**columns), spent, squares)

    def until(self, later: History, most: int) -> Holdout:
        """What customers did between this instant and a later one.

        Args:
            most: Customers to take; of more, those whose numbers are a multiple of something.
        """
        every = max(1, -(-self.extent().buyers // most))
        columns = self._columns(
            f"SELECT {GROUP.replace('purchase_days', 'a.purchase_days')},"
            " coalesce(a.spent, 0) AS spent, coalesce(a.spent_in_year, 0) AS spent_in_year,"
            " b.purchase_days - a.purchase_days AS purchases,"
            " coalesce(b.spent, 0) - coalesce(a.spent, 0) AS paid"
            f" FROM (SELECT * FROM {self.source} {BOUGHT} AND customer_no % {every} = 0) a"
            f" JOIN (SELECT customer_no, purchase_days, spent FROM {later.source}) b"
            " USING (customer_no) ORDER BY customer_no"
        )
        frequency, recency, age = (columns.pop(name) for name in ("frequency", "recency", "age"))
        rows = Purchases(frequency, recency, age, np.ones(len(age)))
        return Holdout(rows, **columns, days=(later.as_of.day - self.as_of.day).days)

    def joined(
        self,
        rows: Purchases,
        values: Mapping[str, Any],
        spend: GammaGamma | None,
        factor: float = 1.0,
    ) -> pa.Table:
        """The values of each history given to every customer who has it, by `customer_no`.

        Args:
            values: `discounted`, and what else there is of each row.
            spend: What a purchase is worth; the customer's own mean without it.
            factor: Times so much.
        """
        paid = "coalesce(h.spent, 0)::DOUBLE"
        worth = f"{paid} / h.purchase_days"
        if spend is not None:
            worth = (
                f"{spend.p!r} * ({spend.v!r} + {paid})"
                f" / ({spend.p!r} * h.purchase_days + {spend.q - 1!r})"
            )
        worth = f"{factor!r} * ({worth})"
        others = ", ".join(f"v.{quote(name)}" for name in values if name != "discounted")
        with self.desk.registered("clv_values", _table(rows, values)):
            found = self.desk.fetch(
                f"SELECT h.customer_no, v.discounted * {worth} AS clv,"
                f" {worth} AS clv_spend, {others} FROM {self.source} h JOIN clv_values v"
                " ON v.frequency = h.purchase_days - 1 AND v.age = h.since_first"
                " AND v.recency = h.since_first - h.since_last ORDER BY h.customer_no"
            )
        return found.select(SCORES)

    @property
    def source(self) -> str:
        """The table's name, quoted."""
        return quote(self.table)

    def _columns(self, query: str) -> dict[str, Any]:
        found = self.desk.fetch(query)
        return {name: found[name].to_numpy().astype(float) for name in found.column_names}


def _table(rows: Purchases, values: Mapping[str, Any] | None = None) -> pa.Table:
    keys = {"frequency": rows.frequency, "recency": rows.recency, "age": rows.age}
    whole = {name: each.astype(np.int64) for name, each in keys.items()}
    return pa.table({**whole, "n": rows.customers.astype(np.int64), **(values or {})})


def _cell(days: str, digits: int) -> str:
    """Days rounded down to so many binary digits."""
    shift = f"greatest(floor(log2(greatest({days}, 1)))::INTEGER + 1 - {digits}, 0)"
    return f"({days} >> {shift}) << {shift}"


@contextmanager
def history(
    customers: Customers, days_before: int = 0, members: Condition | None = None
) -> Iterator[History]:
    """The purchases as of the instant, or as of a day some days before; gone at the end.

    Raises:
        LockedFeatureError: No orders are loaded.
    """
    then = customers if not days_before else _earlier(customers, days_before)
    table = f"clv_history_{then.as_of.instant:%Y%m%d%H%M%S}"
    outputs: dict[str, Node] = {name: parse_value(text) for name, text in COUNTED.items()}
    if members is not None:
        outputs["member"] = members
    then.land(table, outputs)
    try:
        yield History(customers.desk, table, then.as_of)
    finally:
        customers.desk.drop(table)


def _earlier(customers: Customers, days: int) -> Customers:
    zone = customers.as_of.timezone
    instant = start_of_day(customers.as_of.day - timedelta(days=days), zone)
    return replace(customers, as_of=AsOf(instant, zone), source=CUSTOMERS)
