"""Windows: which stretch of time before as_of a measure looks at.

Every window is half-open, `[start, end)`, and never reaches as_of itself. Three classes, one for
each way of speaking: counted back from as_of, of the calendar, between days.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from segmentry.core.errors import RuleTypeError
from segmentry.core.time import AsOf, start_of_day
from segmentry.language.span import Span, months_before
from segmentry.language.words import Words


class Window(ABC):
    """A stretch of time relative to as_of."""

    @abstractmethod
    def limits(self, as_of: AsOf) -> tuple[datetime | None, datetime | None]:
        """Start (included) and end (not included) as naive UTC; `None` is open."""

    @abstractmethod
    def arguments(self) -> dict[str, str]:
        """The named arguments that spell it; none for all time."""

    def sentence(self, words: Words) -> str:
        """In words (`in the last 90 days`); empty for all time."""
        return words.said(self, self.plainly(words))

    @abstractmethod
    def plainly(self, words: Words) -> str:
        """The words themselves."""

    def bounds(self, as_of: AsOf) -> tuple[datetime | None, datetime]:
        """Start (included; `None` is open) and end (not included), naive UTC, end <= as_of."""
        start, end = self.limits(as_of)
        return start, as_of.instant if end is None else min(end, as_of.instant)

    def holds(self, instant: datetime, as_of: AsOf) -> bool:
        """Whether an instant lies inside."""
        start, end = self.bounds(as_of)
        return (start is None or start <= instant) and instant < end

    def as_json(self) -> dict[str, Any]:
        """The JSON face: the named arguments."""
        return dict(self.arguments())


@dataclass(frozen=True, slots=True)
class Back(Window):
    """From `start` before as_of to `end` before as_of; `None` is the beginning of time, or as_of.

    Raises:
        RuleTypeError: It would end before it starts.
    """

    start: Span | None = None
    end: Span | None = None

    def __post_init__(self) -> None:
        if self.start and self.end and self.start.days <= self.end.days:
            raise RuleTypeError(
                f"a window from {self.start} ago to {self.end} ago holds nothing.",
                fix=f"Write '{self.end} and {self.start} ago' the other way round.",
            )

    def limits(self, as_of: AsOf) -> tuple[datetime | None, datetime | None]:
        """Both ends counted back from as_of."""
        start = self.start.before(as_of) if self.start else None
        return start, self.end.before(as_of) if self.end else None

    def arguments(self) -> dict[str, str]:
        """`last`, `between` or `before`."""
        if self.start is None:
            return {"before": f"{self.end} ago"} if self.end else {}
        if self.end is None:
            return {"last": str(self.start)}
        return {"between": f"{self.start} and {self.end} ago"}

    def plainly(self, words: Words) -> str:
        """In words."""
        if self.start is None:
            return words("window.before_ago", span=self.end.sentence(words)) if self.end else ""
        start = self.start.sentence(words)
        if self.end is None:
            if self.start.count == 1:
                return words(f"window.last_one.{self.start.unit}")
            return words("window.last", span=start)
        return words("window.between", start=start, end=self.end.sentence(words))


PERIODS = (
    "today", "yesterday", "this week", "last week", "this month", "last month", "this quarter",
    "last quarter", "this year", "last year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Calendar(Window):
    """A day, week (from Monday), month, quarter or year of the calendar, in the workspace's zone.

    "This" is the one that contains the instant as_of. As of 1 April 00:00 this month is April, of
    which nothing has happened, and last month is March.
    """

    period: str

    def __post_init__(self) -> None:
        if self.period not in PERIODS:
            raise RuleTypeError(
                f"`{self.period[:40]}` is not a period.",
                fix=f"Write one of {', '.join(PERIODS)}, or '2026-01-01 to 2026-03-31'.",
            )

    def limits(self, as_of: AsOf) -> tuple[datetime | None, datetime | None]:
        """First moment of the period, and of the one after it."""
        first, following = self._days(as_of.day)
        return start_of_day(first, as_of.timezone), start_of_day(following, as_of.timezone)

    def _days(self, day: date) -> tuple[date, date]:
        which, _, unit = self.period.rpartition(" ")
        if unit in ("today", "yesterday", "week"):
            length = timedelta(days=7 if unit == "week" else 1)
            first = day - timedelta(days=day.weekday()) if unit == "week" else day
            first -= length if "last" in which or unit == "yesterday" else timedelta()
            return first, first + length
        months = {"month": 1, "quarter": 3, "year": 12}[unit]
        first = day.replace(month=(day.month - 1) // months * months + 1, day=1)
        first = months_before(first, months) if which == "last" else first
        return first, months_before(first, -months)

    def arguments(self) -> dict[str, str]:
        """`during`."""
        return {"during": self.period}

    def plainly(self, words: Words) -> str:
        """In words."""
        return words(f"window.{self.period.replace(' ', '_')}")


@dataclass(frozen=True, slots=True)
class Days(Window):
    """From one day to another of the workspace's zone, both included; `None` is open.

    Raises:
        RuleTypeError: The last day comes before the first.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first is None and self.last is None:
            raise RuleTypeError("a window of days needs a first or a last day.")
        if self.first and self.last and self.first > self.last:
            raise RuleTypeError(
                f"{self.first} to {self.last} holds nothing.", fix="Write the earlier day first."
            )

    def limits(self, as_of: AsOf) -> tuple[datetime | None, datetime | None]:
        """First moment of the first day, and of the day after the last."""
        zone = as_of.timezone
        start = start_of_day(self.first, zone) if self.first else None
        end = start_of_day(self.last + timedelta(days=1), zone) if self.last else None
        return start, end

    def arguments(self) -> dict[str, str]:
        """`during`, `since` or `before`."""
        if self.first and self.last:
            return {"during": f"{self.first} to {self.last}"}
        if self.first:
            return {"since": str(self.first)}
        return {"before": str(self.last + timedelta(days=1))} if self.last else {}

    def plainly(self, words: Words) -> str:
        """In words."""
        if self.first and self.last:
            return words("window.days", first=words.value(self.first), last=words.value(self.last))
        if self.first:
            return words("window.since", day=words.value(self.first))
        day = self.last + timedelta(days=1) if self.last else None
        return words("window.before", day=words.value(day))


ALL_TIME = Back()
"""Everything before as_of."""

ARGUMENTS = ("last", "between", "during", "since", "before")


def window_of(arguments: Mapping[str, str]) -> Window:
    """The window that named arguments spell; all time when there are none.

    `since` and `before` with days may stand together; otherwise there is one.

    Raises:
        RuleTypeError: An argument cannot be read, or they do not go together.
    """
    given = dict(arguments)
    if given.keys() == {"since", "before"} and not given["before"].endswith("ago"):
        return Days(day_of(given["since"]), day_of(given["before"]) - timedelta(days=1))
    if len(given) > 1:
        raise RuleTypeError(
            f"`{'` and `'.join(given)}` do not go together.", fix="Give one window."
        )
    for name, text in given.items():
        return _one(name, " ".join(text.split()))
    return ALL_TIME


def _one(name: str, text: str) -> Window:
    match name:
        case "last":
            return Back(Span.parse(text))
        case "between":
            start, found, end = text.removesuffix(" ago").partition(" and ")
            if not found or not text.endswith(" ago"):
                raise RuleTypeError(
                    f"`{text[:40]}` is not a stretch of time.",
                    fix="Write '180 days and 90 days ago'.",
                )
            return Back(Span.parse(start), Span.parse(end))
        case "during":
            first, found, last = text.partition(" to ")
            return Days(day_of(first), day_of(last)) if found else Calendar(text.lower())
        case "since":
            return Days(first=day_of(text))
        case _:
            if text.endswith(" ago"):
                return Back(end=Span.parse(text.removesuffix(" ago")))
            return Days(last=day_of(text) - timedelta(days=1))


EARLIEST, LATEST = date(1800, 1, 1), date(2300, 1, 1)


def day_of(text: str) -> date:
    """A day written as 2026-01-31.

    Raises:
        RuleTypeError: It is none, or lies outside of 1800 to 2300.
    """
    try:
        day = date.fromisoformat(text.strip()) if text.strip().count("-") == 2 else None
    except ValueError:
        day = None
    if day is None or not EARLIEST <= day < LATEST:
        raise RuleTypeError(f"`{text[:40]}` is not a day.", fix="Write it as 2026-01-31.")
    return day
