"""Spans of time as people write them: `90 days`, `3 months`, `36 hours`."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from segmentry.core.errors import RuleTypeError
from segmentry.core.time import AsOf, to_utc
from segmentry.language.words import Words
from segmentry.locale import Phrase

UNITS = ("hour", "day", "week", "month", "quarter", "year")
DAYS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.44, "quarter": 91.31, "year": 365.25}
MOST_YEARS = 200
_SPELLING = re.compile(r"\s*(?:([0-9]{1,6})\s+)?([a-z]+?)s?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A number of hours, days, weeks, months, quarters or years; at least one.

    >>> Span.parse("90 days"), str(Span.parse("1 Weeks"))
    (Span(count=90, unit='day'), '1 week')
    """

    count: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS or self.count < 1 or self.days > MOST_YEARS * 365.25:
            raise RuleTypeError(
                f"`{self.count} {self.unit}` is not a span of time.",
                fix=f"Write 1 day or more, at most {MOST_YEARS} years: '90 days', '3 months'.",
            )

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read `90 days`; a unit alone is one of it.

        Raises:
            RuleTypeError: It is no span.
        """
        found = _SPELLING.fullmatch(text)
        if found is None or found[2].lower() not in UNITS:
            raise RuleTypeError(
                f"`{text[:40]}` is not a span of time.",
                fix=f"Write a number and {', '.join(UNITS[:-1])} or {UNITS[-1]}: '90 days'.",
            )
        return cls(int(found[1] or 1), found[2].lower())

    @property
    def days(self) -> float:
        """Its length, for comparing spans; months and years have their mean length."""
        return self.count * DAYS[self.unit]

    def times(self, number: int) -> Span:
        """The span so many times."""
        return Span(self.count * number, self.unit)

    def before(self, as_of: AsOf) -> datetime:
        """The instant (naive UTC) that lies this span before as_of.

        Hours are elapsed time. The others count back on the calendar and clock of the workspace's
        zone, so that two days before noon is noon, also when the clocks change; a month back from
        the 31st is the last day of a shorter month.
        """
        if self.unit == "hour":
            return as_of.instant - timedelta(hours=self.count)
        local = as_of.local
        back = self.count * {"quarter": 3, "year": 12}.get(self.unit, 1)
        if self.unit in ("day", "week"):
            moved = local - timedelta(days=self.count * (7 if self.unit == "week" else 1))
        else:
            moved = datetime.combine(months_before(local.date(), back), local.time())
        return to_utc(moved, as_of.timezone)

    @property
    def seconds(self) -> int | None:
        """Its length in seconds if that is fixed on a clock; `None` for months and longer."""
        each = {"hour": 3600, "day": 86400, "week": 604800}.get(self.unit)
        return None if each is None else self.count * each

    def sentence(self, words: Words) -> Phrase:
        """In words: `90 days`."""
        return words.said(self, words.span(self.count, self.unit))

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


def months_before(day: date, count: int) -> date:
    """The same day of the month so many months earlier; the month's last day if it is shorter.

    >>> months_before(date(2024, 3, 31), 1), months_before(date(2023, 3, 31), 1)
    (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28))
    """
    year, month = divmod(day.year * 12 + day.month - 1 - count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
