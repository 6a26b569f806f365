"""Times of cron's in words: `every day at 05:00`."""

from __future__ import annotations

from segmentry.locale import Messages

WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
WORKING = [1, 2, 3, 4, 5]


def spoken(cron: str, messages: Messages) -> str:
    """When it is, as people say it; the text itself where it has no simple way to be said."""
    minute, hour, day, month, weekday = cron.lower().split()
    said = None
    if month == "*":
        said = _often(minute, hour, day, weekday, messages) or _daily(
            minute, hour, day, weekday, messages
        )
    return said or messages("schedules.other", cron=cron)


def _often(minute: str, hour: str, day: str, weekday: str, messages: Messages) -> str | None:
    """Every so many minutes, or every hour."""
    if (hour, day, weekday) != ("*", "*", "*"):
        return None
    start, found, step = minute.partition("/")
    if minute == "*" or (found and start == "*" and step.isdecimal() and 60 % int(step) == 0):
        return messages("schedules.minutes", count=int(step or 1))
    if minute.isdecimal():
        return messages("schedules.hourly", minute=_clock("0", minute, messages))
    return None


def _daily(minute: str, hour: str, day: str, weekday: str, messages: Messages) -> str | None:
    """At a time of the day: every day, on some days of the week, or on days of the month."""
    hours = hour.split(",")
    if not minute.isdecimal() or not all(each.isdecimal() for each in hours):
        return None
    at = messages.listed([_clock(each, minute, messages) for each in hours], "and")
    if (day, weekday) == ("*", "*"):
        return messages("schedules.daily", at=at)
    if day == "*":
        days = _weekdays(weekday)
        if days == WORKING:
            return messages("schedules.working", at=at)
        if not days:
            return None
        names = messages.listed([messages.weekday(each) for each in days], "and")
        return messages("schedules.weekly", days=names, at=at)
    if weekday == "*" and all(each.isdecimal() for each in day.split(",")):
        days_said = [messages.digits(each) for each in day.split(",")]
        return messages("schedules.monthly", days=messages.listed(days_said, "and"), at=at)
    return None


def _weekdays(text: str) -> list[int] | None:
    """Days of the week from Monday, 1, to Sunday, 7; nothing where they are said otherwise."""
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition("-")
        ends = [_weekday(each) for each in (first, last or first)]
        if None in ends:
            return None
        start, end = (each or 7 for each in ends)
        found.update(range(start, end + 1))
    return sorted(found) or None


def _weekday(text: str) -> int | None:
    """A day of the week by its name or number; Sunday is 0 and 7."""
    if text.isdecimal() and int(text) <= 7:
        return int(text) or 7
    return WEEKDAYS.get(text)


def _clock(hour: str, minute: str, messages: Messages) -> str:
    return messages.digits(f"{int(hour):02}:{int(minute):02}")
