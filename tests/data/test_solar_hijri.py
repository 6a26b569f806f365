"""Solar Hijri days, Persian digits and months in five languages: read exactly, or not at all."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyarrow as pa
import pytest
from persiantools.jdatetime import JalaliDate

from segmentry.core.types import Type
from segmentry.data.column_format import ColumnFormat
from segmentry.data.convert import conversion, unreadable
from segmentry.data.format import infer
from segmentry.data.month_names import CALENDARS, Calendar, month_numbers
from segmentry.data.source import stage
from segmentry.engines.duckdb import DuckDB
from segmentry.locale.calendar import solar_hijri

FIRST, LAST = JalaliDate(1300, 1, 1).to_gregorian(), JalaliDate(1450, 12, 29).to_gregorian()


def read(
    session: DuckDB, values: list[str], kind: Type = Type.DATE, timezone: str = "UTC"
) -> tuple[ColumnFormat, list[object]]:
    staged = stage(session, pa.table({"x": values}))
    found = infer(session, staged, "x", kind)
    assert found.format is not None, found.ambiguous
    written = found.format.model_copy(update={"timezone": timezone})
    value = conversion("x", "VARCHAR", kind, written)
    bad = unreadable("x", "VARCHAR", kind, written)
    rows = session.rows(f"SELECT {value}, {bad} FROM {staged.table} ORDER BY rowid")
    assert all(wrong == (result is None) for result, wrong in rows)
    staged.drop(session)
    return written, [result for result, _ in rows]


def test_every_day_of_a_century_and_a_half(session: DuckDB) -> None:
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    solar = [JalaliDate(day) for day in days]
    assert [(each.year, each.month, each.day) for each in solar] == [solar_hijri(d) for d in days]
    for pattern in ("{}/{:02}/{:02}", "{}-{}-{}", "{}{:02}{:02}"):
        texts = [pattern.format(each.year, each.month, each.day) for each in solar]
        written, found = read(session, texts)
        assert written.calendar == "solar_hijri"
        assert found == days


def test_days_that_do_not_exist_are_not_read(session: DuckDB) -> None:
    texts = [f"{year}/12/30" for year in range(1300, 1451)]
    leap = [year for year in range(1300, 1451) if JalaliDate.is_leap(year)]
    _, found = read(session, texts)
    assert [year for year, day in zip(range(1300, 1451), found, strict=True) if day] == leap
    _, found = read(session, ["1402/06/31", "1402/07/31", "1402/13/01", "1402/00/10", "1402/01/00"])
    assert found == [date(2023, 9, 22), None, None, None, None]


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("1402/05/13", datetime(2023, 8, 4)),
        ("۱۴۰۲-۰۵-۱۳", datetime(2023, 8, 4)),
        ("١٤٠٢/٥/١٣", datetime(2023, 8, 4)),
        ("13/05/1402", datetime(2023, 8, 4)),
        ("14020513", datetime(2023, 8, 4)),
        ("1402.5.13 7:05", datetime(2023, 8, 4, 7, 5)),
        ("۱۴۰۲/۰۵/۱۳ ۱۷:۰۵:۰۹", datetime(2023, 8, 4, 17, 5, 9)),
        ("1402-05-13T17:05:09.25", datetime(2023, 8, 4, 17, 5, 9)),
        ("13 مرداد 1402", datetime(2023, 8, 4)),
        ("۱۳ امرداد ۱۴۰۲", datetime(2023, 8, 4)),
        ("15 دي 1402", datetime(2024, 1, 5)),
        ("15مرداد1402", datetime(2023, 8, 6)),
        ("13 Mordad 1402", datetime(2023, 8, 4)),
        ("1450/12/29", datetime(2072, 3, 19)),
        ("1300/01/01", datetime(1921, 3, 21)),
    ],
)
def test_forms_of_solar_hijri_days(session: DuckDB, text: str, instant: datetime) -> None:
    assert read(session, [text], Type.INSTANT)[1] == [instant]
    assert read(session, [text], Type.DATE)[1] == [instant.date()]


def test_instants_are_local_to_the_zone(session: DuckDB) -> None:
    _, found = read(session, ["1402/05/13 12:00", "1399/05/13 12:00"], Type.INSTANT, "Asia/Tehran")
    assert found == [
        datetime(2023, 8, 4, 8, 30),
        datetime(2020, 8, 3, 7, 30),
    ]  # no, with summer time


@pytest.mark.parametrize(
    "values",
    [["2023-08-04", "1985-01-01"], ["01/02/2024", "25/02/2024"], ["20240115", "20240216"]],
)
def test_other_years_are_gregorian(session: DuckDB, values: list[str]) -> None:
    assert read(session, values)[0].calendar == "gregorian"


def test_of_two_calendars_in_one_column_the_rarer_is_not_read(session: DuckDB) -> None:
    _, found = read(session, ["2024/01/15", "2024/01/16", "1402/05/13"])
    assert found == [date(2024, 1, 15), date(2024, 1, 16), None]
    _, found = read(session, ["1402/05/13", "1402/05/14", "2024/01/15"])
    assert found == [date(2023, 8, 4), date(2023, 8, 5), None]


@pytest.mark.parametrize(
    ("values", "days"),
    [
        (["15 січня 2024", "3 лют. 2024 р.", "16 Feb 2024"], ["2024-01-15", "2024-02-03", "2024-02-16"]),
        (["15 января 2024 г.", "1 мая 2024 года"], ["2024-01-15", "2024-05-01"]),
        (["15 stycznia 2024", "3 paź 2024 r.", "1 maja 2024"], ["2024-01-15", "2024-10-03", "2024-05-01"]),
        (["۲۳ ژوئیه ۲۰۲۳", "1 مارس 2023"], ["2023-07-23", "2023-03-01"]),
        (["15-січ-24", "01-лис-23"], ["2024-01-15", "2023-11-01"]),
        (["5 June 2024", "6 Jul 2024", "07 jun 2024"], ["2024-06-05", "2024-07-06", "2024-06-07"]),
        (["СІЧЕНЬ 5, 2024", "Лютий 16, 2024"], ["2024-01-05", "2024-02-16"]),
        (["۲۰۲۴-۰۱-۱۵", "2024-01-16"], ["2024-01-15", "2024-01-16"]),
        (["۱۵/۰۱/۲۰۲۴", "۰۲/۰۳/۲۰۲۴"], ["2024-01-15", "2024-03-02"]),
    ],
)  # fmt: skip
def test_months_by_name_and_far_digits(session: DuckDB, values: list[str], days: list[str]) -> None:
    assert read(session, values)[1] == [date.fromisoformat(each) for each in days]


@pytest.mark.parametrize("calendar", CALENDARS)
def test_every_name_of_every_month(session: DuckDB, calendar: Calendar) -> None:
    year = "1402" if calendar == "solar_hijri" else "2023"
    for language, months in CALENDARS[calendar].items():
        texts = [(f"5 {name} {year}", number) for number, names in enumerate(months, 1) for name in names.split()]  # fmt: skip
        _, found = read(session, [text for text, _ in texts])
        wanted = [
            JalaliDate(1402, n, 5).to_gregorian() if year == "1402" else date(2023, n, 5)
            for _, n in texts
        ]
        assert found == wanted, language


def test_a_name_means_one_month() -> None:
    for calendar, languages in CALENDARS.items():
        every = [
            (name, number)
            for months in languages.values()
            for number, names in enumerate(months, 1)
            for name in names.split()
        ]
        assert dict(every) == month_numbers(calendar)
        assert len(set(every)) == len(dict(every))


@pytest.mark.parametrize(
    ("values", "numbers"),
    [
        (["۱۲۳", "۱٬۲۳۴٫۵"], [123, 1234.5]),
        (["١٬٢٣٤", "٥٫٥"], [1234, 5.5]),
        (["۱۲٬۳۴۵ ریال", "۵۰۰ ریال"], [12345, 500]),
        (["۱۲٪", "۵٪"], [0.12, 0.05]),
        (["-۵", "(۶)"], [-5, -6]),
        (["1٬234", "5,5"], [1234, 5.5]),
        (["۱,۲۳۴.۵", "۲"], [1234.5, 2]),
    ],
)
def test_numbers_in_far_digits(session: DuckDB, values: list[str], numbers: list[float]) -> None:
    assert read(session, values, Type.NUMBER)[1] == numbers
    assert [float(each) for each in read(session, values, Type.MONEY)[1]] == numbers  # type: ignore[arg-type]
