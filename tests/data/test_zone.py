"""Wall-clock time in SQL is wall-clock time in Python."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pyarrow as pa
import pytest

from segmentry.core.time import to_local, to_utc
from segmentry.data.zone import changes, local_of_utc, utc_of_local
from segmentry.engines.duckdb import DuckDB

ZONES = (
    "UTC", "Europe/Kyiv", "Europe/Warsaw", "America/New_York", "Asia/Tehran", "Asia/Kolkata",
    "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "Asia/Tokyo",
)  # fmt: skip


def moments(timezone: str) -> list[datetime]:
    """Around every change of the zone, and at random."""
    draw = random.Random(1)
    found = [
        datetime(1970, 1, 2) + timedelta(seconds=draw.randrange(79 * 365 * 86_400))
        for _ in range(2_000)
    ]
    for when, before, after in changes(timezone)[1]:
        if when.year >= 1970:
            for offset in (before, after):
                edge = when + timedelta(seconds=offset)
                found += [edge + timedelta(seconds=s) for s in (-3601, -1, 0, 1, 1799, 3600)]
    return found


@pytest.mark.parametrize("timezone", ZONES)
def test_both_ways_agree_with_python(timezone: str) -> None:
    given = moments(timezone)
    with DuckDB() as session:
        rows = pa.table({"t": pa.array(given, pa.timestamp("us"))})
        with session.registered("moments", rows):
            found = session.rows(
                f"SELECT t, {utc_of_local('t', timezone)}, {local_of_utc('t', timezone)}"
                " FROM moments"
            )
    assert [(t, u) for t, u, _ in found] == [(t, to_utc(t, timezone)) for t in given]
    assert [(t, w) for t, _, w in found] == [(t, to_local(t, timezone)) for t in given]
