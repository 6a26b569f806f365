"""Cohorts: customers by when they first bought, and what they did in each period after that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.estimate import Estimate, share
from segmentry.language.text import parse_rule

Period = Literal["month", "quarter"]
MONTHS: Mapping[Period, int] = {"month": 1, "quarter": 3}


@dataclass(frozen=True)
class Cell:
    """What a cohort did in one period.

    Args:
        age: Periods since that of the first purchase, which is 0.
        complete: Whether the period was over by the instant.
        customers: Those who could be counted: of a group, those whose period of that age was over.
        bought: Those of them who bought in the period; `retention` is their share.
        rule: The rule of those who bought; empty where cohorts are groups.
    """

    age: int
    complete: bool
    customers: int
    bought: int
    retention: Estimate
    revenue_amount: Decimal
    orders: int
    rule: str = ""


@dataclass(frozen=True)
class Cohort:
    """Customers who first bought in one period, or who are in one group.

    Args:
        from_start: It is of the period in which the data begin; some of these customers may have
            bought before.
        rule: The rule of those who first bought in its period; empty where it is a group.
    """

    name: str
    customers: int
    from_start: bool
    cells: tuple[Cell, ...]
    rule: str = ""


@dataclass(frozen=True)
class Cohorts:
    """The triangle, oldest cohort first, and all cohorts together.

    Args:
        whole: Complete cells of all cohorts, added up by age; 1 less its retention is the churn
            curve.
    """

    as_of: str
    period: Period
    cohorts: tuple[Cohort, ...]
    whole: Cohort


def cohorts(engine: DuckDB, as_of: AsOf, period: Period, groups: str = "") -> Cohorts:
    """Who bought again in which period after the first purchase, and what that brought.

    Args:
        groups: A table of `customer_no` and `part`; its parts are the cohorts then, and what is
            counted are complete periods only.
    """
    joined = f" JOIN {quote(groups)} USING (customer_no)" if groups else ""
    rows = engine.rows(
        f"""WITH bought AS (
            SELECT customer_no, date_trunc('{period}', ordered_on)::DATE AS start, gross_amount
            FROM {counted("orders")}
            WHERE is_purchase AND ordered_at < $as_of AND customer_no IS NOT NULL),
        firsts AS (SELECT customer_no, min(start) AS first FROM bought GROUP BY ALL)
        SELECT {"part" if groups else "NULL"} AS name, first,
               date_diff('{period}', first, start) AS age, count(DISTINCT customer_no),
               sum(gross_amount), count(*)
        FROM bought JOIN firsts USING (customer_no){joined} GROUP BY ALL ORDER BY ALL""",
        {"as_of": as_of.instant},
    )
    found = _triangle(rows, as_of.day, period)
    named = found if not groups else _by_name(found)
    earliest = min((first for _, first in found if first), default=None)
    return Cohorts(
        as_of=str(as_of),
        period=period,
        cohorts=tuple(
            _cohort(
                _label(name, first, period),
                cells,
                first == earliest and name is None,
                Began(first, period) if first else None,
            )
            for (name, first), cells in named.items()
        ),
        whole=_cohort("", _added(found.values()), from_start=False),
    )


Key = tuple[str | None, date | None]
Cells = list[tuple[int, bool, int, int, Decimal, int]]
"""Age, complete, customers, those who bought, what they paid, their orders."""


def _triangle(rows: Iterable[Sequence[Any]], end: date, period: Period) -> dict[Key, Cells]:
    """Every cell up to the instant, those in which nobody bought too."""
    there: dict[Key, dict[int, tuple[int, Decimal, int]]] = {}
    for name, first, age, customers, revenue, orders in rows:
        there.setdefault((name, first), {})[age] = (customers, revenue, orders)
    found: dict[Key, Cells] = {}
    for (name, first), ages in there.items():
        size, age = ages[0][0], 0
        assert first is not None
        while _later(first, age, period) < end:
            bought, revenue, orders = ages.get(age, (0, Decimal(0), 0))
            complete = _later(first, age + 1, period) <= end
            found.setdefault((name, first), []).append(
                (age, complete, size, bought, revenue, orders)
            )
            age += 1
    return found


def _later(first: date, periods: int, period: Period) -> date:
    months = first.year * 12 + first.month - 1 + periods * MONTHS[period]
    return date(months // 12, months % 12 + 1, 1)


def _by_name(found: Mapping[Key, Cells]) -> dict[Key, Cells]:
    names = sorted({name for name, _ in found if name is not None})
    return {
        (name, None): _added(cells for (own, _), cells in found.items() if own == name)
        for name in names
    }


def _added(several: Iterable[Cells]) -> Cells:
    """Complete cells added up by age."""
    found: dict[int, tuple[int, int, Decimal, int]] = {}
    for age, complete, *numbers in (cell for cells in several for cell in cells):
        if complete:
            before = found.get(age, (0, 0, Decimal(0), 0))
            one, two, three, four = (a + b for a, b in zip(before, numbers, strict=True))  # type: ignore[operator]
            found[age] = (int(one), int(two), Decimal(three), int(four))
    return [(age, True, *numbers) for age, numbers in sorted(found.items())]


@dataclass(frozen=True)
class Began:
    """When a cohort began to buy."""

    first: date
    period: Period

    def rule(self) -> str:
        """Of those whose first purchase lies in the period."""
        return parse_rule(f"first_time(orders, {self._during(0)})").text()

    def rule_at(self, age: int) -> str:
        """Of those among them who bought so many periods later."""
        if not age:
            return self.rule()
        return parse_rule(f"{self.rule()} AND any(orders, {self._during(age)})").text()

    def _during(self, age: int) -> str:
        start = _later(self.first, age, self.period)
        last = _later(self.first, age + 1, self.period) - timedelta(days=1)
        return f"during => '{start} to {last}'"


def _cohort(name: str, cells: Cells, from_start: bool, began: Began | None = None) -> Cohort:
    return Cohort(
        name=name,
        customers=cells[0][2] if cells else 0,
        from_start=from_start,
        cells=tuple(
            Cell(
                age,
                complete,
                customers,
                bought,
                share(bought, customers),
                revenue,
                orders,
                began.rule_at(age) if began else "",
            )
            for age, complete, customers, bought, revenue, orders in cells
        ),
        rule=began.rule() if began else "",
    )


def _label(name: str | None, first: date | None, period: Period) -> str:
    if name is not None or first is None:
        return name or ""
    return f"{first:%Y-%m}" if period == "month" else f"{first.year}-Q{(first.month + 2) // 3}"
