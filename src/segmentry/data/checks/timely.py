"""Is it when it should be? Fresh, not in the future, in the right zone, in a sensible order."""

from __future__ import annotations

from collections.abc import Iterator

from segmentry.data.available import NOT_YET, Loaded
from segmentry.data.checks.check import Check, Severity
from segmentry.data.tables import TABLES

NIGHT_TOLERANCE = 0.15
"""Four hours of 24 are a sixth; a shop that sells evenly around the clock does not exist."""

DAYS = "(SELECT DISTINCT ordered_on AS day FROM orders WHERE is_purchase AND ordered_at < {as_of})"
GAPS = f"(SELECT day, day - lag(day) OVER (ORDER BY day) AS gap FROM {DAYS})"
WEEKS = (
    "(SELECT date_trunc('week', ordered_on) AS week, count(*) AS orders FROM orders"
    " WHERE is_purchase AND ordered_at < {as_of} GROUP BY 1)"
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
    yield Check(
        "order_before_sign_up",
        "orders",
        Severity.WARNING,
        failing="t.ordered_at < t.signed_up_at - INTERVAL 1 DAY",
        needs=("customers.signed_up_at", "orders.ordered_at"),
        source=(
            "(SELECT o.order_id, o.ordered_at, c.customer_id, c.signed_up_at FROM orders o"
            " JOIN customers c USING (customer_no) WHERE c.signed_up_at IS NOT NULL)"
        ),
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
        shown=(key, instant),
    )


def _stray() -> Check:
    """Times far outside the range in which all but a fiftieth of the orders are."""
    limits = (
        "(SELECT approx_quantile(epoch(ordered_at), 0.01) AS low,"
        " approx_quantile(epoch(ordered_at), 0.99) AS high FROM orders)"
    )
    return Check(
        "stray_dates",
        "orders",
        Severity.WARNING,
        failing="epoch(t.ordered_at) NOT BETWEEN low - margin AND high + margin",
        needs=("orders.ordered_at",),
        source=(
            "(SELECT o.*, low, high, greatest(high - low, 63072000) AS margin"
            f" FROM orders o CROSS JOIN {limits})"
        ),
        shown=("order_id", "ordered_at"),
    )
