from datetime import date, datetime

import pytest

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf, end_of_day, start_of_day, to_local, to_utc


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2011-12-10", "UTC", datetime(2011, 12, 10)),
        ("2011-12-10", "Europe/Kyiv", datetime(2011, 12, 9, 22)),
        ("2026-07-01", "Europe/Kyiv", datetime(2026, 6, 30, 21)),
        ("2026-07-01T12:00:00+02:00", "UTC", datetime(2026, 7, 1, 10)),
        ("2026-07-01T12:00:00Z", "Asia/Tehran", datetime(2026, 7, 1, 12)),
        (date(2024, 2, 29), "America/New_York", datetime(2024, 2, 29, 5)),
    ],
)
def test_as_of_is_the_first_moment_of_a_local_day(text, zone, instant):
    as_of = AsOf.parse(text, zone)
    assert as_of.instant == instant
    assert AsOf.parse(str(as_of), zone) == as_of


def test_as_of_refuses_what_is_no_day():
    with pytest.raises(UsageError, match="10/12/2011"):
        AsOf.parse("10/12/2011", "UTC")


def test_unknown_zone_is_named():
    with pytest.raises(UsageError, match="Europe/Kiyv"):
        AsOf.parse("2026-01-01", "Europe/Kiyv")


def test_end_of_day_sees_the_whole_local_day():
    late = datetime(2026, 3, 28, 21, 59)  # 23:59 in Kyiv, the night the clocks go forward
    assert end_of_day(late, "Europe/Kyiv").day == date(2026, 3, 29)
    assert end_of_day(late, "Europe/Kyiv").instant == datetime(2026, 3, 28, 22)


def test_skipped_and_repeated_wall_clock_times():
    assert to_utc(datetime(2026, 3, 29, 3, 30), "Europe/Kyiv") == datetime(2026, 3, 29, 1, 30)
    assert to_utc(datetime(2026, 10, 25, 3, 30), "Europe/Kyiv") == datetime(2026, 10, 25, 0, 30)


def test_days_of_25_hours_begin_where_they_should():
    length = start_of_day(date(2026, 10, 26), "Europe/Kyiv") - start_of_day(
        date(2026, 10, 25), "Europe/Kyiv"
    )
    assert length.total_seconds() == 25 * 3600
    assert to_local(datetime(2026, 10, 25, 0, 0), "Europe/Kyiv") == datetime(2026, 10, 25, 3)
