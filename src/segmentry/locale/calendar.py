"""The Solar Hijri calendar, by which Persian dates are written."""

from __future__ import annotations

from datetime import date
from typing import Final

EPOCH: Final = date(622, 3, 21).toordinal()
"""1 Farvardin of the year 1, on the calendar of today carried back."""
CYCLE_YEARS, CYCLE_DAYS = 33, 12_053
"""Of 33 years 8 are leap years: the official calendar to the day from 1799 to March 2124."""
LONG_MONTHS_DAYS = 6 * 31


def solar_hijri(day: date) -> tuple[int, int, int]:
    """Year, month and day of the month; exact from 1799 to March 2124, outside within a day.

    >>> solar_hijri(date(2024, 3, 20)), solar_hijri(date(2025, 3, 20))
    ((1403, 1, 1), (1403, 12, 30))
    """
    passed = day.toordinal() - EPOCH
    year = 1 + (CYCLE_YEARS * passed + 3) // CYCLE_DAYS
    of_year = passed - 365 * (year - 1) - (8 * year + 21) // CYCLE_YEARS
    if of_year < LONG_MONTHS_DAYS:
        month, of_month = divmod(of_year, 31)
    else:
        month, of_month = divmod(of_year - LONG_MONTHS_DAYS, 30)
        month += 6
    return year, month + 1, of_month + 1
