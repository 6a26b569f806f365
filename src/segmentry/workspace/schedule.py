"""When work is done by itself: cron's way of saying it, on the wall clock of the workspace."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import BaseModel, ConfigDict, Field, field_validator

from segmentry.core.errors import DeclarationError

MINUTE = timedelta(minutes=1)


class Schedule(BaseModel):
    """What is done when.

    Args:
        cron: Minute, hour, day of month, month, day of week: `0 5 * * *` is every day at five. In
            the workspace's zone: what would be at an hour that a clock change leaves out is done
            right after it, at an hour that comes twice it is done once.
        work: What is done.
        paused: Whether it is left out until it is taken up again; what it missed is not caught up
            with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=100)
    cron: str = Field(max_length=100)
    work: Literal["refresh"] = "refresh"
    paused: bool = False

    @field_validator("cron")
    @classmethod
    def _readable(cls, cron: str) -> str:
        try:
            next(CronSim(cron, datetime(2024, 1, 1)))
        except (CronSimError, StopIteration) as error:
            raise DeclarationError(
                f"`{cron}` is no time of cron's: {str(error).lower() or 'it never comes'}.",
                fix="Write minute, hour, day, month, weekday: `0 5 * * *` is daily at five.",
            ) from error
        return " ".join(cron.split())

    def last_due(self, now: datetime, timezone: str) -> datetime:
        """The last instant at or before `now` at which it had to be done; both naive UTC.

        >>> daily = Schedule(name="nightly", cron="0 5 * * *")
        >>> daily.last_due(datetime(2024, 6, 2, 1, 59), "Europe/Kyiv")
        datetime.datetime(2024, 6, 1, 2, 0)
        >>> daily.last_due(datetime(2024, 6, 2, 2, 0), "Europe/Kyiv")
        datetime.datetime(2024, 6, 2, 2, 0)
        """
        local = now.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))
        return _utc(next(CronSim(self.cron, local + MINUTE, reverse=True)))

    def next_due(self, now: datetime, timezone: str) -> datetime:
        """The first instant after `now` at which it has to be done; both naive UTC."""
        local = now.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone))
        return _utc(next(CronSim(self.cron, local)))

    def upcoming(self, now: datetime, timezone: str, count: int) -> list[datetime]:
        """The next instants after `now` at which it has to be done; naive UTC, the first first."""
        found: list[datetime] = []
        for _ in range(count):
            found.append(self.next_due(found[-1] if found else now, timezone))
        return found


def _utc(local: datetime) -> datetime:
    return local.astimezone(UTC).replace(tzinfo=None)
