from datetime import date, datetime, timedelta

import pytest

from segmentry.core.errors import RuleTypeError
from segmentry.core.time import AsOf
from segmentry.language.span import Span
from segmentry.language.window import ALL_TIME, Back, Calendar, Days, window_of

KYIV = "Europe/Kyiv"


def bounds(as_of, zone=KYIV, **arguments):
    start, end = window_of(arguments).bounds(AsOf.parse(as_of, zone))
    return start and start.isoformat(" ", "minutes"), end.isoformat(" ", "minutes")


@pytest.mark.parametrize(
    ("as_of", "arguments", "start", "end"),
    [
        # the clocks go forward on 31 March 2024 at 03:00: two hours from UTC before, three after
        ("2024-04-01", {"last": "1 day"}, "2024-03-30 22:00", "2024-03-31 21:00"),
        ("2024-04-01", {"last": "24 hours"}, "2024-03-30 21:00", "2024-03-31 21:00"),
        ("2024-04-01T03:30", {"last": "1 day"}, "2024-03-31 01:30", "2024-04-01 00:30"),
        # and back on 27 October at 04:00: 03:30 comes twice, the first is meant
        ("2024-10-28T03:30", {"last": "1 day"}, "2024-10-27 00:30", "2024-10-28 01:30"),
        ("2024-10-28", {"last": "1 week"}, "2024-10-20 21:00", "2024-10-27 22:00"),
        # ends of months
        ("2024-03-31", {"last": "1 month"}, "2024-02-28 22:00", "2024-03-30 22:00"),
        ("2023-03-31", {"last": "1 month"}, "2023-02-27 22:00", "2023-03-30 21:00"),
        ("2024-02-29", {"last": "1 year"}, "2023-02-27 22:00", "2024-02-28 22:00"),
        ("2026-05-31", {"last": "1 quarter"}, "2026-02-27 22:00", "2026-05-30 21:00"),
        (
            "2026-01-15",
            {"between": "2 months and 1 month ago"},
            "2025-11-14 22:00",
            "2025-12-14 22:00",
        ),
        ("2026-01-15", {"before": "30 days ago"}, None, "2025-12-15 22:00"),
        ("2026-01-15", {}, None, "2026-01-14 22:00"),
        # the calendar
        ("2026-04-01", {"during": "this month"}, "2026-03-31 21:00", "2026-03-31 21:00"),
        ("2026-04-01", {"during": "last month"}, "2026-02-28 22:00", "2026-03-31 21:00"),
        ("2026-04-15T12:00", {"during": "this month"}, "2026-03-31 21:00", "2026-04-15 09:00"),
        ("2026-04-15T12:00", {"during": "today"}, "2026-04-14 21:00", "2026-04-15 09:00"),
        ("2026-04-15", {"during": "yesterday"}, "2026-04-13 21:00", "2026-04-14 21:00"),
        ("2026-04-15", {"during": "this week"}, "2026-04-12 21:00", "2026-04-14 21:00"),
        ("2026-04-13", {"during": "last week"}, "2026-04-05 21:00", "2026-04-12 21:00"),
        ("2026-02-15", {"during": "this quarter"}, "2025-12-31 22:00", "2026-02-14 22:00"),
        ("2026-02-15", {"during": "last quarter"}, "2025-09-30 21:00", "2025-12-31 22:00"),
        ("2026-02-15", {"during": "this year"}, "2025-12-31 22:00", "2026-02-14 22:00"),
        ("2026-02-15", {"during": "last year"}, "2024-12-31 22:00", "2025-12-31 22:00"),
        # days, both included; never past as_of
        (
            "2026-02-15",
            {"during": "2026-01-01 to 2026-01-31"},
            "2025-12-31 22:00",
            "2026-01-31 22:00",
        ),
        (
            "2026-01-15",
            {"during": "2026-01-01 to 2026-01-31"},
            "2025-12-31 22:00",
            "2026-01-14 22:00",
        ),
        ("2026-02-15", {"since": "2026-01-01"}, "2025-12-31 22:00", "2026-02-14 22:00"),
        ("2026-02-15", {"before": "2026-01-01"}, None, "2025-12-31 22:00"),
    ],
)
def test_bounds(as_of, arguments, start, end):
    assert bounds(as_of, **arguments) == (start, end)


def test_both_limits_of_half_open_windows():
    as_of = AsOf.parse("2026-04-01", "UTC")
    window = Back(Span(1, "day"))
    moment = timedelta(microseconds=1)
    assert window.holds(datetime(2026, 3, 31), as_of)
    assert not window.holds(datetime(2026, 3, 31) - moment, as_of)
    assert window.holds(datetime(2026, 4, 1) - moment, as_of)
    assert not window.holds(datetime(2026, 4, 1), as_of)


@pytest.mark.parametrize(
    "window",
    [
        ALL_TIME,
        Back(Span(1, "day")),
        Back(Span(36, "hour")),
        Back(Span(180, "day"), Span(3, "month")),
        Back(None, Span(2, "year")),
        Calendar("last quarter"),
        Days(date(2026, 1, 1), date(2026, 1, 1)),
        Days(first=date(2026, 1, 1)),
        Days(last=date(2025, 12, 31)),
    ],
)
def test_arguments_spell_the_same_window(window):
    assert window_of(window.arguments()) == window


def test_since_and_before_are_the_days_between():
    both = window_of({"since": "2026-01-01", "before": "2026-04-01"})
    assert both == window_of({"during": "2026-01-01 to 2026-03-31"})


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"last": "ninety days"}, "not a span"),
        ({"last": "0 days"}, "not a span"),
        ({"last": "201 years"}, "not a span"),
        ({"last": "90 fortnights"}, "not a span"),
        ({"between": "90 days and 180 days ago"}, "holds nothing"),
        ({"between": "90 days"}, "not a stretch"),
        ({"during": "next month"}, "not a period"),
        ({"during": "2026-02-01 to 2026-01-01"}, "holds nothing"),
        ({"since": "2026-02-30"}, "not a day"),
        ({"since": "01.02.2026"}, "not a day"),
        ({"since": "0001-01-01"}, "not a day"),
        ({"last": "1 day", "during": "today"}, "do not go together"),
        ({"since": "2026-01-01", "before": "30 days ago"}, "do not go together"),
    ],
)
def test_refused(arguments, message):
    with pytest.raises(RuleTypeError, match=message) as caught:
        window_of(arguments)
    assert caught.value.fix
