"""Instants, days and zones. Only `now` reads the clock, and only interfaces call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from segmentry.core.errors import UsageError

Clock = Callable[[], datetime]
"""What says which moment it is, naive UTC; given to those who note when something happened."""


def zone(name: str) -> ZoneInfo:
    """The time zone called `name`.

    Raises:
        UsageError: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"unknown time zone `{name}`.", fix="Use an IANA name such as Europe/Kyiv."
        ) from error


@dataclass(frozen=True, slots=True)
class AsOf:
    """The instant for which everything is computed; nothing at or after it is read.

    A day stands for its first moment in the workspace's zone, so "as of 2011-12-10" sees all of
    9 December and nothing of the 10th.

    >>> AsOf.parse("2011-12-10", "Europe/Kyiv").instant
    datetime.datetime(2011, 12, 9, 22, 0)
    >>> str(AsOf.parse("2011-12-10", "UTC"))
    '2011-12-10'
    """

    instant: datetime
    """UTC, naive."""
    timezone: str

    @classmethod
    def parse(cls, text: str | date | datetime, timezone: str) -> AsOf:
        """Read a day or an ISO instant; without an offset it is local to `timezone`.

        Raises:
            UsageError: The text is neither.
        """
        if isinstance(text, str):
            try:
                parsed = datetime.fromisoformat(text.strip())
            except ValueError as error:
                raise UsageError(
                    f"`{text}` is not a day or an instant.", fix="Write it as 2026-03-31."
                ) from error
        elif isinstance(text, datetime):
            parsed = text
        else:
            parsed = datetime.combine(text, time.min)
        if parsed.tzinfo is None:
            parsed = parsed.replace(tzinfo=zone(timezone))
        return cls(parsed.astimezone(UTC).replace(tzinfo=None), timezone)

    @property
    def local(self) -> datetime:
        """The instant on a wall clock in the workspace's zone, naive."""
        return to_local(self.instant, self.timezone)

    @property
    def day(self) -> date:
        """The local day from which days are counted back."""
        return self.local.date()

    def __str__(self) -> str:
        local = self.local
        if local.time() == time.min:
            return local.date().isoformat()
        return self.instant.replace(tzinfo=UTC).astimezone(zone(self.timezone)).isoformat()


def to_local(instant: datetime, timezone: str) -> datetime:
    """Wall-clock time of a naive UTC instant in a zone, naive."""
    return instant.replace(tzinfo=UTC).astimezone(zone(timezone)).replace(tzinfo=None)


def to_utc(local: datetime, timezone: str) -> datetime:
    """Naive UTC instant of a wall-clock time in a zone.

    A time that the clocks skip moves forward by the gap; one that happens twice is the first.
    """
    return local.replace(tzinfo=zone(timezone)).astimezone(UTC).replace(tzinfo=None)


def start_of_day(day: date, timezone: str) -> datetime:
    """Naive UTC instant at which a local day begins."""
    return to_utc(datetime.combine(day, time.min), timezone)


def end_of_day(instant: datetime, timezone: str) -> AsOf:
    """The as_of that still sees the whole local day of `instant`: the first moment of the next."""
    following = to_local(instant, timezone).date() + timedelta(days=1)
    return AsOf(start_of_day(following, timezone), timezone)


def now() -> datetime:
    """This moment, naive UTC. For interfaces and logs only, never for meaning."""
    return datetime.now(UTC).replace(tzinfo=None)
