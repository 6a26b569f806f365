"""Every file of the corpus is loaded with its records accounted for, or refused and nothing kept."""

from __future__ import annotations

import runpy
from datetime import datetime
from pathlib import Path

import pytest

from segmentry.core.errors import InputError, UsageError
from segmentry.data.load import LoadResult, load
from segmentry.data.source import stage
from segmentry.data.suggest import suggest
from segmentry.data.tables import TABLES, make_tables
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.loading import as_suggested

MAKE = runpy.run_path(str(Path(__file__).with_name("make.py")))
TERMS = {"timezone": "Europe/Kyiv", "currency": "UAH", "rates": {}}
AT = datetime(2026, 11, 1)
PARTS = 4
"""Into so many the files are divided, for processes to share them."""


def loaded(session: DuckDB, path: Path) -> LoadResult:
    """Load a file as it is suggested."""
    staged = stage(session, path)
    try:
        mapping = as_suggested(staged.origin, suggest(session, staged))
        return load(session, staged, mapping, loaded_at=AT, **TERMS)
    finally:
        staged.drop(session)


def rows(session: DuckDB) -> dict[str, int]:
    return {name: session.value(f"SELECT count(*) FROM {name}") for name in TABLES}


def outcome(path: Path) -> str:
    with DuckDB(threads=1) as session:
        make_tables(session)
        try:
            first = loaded(session, path)
        except (InputError, UsageError) as error:
            kept = any(rows(session).values())
            return "something kept" if kept else "refused" if error.message else "no message"
        for name, each in first.entities.items():
            if each.records != each.accepted + each.unchanged + each.rejected:
                return f"{name} lost records"
        refused = sum(each.rejected for each in first.entities.values())
        told = session.value(
            "SELECT count(*) FROM (SELECT DISTINCT entity, record_no FROM rejected_records)"
        )
        if told < refused:
            return f"{refused} rejected, {told} explained"
        before = rows(session)
        again = loaded(session, path)
        if rows(session) != before or any(each.accepted for each in again.entities.values()):
            return "a second load changed something"
        return "loaded"


@pytest.mark.parametrize("part", range(PARTS))
def test_records_are_accounted_for_and_a_second_load_changes_nothing(
    tmp_path: Path, part: int
) -> None:
    names = list(MAKE["make"](tmp_path))
    assert len(names) >= 300
    outcomes = {name: outcome(tmp_path / name) for name in names[part::PARTS]}
    assert set(outcomes.values()) == {"loaded", "refused"}, outcomes
    assert sum(each == "loaded" for each in outcomes.values()) >= 120 / PARTS
    assert sum(each == "refused" for each in outcomes.values()) >= 40 / PARTS
