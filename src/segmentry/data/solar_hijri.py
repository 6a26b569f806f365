"""Days of the Solar Hijri calendar to instants, as SQL: arithmetic, exact to the day."""

from __future__ import annotations

import re

from segmentry.engines.duckdb import literal

EARLIEST, LATEST = 1300, 1450
"""Years that are taken for Solar Hijri ones: 1921 to 2072. No shop has Gregorian days so early."""
OF_EPOCH = 492_268
"""Days from the first day of the year 1 to 1970-01-01, plus one."""

GROUPS = {"Y": r"(\d{4})", "f": r"(\d{1,9})"}
TWO_DIGITS = r"(\d{1,2})"
PACKED_DIGITS = r"(\d{2})"


def instant_of(x: str, pattern: str) -> str:
    """SQL of the wall-clock TIMESTAMP of a text; NULL where it does not fit or is no day.

    Args:
        x: The text, with plain digits and months as numbers.
        pattern: As in `%Y/%m/%d %H:%M`; without half days and two-digit years.
    """
    codes = re.findall("%([A-Za-z])", pattern)
    regex = literal(_regex(pattern))

    def part(code: str) -> str:
        if code not in codes:
            return "0"
        return f"TRY_CAST(regexp_extract({x}, {regex}, {codes.index(code) + 1}) AS INTEGER)"

    year, month, day = part("Y"), part("B" if "B" in codes else "m"), part("d")
    hour, minute, second = part("H"), part("M"), part("S")
    is_time = f"{hour} < 24 AND {minute} < 60 AND {second} < 60"
    moment = (
        f"CAST({day_of(year, month, day)} AS TIMESTAMP)"
        f" + to_seconds({hour} * 3600 + {minute} * 60 + {second})"
    )
    return f"CASE WHEN {is_time} THEN {moment} END"


def _regex(pattern: str) -> str:
    packed = re.fullmatch(r"(?:%[YmdHMS])+", pattern) is not None
    two = PACKED_DIGITS if packed else TWO_DIGITS
    body = re.sub(
        r"%([A-Za-z])| +|[^%A-Za-z ]",
        lambda found: (
            GROUPS.get(found[1], two)
            if found[1]
            else r"\s+"
            if found[0].isspace()
            else re.escape(found[0])
        ),
        pattern,
    )
    return rf"^\s*{body}\s*$"


def day_of(year: str, month: str, day: str) -> str:
    """SQL of the DATE of a day of the years 1300 to 1450; NULL when there is no such day.

    Leap are the years y with (25 y + 11) mod 33 < 8, as in the official calendar from 1800 to 2123.
    Six months have 31 days, five have 30, the last 29, in leap years 30.
    """
    leap = f"(25 * {year} + 11) % 33 < 8"
    longest = f"CASE WHEN {month} <= 6 THEN 31 WHEN {month} <= 11 OR {leap} THEN 30 ELSE 29 END"
    there = (
        f"{year} BETWEEN {EARLIEST} AND {LATEST} AND {month} BETWEEN 1 AND 12"
        f" AND {day} BETWEEN 1 AND {longest}"
    )
    days = (
        f"365 * ({year} - 1) + (8 * {year} + 21) // 33 + 31 * ({month} - 1)"
        f" - greatest({month} - 7, 0) + {day} - 1 - {OF_EPOCH}"
    )
    return f"CASE WHEN {there} THEN DATE '1970-01-01' + CAST({days} AS INTEGER) END"


__all__ = ["EARLIEST", "LATEST", "day_of", "instant_of"]
