"""From text and typed columns to values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from segmentry.core.types import Type
from segmentry.data.column_format import ColumnFormat
from segmentry.data.convert import conversion, unreadable
from segmentry.engines.duckdb import DuckDB

D = Decimal
PLAIN = ColumnFormat()
KYIV = ColumnFormat(timezone="Europe/Kyiv")
EURO = ColumnFormat(decimal=",", thousands=".", currency=("€", "EUR"))
HRYVNIA = ColumnFormat(decimal=",", thousands=" ", currency=("грн", "грн.", "₴"))
DOLLAR = ColumnFormat(thousands=",", currency=("$",))


def read(value: Any, target: Type, written: ColumnFormat, kind: pa.DataType | None = None) -> Any:
    """The value and whether it is unreadable, as the engine computes them."""
    with DuckDB() as session:
        rows = pa.table({"x": pa.array([value], kind or pa.string())})
        with session.registered("rows", rows):
            source = session.rows("SELECT typeof(x) FROM rows")[0][0]
            return session.rows(
                f"SELECT {conversion('x', source, target, written)},"
                f" {unreadable('x', source, target, written)} FROM rows"
            )[0]


@pytest.mark.parametrize(
    ("text", "written", "expected"),
    [
        ("12.5", PLAIN, D("12.5")),
        (" -3 ", PLAIN, D(-3)),
        ("(12.50)", PLAIN, D("-12.5")),
        ("12.50-", PLAIN, D("-12.5")),
        ("−5", PLAIN, D(-5)),
        ("1.23456", PLAIN, D("1.2346")),
        ("1e3", PLAIN, D(1000)),
        ("۱۲۳", PLAIN, D(123)),
        ("€1.234,56", EURO, D("1234.56")),
        ("1.234,56 EUR", EURO, D("1234.56")),
        ("1234,5", EURO, D("1234.5")),
        ("(€ 5,00)", EURO, D(-5)),
        ("€-5,1", EURO, D("-5.1")),
        ("1 234,56 грн", HRYVNIA, D("1234.56")),
        ("1\u00a0234,56 грн.", HRYVNIA, D("1234.56")),
        ("12\u202f345 ₴", HRYVNIA, D(12345)),
        ("$90,000 ", DOLLAR, D(90000)),
        ("-$1,234.50", DOLLAR, D("-1234.5")),
        ("1'234.5", ColumnFormat(thousands="'"), D("1234.5")),
        ("12,5 %", ColumnFormat(decimal=",", percent=True), D("0.125")),
    ],
)
def test_money(text: str, written: ColumnFormat, expected: Decimal) -> None:
    assert read(text, Type.MONEY, written) == (expected, False)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("abc", PLAIN),
        ("1,234", PLAIN),
        ("inf", PLAIN),
        ("1.2.3", PLAIN),
        ("$5", PLAIN),
        ("99999999999999999", PLAIN),
        ("1.5", EURO),
        ("1.23,5", EURO),
        ("$5", EURO),
        ("1 23", HRYVNIA),
        ("--5", PLAIN),
    ],
)
def test_what_is_no_money(text: str, written: ColumnFormat) -> None:
    assert read(text, Type.MONEY, written) == (None, True)


@pytest.mark.parametrize("target", list(Type))
@pytest.mark.parametrize("text", [None, "", "  ", "NULL", " n/a ", "-", "NaN", "\u00a0"])
def test_words_for_missing_are_missing_and_not_unreadable(text: str | None, target: Type) -> None:
    assert read(text, target, PLAIN) == (None, False)


def test_declared_words_for_missing() -> None:
    written = ColumnFormat(missing=("0", "9999", "01/01/1900"), dates=("%d/%m/%Y",))
    assert read("9999", Type.NUMBER, written) == (None, False)
    assert read("9999", Type.TEXT, written) == (None, False)
    assert read("01/01/1900", Type.DATE, written) == (None, False)
    assert read("N/A", Type.NUMBER, written) == (None, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", 12), ("12.0", 12), (" 7", 7), ("1e2", 100), ("12.5", None), ("0x1A", None)],
)
def test_integers(text: str, expected: int | None) -> None:
    assert read(text, Type.INTEGER, PLAIN) == (expected, expected is None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("yes", True), ("TRUE", True), (" 1 ", True), ("Так", True), ("да", True), ("tak", True),
        ("بله", True), ("no", False), ("0", False), ("Ні", False), ("nie", False), ("خیر", False),
        ("maybe", None),
    ],
)  # fmt: skip
def test_booleans(text: str, expected: bool | None) -> None:
    assert read(text, Type.BOOLEAN, PLAIN) == (expected, expected is None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("007", "007"),
        ("1e5", "1e5"),
        (" a b\u00a0", "a b"),
        ("17850.0", "17850"),
        ("17850.50", "17850.50"),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert read(text, Type.TEXT, ColumnFormat(whole=True)) == (expected, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-01", datetime(2024, 6, 30, 21)),
        ("2024-07-01 10:00", datetime(2024, 7, 1, 7)),
        ("2024-07-01 10:00:00", datetime(2024, 7, 1, 7)),
        ("2024-7-1 9:05:00", datetime(2024, 7, 1, 6, 5)),
        ("2024-07-01T10:00:00.25", datetime(2024, 7, 1, 7, 0, 0, 250_000)),
        ("2024-07-01 10:00:00.1234567", datetime(2024, 7, 1, 7, 0, 0, 123_456)),
        ("2024-07-01T10:00:00Z", datetime(2024, 7, 1, 10)),
        ("2024-07-01 10:00:00+05:30", datetime(2024, 7, 1, 4, 30)),
        ("2024-07-01 10:00:00 -0500", datetime(2024, 7, 1, 15)),
        ("2024-07-01 10:00:00 UTC", datetime(2024, 7, 1, 10)),
        ("2024-03-31 03:30:00", datetime(2024, 3, 31, 1, 30)),  # skipped: moves forward
        ("2024-10-27 03:30:00", datetime(2024, 10, 27, 0, 30)),  # twice: the first
    ],
)
def test_instants_of_a_zone(text: str, expected: datetime) -> None:
    assert read(text, Type.INSTANT, KYIV) == (expected, False)


@pytest.mark.parametrize(
    "text",
    ["epoch", "infinity", "24-01-05", "2024-02-30", "2024-13-01", "2024-01-05 (BC)", "20240105",
     "2024-01-05 25:00:00", "2024-01-05 10:00:00 Europe/Kyiv", "soon"],
)  # fmt: skip
def test_what_is_no_instant(text: str) -> None:
    assert read(text, Type.INSTANT, KYIV) == (None, True)


@pytest.mark.parametrize(
    ("text", "pattern", "expected"),
    [
        ("5/14/1965", "%m/%d/%Y", date(1965, 5, 14)),
        ("04/08/1966", "%m/%d/%Y", date(1966, 4, 8)),
        ("14.05.1965", "%d.%m.%Y", date(1965, 5, 14)),
        ("5 Jan 2024", "%d %b %Y", date(2024, 1, 5)),
        ("19970101", "%Y%m%d", date(1997, 1, 1)),
        ("1997011", "%Y%m%d", None),
        ("5/14/65", "%m/%d/%Y", None),
        ("2024-01-05", "ISO", date(2024, 1, 5)),
    ],
)
def test_days(text: str, pattern: str, expected: date | None) -> None:
    found = read(text, Type.DATE, ColumnFormat(dates=(pattern,)))
    assert found == (expected, expected is None)


def test_a_day_of_an_instant_with_an_offset_is_local() -> None:
    assert read("2024-07-01T23:30:00Z", Type.DATE, KYIV) == (date(2024, 7, 2), False)


def test_seconds_since_1970_only_when_declared() -> None:
    written = ColumnFormat(epoch="seconds")
    assert read("1704067200", Type.INSTANT, written) == (datetime(2024, 1, 1), False)
    assert read(1704067200000, Type.INSTANT, ColumnFormat(epoch="milliseconds"), pa.int64()) == (
        datetime(2024, 1, 1), False,
    )  # fmt: skip
    assert read("1704067200", Type.INSTANT, PLAIN) == (None, True)


@pytest.mark.parametrize(
    ("value", "kind", "target", "expected"),
    [
        (17850.0, pa.float64(), Type.TEXT, "17850"),
        (17850.5, pa.float64(), Type.TEXT, "17850.5"),
        (float("nan"), pa.float64(), Type.TEXT, None),
        (float("nan"), pa.float64(), Type.MONEY, None),
        (2.55, pa.float64(), Type.MONEY, D("2.55")),
        (3.0, pa.float64(), Type.INTEGER, 3),
        (5, pa.int64(), Type.MONEY, D(5)),
        (1, pa.int64(), Type.BOOLEAN, True),
        (True, pa.bool_(), Type.TEXT, "true"),
        (20240105, pa.int64(), Type.TEXT, "20240105"),
        (date(2024, 7, 1), pa.date32(), Type.INSTANT, datetime(2024, 6, 30, 21)),
        (datetime(2024, 7, 1, 10), pa.timestamp("us"), Type.INSTANT, datetime(2024, 7, 1, 7)),
        (datetime(2024, 7, 1, 1), pa.timestamp("ns"), Type.DATE, date(2024, 7, 1)),
        (
            datetime(2024, 7, 1, 22, tzinfo=UTC),
            pa.timestamp("us", tz="UTC"),
            Type.DATE,
            date(2024, 7, 2),
        ),
    ],
)
def test_typed_columns(value: Any, kind: pa.DataType, target: Type, expected: Any) -> None:
    assert read(value, target, KYIV, kind) == (expected, False)


@pytest.mark.parametrize("target", [Type.INTEGER, Type.NUMBER, Type.MONEY])
def test_infinity_is_unreadable(target: Type) -> None:
    assert read(float("inf"), target, PLAIN, pa.float64()) == (None, True)


def test_hostile_formats_and_values_stay_text() -> None:
    written = ColumnFormat(missing=("'; DROP TABLE x; --",), currency=("')--",))
    assert read("'; DROP TABLE x; --", Type.TEXT, written) == (None, False)
    assert read("5 ')--", Type.MONEY, written) == (D(5), False)


@pytest.mark.parametrize("pattern", ["%Y-%m-%d'; --", "%d.%m", "%Q%Y", "yyyy-mm-dd"])
def test_patterns_are_checked(pattern: str) -> None:
    with pytest.raises(ValueError, match="no date pattern"):
        ColumnFormat(dates=(pattern,))
