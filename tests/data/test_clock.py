"""A day and a time of day in two columns make one instant."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import pyarrow as pa
import pytest

from segmentry.data.load import load
from segmentry.data.source import stage
from segmentry.data.suggest import suggest
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.loading import as_suggested

Columns = dict[str, list[object]]


def loaded(session: DuckDB, columns: Columns) -> list[tuple[object, ...]]:
    staged = stage(session, pa.table(columns))
    mapping = as_suggested("x", suggest(session, staged))
    load(
        session, staged, mapping, timezone="Europe/Kyiv", currency="EUR", rates={},
        loaded_at=datetime(2026, 1, 1),
    )  # fmt: skip
    return session.rows("SELECT order_id, ordered_at FROM orders ORDER BY order_id")


def orders(day: str, days: list[object], clock: str, clocks: list[object]) -> Columns:
    n = len(days)
    ids = [str(each) for each in range(1, n + 1)]
    return {"order_id": ids, "customer_id": ids, day: days, clock: clocks, "amount": ["5.00"] * n}


@pytest.mark.parametrize(
    ("day", "days", "clock", "clocks"),
    [
        ("order_date", ["2024-01-15"], "order_time", ["14:05:33"]),
        ("Date", ["15.01.2024"], "Time", ["14:05:33"]),
        ("Дата", ["15.01.2024"], "Час", ["14:05:33"]),
        ("Дата продажи", ["15.01.2024"], "Время", ["2:05:33 PM"]),
        ("Data", ["15.01.2024"], "Godzina", ["14:05:33"]),
        ("تاریخ", ["۱۴۰۲/۱۰/۲۵"], "ساعت", ["۱۴:۰۵:۳۳"]),
        ("date", [date(2024, 1, 15)], "time", [time(14, 5, 33)]),
    ],
)
def test_day_and_time_are_joined(
    session: DuckDB, day: str, days: list[object], clock: str, clocks: list[object]
) -> None:
    assert loaded(session, orders(day, days, clock, clocks)) == [
        ("1", datetime(2024, 1, 15, 12, 5, 33))
    ]


def test_hours_and_minutes_without_a_mark_and_missing_times(session: DuckDB) -> None:
    table = orders("date", ["2024-07-15"] * 4, "time", ["1405", "905", None, "0:30"])
    assert [at for _, at in loaded(session, table)] == [
        datetime(2024, 7, 15, 11, 5),
        datetime(2024, 7, 15, 6, 5),
        datetime(2024, 7, 14, 21, 0),  # midnight in Kyiv
        datetime(2024, 7, 14, 21, 30),
    ]


def test_what_is_no_time_is_rejected_by_name(session: DuckDB, tmp_path: Path) -> None:
    staged = stage(
        session, pa.table(orders("date", ["2024-07-15"] * 3, "time", ["10:00", "11:00", "12:00"]))
    )
    mapping = suggest(session, staged).mapping
    assert mapping.entities["orders"]["ordered_at"] == ("date", "time")
    again = stage(
        session, pa.table(orders("date", ["2024-07-15"] * 3, "time", ["10:00", "25:00", "12:00"]))
    )
    result = load(
        session, again, mapping, timezone="UTC", currency="EUR", rates={},
        loaded_at=datetime(2026, 1, 1),
    )  # fmt: skip
    assert (result.entities["orders"].accepted, result.entities["orders"].rejected) == (2, 1)
    assert session.rows("SELECT column_name, value FROM rejected_records") == [("time", "25:00")]


def test_a_day_that_says_its_time_stays_alone(session: DuckDB) -> None:
    table = orders("order_date", ["2024-01-15 10:00:00"], "delivery_time", ["14:05"])
    staged = stage(session, pa.table(table))
    assert suggest(session, staged).mapping.entities["orders"]["ordered_at"] == "order_date"


def test_a_time_that_is_called_like_an_instant_gives_way_to_the_day(session: DuckDB) -> None:
    columns = {
        "customer_id": ["1"], "event_name": ["page_view"], "event_time": ["14:05"],
        "event_date": ["2024-01-15"], "page": ["/"], "session_id": ["s"],
    }  # fmt: skip
    staged = stage(session, pa.table(columns))
    assert suggest(session, staged).mapping.entities["events"]["occurred_at"] == (
        "event_date", "event_time",
    )  # fmt: skip
