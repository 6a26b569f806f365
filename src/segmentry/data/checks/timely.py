"""Is it when it should be? Fresh, not in the future, in the right zone, in a sensible order."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.data.available import NOT_YET, Loaded
from segmentry.data.checks.check import Check, Severity
from segmentry.data.checks.counts import ROWS
from segmentry.data.checks.orders import (
    BY_DAY,
    PURCHASES_BY_DAY,
    WITH_CUSTOMERS,
    of_registered,
    quantile,
)
from segmentry.data.tables import TABLES

NIGHT_TOLERANCE = 0.15
"""Four hours of 24 are a sixth; a shop that sells evenly around the clock does not exist."""

DAYS = (
    f"(SELECT CAST(key AS DATE) AS day, n FROM {PURCHASES_BY_DAY.by_key}"
    " WHERE CAST(key AS DATE) < {day} UNION ALL SELECT ordered_on, count(*) FROM orders"
    " WHERE is_purchase AND ordered_on >= {day} AND ordered_at < {as_of} GROUP BY ordered_on)"
)
"""Days with purchases, and how many; of the day as of which is checked what lies before."""
GAPS = f"(SELECT day, day - lag(day) OVER (ORDER BY day) AS gap FROM {DAYS})"
WEEKS = (
    "(SELECT date_trunc('week', day) AS week, CAST(sum(n) AS BIGINT) AS orders"
    f" FROM {DAYS} GROUP BY 1)"
)
LATEST_WEEK = f"(SELECT max(week) - INTERVAL 7 DAY FROM {WEEKS})"
"""The last week that is whole: the one before the week of the last order."""


def checks(_: Loaded) -> Iterator[Check]:
    """Freshness, volume, future, stray and night times, orders before sign-up."""
    yield _freshness()
    yield _drop()
    for name, table in TABLES.items():
        if table.instant and "customer_no" in table.columns:
            yield from _future(name, table.instant)
    yield _stray()
    yield Check(
        "night_orders",
        "orders",
        Severity.INFO,
        failing="ordered_hour BETWEEN 2 AND 5",
        needs=("orders.ordered_at",),
        among="is_purchase AND (ordered_hour <> 0 OR minute(ordered_at) <> 0)",
        shown=("order_id", "ordered_at", "ordered_hour"),
        tolerance=NIGHT_TOLERANCE,
    )
    yield _before_sign_up()


def _before_sign_up() -> Check:
    failing = "t.ordered_at < t.signed_up_at - INTERVAL 1 DAY"
    early = of_registered(f"count(*) FILTER ({failing})")
    return Check(
        "order_before_sign_up",
        "orders",
        Severity.WARNING,
        failing=failing,
        needs=("customers.signed_up_at", "orders.ordered_at"),
        among="signed_up_at IS NOT NULL",
        source=WITH_CUSTOMERS.replace(ROWS, "orders"),
        pair=(early, of_registered("count(signed_up_at)")),
        shown=("order_id", "ordered_at", "customer_id", "signed_up_at"),
    )


def _freshness() -> Check:
    """The silence since the last order against the silences there have been."""
    latest = f"(SELECT max(day) AS last_day, max(gap) AS longest_gap FROM {GAPS})"
    return Check(
        "freshness",
        "orders",
        Severity.WARNING,
        failing="{day} - last_day > greatest(coalesce(longest_gap, 0), 1) + 1",
        needs=("orders.ordered_at",),
        among="last_day IS NOT NULL",
        source=latest,
        counts=(PURCHASES_BY_DAY,),
        shown=("last_day", "longest_gap"),
    )


def _drop() -> Check:
    """The last whole week against the median of the eight before it."""
    earlier = (
        f"(SELECT median(orders) FROM {WEEKS} WHERE week < {LATEST_WEEK}"
        f" AND week >= {LATEST_WEEK} - INTERVAL 56 DAY)"
    )
    return Check(
        "sudden_drop",
        "orders",
        Severity.WARNING,
        failing="orders < usual / 2",
        needs=("orders.ordered_at",),
        among="usual >= 10",
        source=f"(SELECT week, orders, {earlier} AS usual FROM {WEEKS} WHERE week = {LATEST_WEEK})",
        counts=(PURCHASES_BY_DAY,),
        shown=("week", "orders", "usual"),
    )


def _future(name: str, instant: str) -> Iterator[Check]:
    key = TABLES[name].key[0]
    yield Check(
        "future_dates",
        name,
        Severity.ERROR,
        failing=f"{instant} >= {NOT_YET}",
        needs=(f"{name}.*",),
        query=(
            f"SELECT (SELECT count(*) FROM {name} WHERE {instant} >= {NOT_YET}),"
            f" (SELECT count(*) FROM {name})"
        ),
        shown=(key, instant),
    )


def _stray() -> Check:
    """Days far outside the range in which all but a fiftieth of the orders are."""
    days = f"SELECT CAST(key AS DATE) AS value, n FROM {BY_DAY.by_key}"
    limits = (
        "(SELECT low, high, CAST(greatest(high - low, 730) AS INTEGER) AS margin FROM"
        f" (SELECT {quantile(days, 0.01)} AS low, {quantile(days, 0.99)} AS high))"
    )
    far = "NOT BETWEEN low - margin AND high + margin"
    return Check(
        "stray_dates",
        "orders",
        Severity.WARNING,
        failing=f"ordered_on {far}",
        needs=("orders.ordered_at",),
        source=f"(SELECT o.*, low, high, margin FROM orders o CROSS JOIN {limits})",
        query=(
            f"SELECT coalesce(sum(n) FILTER (value {far}), 0), coalesce(sum(n), 0)"
            f" FROM ({days}) CROSS JOIN {limits}"
        ),
        counts=(BY_DAY,),
        shown=("order_id", "ordered_at"),
    )
