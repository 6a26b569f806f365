"""A day in one column and the time of day in another, joined to an instant."""

from __future__ import annotations

from segmentry.core.types import Type
from segmentry.data.column_format import TEXT_SOURCE, ColumnFormat
from segmentry.data.convert import Naming, conversion, named, near_digits, present
from segmentry.data.staged import Staged
from segmentry.data.synonym import plain_name
from segmentry.data.zone import utc_of_local
from segmentry.engines.duckdb import DuckDB, literal, quote

CLOCKS = ("%H:%M:%S", "%H:%M", "%I:%M:%S %p", "%I:%M %p", "%I:%M:%S%p", "%I:%M%p", "%H:%M:%S.%f")
FOUR_DIGITS = r"\s*([01]?\d|2[0-3])[0-5]\d\s*"
"""Hours and minutes without a mark between them."""
NAMES = frozenset({
    "time", "clock", "hour", "час", "година", "время", "часы", "godzina", "czas", "ساعت", "زمان",
})  # fmt: skip
"""Words in the names of columns that hold the time of day."""


def instant(
    day: str,
    day_type: str,
    clock: str,
    clock_type: str,
    written: ColumnFormat,
    naming: Naming = named,
) -> str:
    """SQL of the instant of a day and a time of day; midnight where there is no time.

    Missing where the day is missing, or one of the two cannot be read.

    Args:
        day: The quoted column of days.
        clock: The quoted column of times.
        written: How the days are written, with the zone.
        naming: As for a conversion.
    """
    date = conversion(day, day_type, Type.DATE, written)
    passed = (
        f"CASE WHEN {present(clock, clock_type, NONE)} THEN {seconds(clock, clock_type)} ELSE 0 END"
    )
    local = f"CAST({date} AS TIMESTAMP) + to_seconds({passed})"
    return naming("wall", local, lambda wall: utc_of_local(wall, written.timezone or "UTC"))


NONE = ColumnFormat()


def seconds(x: str, type_name: str) -> str:
    """SQL of the whole seconds since midnight; NULL where a value is no time of day.

    `14:05`, `14:05:33`, `2:05 PM`, `1405`; times and moments of typed columns.
    """
    if type_name == "TIME":
        return f"CAST(date_part('epoch', {x}) AS BIGINT)"
    if type_name.startswith("TIMESTAMP"):
        return f"CAST(date_part('epoch', CAST({x} AS TIME)) AS BIGINT)"
    text = near_digits(x if type_name == TEXT_SOURCE else f"CAST({x} AS VARCHAR)")
    listed = ", ".join(literal(each) for each in CLOCKS)
    number = f"TRY_CAST({text} AS INTEGER)"
    return (
        f"CASE WHEN regexp_full_match({text}, {literal(FOUR_DIGITS)})"
        f" THEN {number} // 100 * 3600 + {number} % 100 * 60"
        f" ELSE CAST(epoch(try_strptime(trim({text}), [{listed}])"
        " - TIMESTAMP '1900-01-01') AS BIGINT) END"
    )


def unreadable(x: str, type_name: str) -> str:
    """SQL condition, never NULL: there is a value but it is no time of day."""
    read = f"{seconds(x, type_name)} IS NULL"
    return f"({present(x, type_name, NONE)} AND {read})"


def is_clock(session: DuckDB, staged: Staged, name: str) -> bool:
    """Whether a column is called a time and all its values are times of day."""
    if NAMES.isdisjoint(plain_name(name).split("_")):
        return False
    x, held = quote(name), staged.column(name).type_name
    values, wrong = session.rows(
        f"SELECT count({x}), count(*) FILTER ({unreadable(x, held)}) FROM {quote(staged.table)}"
    )[0]
    return bool(values) and not wrong


__all__ = ["instant", "is_clock", "seconds", "unreadable"]
