"""Calendars and clocks, held to an arithmetic of our own: zones, changes of clocks, leap days.

The oracle knows nothing of the code under test: it counts days and months itself and finds an
instant of a wall-clock time by looking through UTC minutes.
"""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest

from segmentry.core.time import AsOf, end_of_day, start_of_day, to_local
from segmentry.language.anniversary import Anniversary
from segmentry.language.function import completed_years
from segmentry.language.node import Base, Record
from segmentry.language.schema import Schema
from segmentry.language.span import Span
from segmentry.language.text import parse_rule
from segmentry.language.window import window_of

ZONES = (
    "Europe/Kyiv", "Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo",
    "Africa/Cairo", "Asia/Tehran", "Asia/Kathmandu", "Asia/Gaza", "Australia/Lord_Howe",
    "Pacific/Apia", "UTC",
)  # fmt: skip
"""With an hour and half an hour of summer time, changes at midnight, quarters of an hour, and a day
that was left out (Apia, 30 December 2011)."""
CASES = 900
"""In each zone: 10,800 in all."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


# the oracle


def wall(instant: datetime, zone: str) -> datetime:
    """What the clock on the wall shows."""
    return instant.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@lru_cache(maxsize=100_000)
def moment(local: datetime, zone: str) -> datetime:
    """The first instant at which the clock shows a time; one that it skips, moved by the gap."""
    back, found = timedelta(hours=26), []
    offsets = {wall(local + back * sign, zone) - (local + back * sign) for sign in (-1, 0, 1)}
    for offset in offsets:
        instant = local - offset
        if wall(instant, zone) == local:
            found.append(instant)
    if found:
        return min(found)
    # skipped: the offset that held before the gap still counts
    return local - (wall(local - back, zone) - (local - back))


def back(day: date, months: int) -> date:
    """The same day some months before, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(number, day.day))
        except ValueError:
            continue
    raise AssertionError


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)


def before(as_of: datetime, zone: str, count: int, unit: str) -> datetime:
    """So much before an instant: hours elapsed, all else on the wall."""
    if unit == "hour":
        return as_of - timedelta(hours=count)
    local = wall(as_of, zone)
    months = {"month": 1, "quarter": 3, "year": 12}
    if unit in months:
        day = back(local.date(), count * months[unit])
    else:
        day = local.date() - count * (7 if unit == "week" else 1) * DAY
    return moment(datetime.combine(day, local.time()), zone)


def period(name: str, day: date) -> tuple[date, date]:
    """First day of a period, and of the one after it."""
    if name in ("today", "yesterday"):
        first = day - (DAY if name == "yesterday" else 0 * DAY)
        return first, first + DAY
    which, unit = name.split()
    if unit == "week":
        first = day
        while first.isoweekday() != 1:
            first -= DAY
        first -= 7 * DAY if which == "last" else 0 * DAY
        return first, first + 7 * DAY
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = date(day.year, day.month, 1)
    while (first.month - 1) % months:
        first = back(first, 1)
    first = back(first, months) if which == "last" else first
    return first, back(first, -months)


# the cases


def instants(zone: str, seed: int):
    """Random instants, most of them where something is odd."""
    draw = random.Random(f"{zone} {seed}")
    changes = [
        each
        for each in (
            datetime(2011, 1, 1) + number * timedelta(hours=6) for number in range(4 * 365 * 16)
        )
        if wall(each, zone) - each != wall(each + timedelta(hours=6), zone) - each - 6 * 60 * MINUTE
    ]
    for _ in range(CASES):
        kind = draw.random()
        if kind < 0.4 and changes:
            near = draw.choice(changes) + timedelta(minutes=draw.randrange(-90, 900))
            yield draw, near + draw.choice((0, 1, 30, 31)) * DAY
        elif kind < 0.6:
            leap = date(draw.choice((2012, 2016, 2020, 2024)), 2, 29)
            day = leap + draw.choice((-1, 0, 1, 365, 366, 31)) * DAY
            yield draw, moment(midnight(day), zone) + draw.randrange(1440) * MINUTE
        elif kind < 0.85:
            first = date(draw.randrange(2011, 2027), draw.randrange(1, 13), 1)
            day = first + draw.choice((-2, -1, 0)) * DAY
            yield draw, moment(midnight(day), zone) + draw.choice((0, 0, 1, 1439)) * MINUTE
        else:
            day = date(2011, 1, 1) + draw.randrange(5800) * DAY
            yield draw, moment(midnight(day), zone) + draw.randrange(86_400) * timedelta(seconds=1)


UNITS = ("hour", "day", "week", "month", "quarter", "year")
PERIODS = ("today", "yesterday", *(f"{which} {unit}" for which in ("this", "last")
           for unit in ("week", "month", "quarter", "year")))  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_windows(zone):
    for draw, instant in instants(zone, 1):
        as_of = AsOf(instant, zone)
        local = wall(instant, zone)
        assert as_of.day == local.date()
        assert AsOf.parse(str(as_of), zone) == as_of
        count, unit = draw.choice((1, 2, 7, 30, 90)), draw.choice(UNITS)
        start, end = window_of({"last": f"{count} {unit}s"}).bounds(as_of)
        assert (start, end) == (before(instant, zone, count, unit), instant), (instant, count, unit)
        name = draw.choice(PERIODS)
        first, following = period(name, local.date())
        start, end = window_of({"during": name}).bounds(as_of)
        assert start == moment(midnight(first), zone), (instant, name)
        assert end == min(moment(midnight(following), zone), instant), (instant, name)
        year_ago = back(local.date(), 12)
        same_day = window_of({"during": f"{year_ago} to {year_ago}"}).bounds(as_of)
        expected = moment(midnight(year_ago), zone), moment(midnight(year_ago + DAY), zone)
        assert same_day == expected, instant
        assert Span(count, unit).before(as_of) == before(instant, zone, count, unit)


@pytest.mark.parametrize("zone", ZONES)
def test_days_ages_and_anniversaries(zone):
    for draw, instant in instants(zone, 2):
        local = wall(instant, zone)
        today = local.date()
        assert to_local(instant, zone) == local
        assert start_of_day(today, zone) == moment(midnight(today), zone)
        assert end_of_day(instant, zone).instant == moment(midnight(today + DAY), zone)
        born = date(draw.randrange(1940, 2010), draw.randrange(1, 13), draw.randrange(1, 29))
        born = date(2000, 2, 29) if draw.random() < 0.2 else born
        years = 0
        while celebrated(born, born.year + years + 1) <= today:
            years += 1
        assert completed_years(born, today) == years, (born, today)
        within = draw.choice((1, 3, 7, 30))
        rule = parse_rule(f"anniversary(birth_on, within => '{within} days')")
        assert isinstance(rule, Anniversary)
        base = Base(AsOf(instant, zone), (), Schema())
        days = [today + number * DAY for number in range(within)]
        expected = born < today and any(celebrated(born, day.year) == day for day in days)
        assert rule.holds(Record("x", {"birth_on": born}), base) == expected, (born, today)


def celebrated(born: date, year: int) -> date:
    """The birthday of a year: on 28 February for the 29th, in common years."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return (
        date(year, 2, 28)
        if (born.month, born.day) == (2, 29) and not leap
        else born.replace(year=year)
    )
