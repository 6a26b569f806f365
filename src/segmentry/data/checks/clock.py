"""By how many whole years a table is off, where its times contradict those of another."""

from __future__ import annotations

from segmentry.data.checks.check import Check
from segmentry.data.checks.texts import Shift
from segmentry.engines.duckdb import DuckDB, quote

MOST_YEARS = 10
LEFT = 0.01
"""Share of the rows that may fail still when the years are put right."""
OF_ORDERS = (
    "SELECT min(ordered_at), max(ordered_at) + INTERVAL 31 DAY FROM orders WHERE is_purchase"
)
"""Times between which rows on the right clock lie; what is given back may come a month later."""


def years_off(session: DuckDB, check: Check) -> Shift | None:
    """The fewest years that put nearly all rows right of a check that failed.

    Right is what passes the check and lies in the time of all purchases: later alone is no better.
    Nothing, when no number of years up to ten does. Of two years added and two taken away that do
    alike, those added.
    """
    instant, (first, last) = quote(check.clock), session.rows(OF_ORDERS)[0]
    if first is None:
        return None
    wrong = f"({check.failing}) OR {instant} NOT BETWEEN '{first}' AND '{last}'"
    moved = f"SELECT * REPLACE ({instant} + to_years(years::INTEGER) AS {instant})"
    found = session.rows(
        f"SELECT years, count(*) FILTER ({wrong}) AS failing FROM ({moved} FROM"
        f" {check.rows} CROSS JOIN range(-{MOST_YEARS}, {MOST_YEARS} + 1) AS tried(years)) t"
        f" WHERE {check.among} GROUP BY years HAVING failing <= {LEFT} * count(*)"
        " ORDER BY abs(years), years DESC LIMIT 1"
    )
    return Shift(*found[0]) if found else None


__all__ = ["years_off"]
