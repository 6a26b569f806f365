"""Scores of models: kept as of instants, and read by rules as a fact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest

from segmentry.core.time import AsOf
from segmentry.data import scores
from segmentry.data.changes import changes_since, last_change, whose
from segmentry.data.tables import make_tables
from segmentry.engines.duckdb import DuckDB

NOW = datetime(2026, 1, 1)
MAY, JUNE = AsOf.parse("2025-05-01", "Europe/Kyiv"), AsOf.parse("2025-06-01", "Europe/Kyiv")


@pytest.fixture
def desk(session: DuckDB) -> DuckDB:
    make_tables(session)
    return session


def given(**columns: list[float | None]) -> pa.Table:
    size = len(next(iter(columns.values())))
    return pa.table({"customer_no": list(range(1, size + 1))} | columns)


def held(desk: DuckDB) -> list[tuple[Any, ...]]:
    return desk.rows("SELECT customer_no, name, value FROM scores ORDER BY scored_at, name, 1")


def test_a_score_bears_the_last_moment_that_it_knows_of(desk: DuckDB):
    merged = scores.keep(desk, "clv", MAY, given(clv=[1.5, None], clv_alive=[0.5, 0.25]), NOW)
    assert (merged.added, merged.updated) == (3, 0)
    assert held(desk) == [(1, "clv", 1.5), (1, "clv_alive", 0.5), (2, "clv_alive", 0.25)]
    [(at, day, hour)] = desk.rows("SELECT DISTINCT scored_at, scored_on, scored_hour FROM scores")
    assert (str(at), str(day), hour) == ("2025-04-30 20:59:59.999999", "2025-04-30", 23)
    assert scores.scored_at(desk, "clv", MAY) == MAY.instant
    assert scores.scored_at(desk, "clv", AsOf.parse("2025-04-30", "Europe/Kyiv")) is None


def test_equal_scores_change_nothing(desk: DuckDB):
    for _ in range(2):
        merged = scores.keep(desk, "clv", MAY, given(clv=[1.5, 2.5]), NOW)
    assert (merged.accepted, merged.unchanged) == (0, 2)
    assert desk.rows("SELECT source, entity, accepted FROM loads") == [("model clv", "scores", 2)]


def test_scores_of_the_same_instant_are_replaced_and_others_stay(desk: DuckDB):
    scores.keep(desk, "clv", MAY, given(clv=[1.0, 2.0, 3.0]), NOW)
    scores.keep(desk, "churn", MAY, given(churn=[0.1, 0.2, 0.3]), NOW)
    since = last_change(desk)
    scores.keep(desk, "clv", MAY, given(clv=[1.0, 5.0, None]), NOW)
    scores.keep(desk, "clv", JUNE, given(clv=[7.0]), NOW)
    assert [row[2] for row in held(desk) if row[1] == "clv"] == [1.0, 5.0, 7.0]
    assert [row[2] for row in held(desk) if row[1] == "churn"] == [0.1, 0.2, 0.3]
    assert {each.relation for each in changes_since(desk, since)} == {"scores"}
    assert sorted(whose(desk, ["scores"], since)) == [2, 3]


def test_there_is_no_fact_before_the_first_score(desk: DuckDB):
    assert not scores.known(desk)
    scores.keep(desk, "clv", MAY, given(clv=[None]), NOW)
    assert not scores.known(desk)
    assert desk.rows("SELECT count(*) FROM loads") == [(0,)]
    scores.keep(desk, "clv", MAY, given(clv=[1.0]), NOW)
    assert scores.known(desk)
