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


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each file: `loaded`, `refused`, or what went wrong."""
    folder = tmp_path_factory.mktemp("corpus")
    return {name: outcome(folder / name) for name in MAKE["make"](folder)}


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


def test_records_are_accounted_for_and_a_second_load_changes_nothing(
    outcomes: dict[str, str],
) -> None:
    wrong = {name: each for name, each in outcomes.items() if each not in {"loaded", "refused"}}
    assert wrong == {}


def test_the_corpus_has_files_of_both_kinds(outcomes: dict[str, str]) -> None:
    assert len(outcomes) >= 300
    assert sum(each == "loaded" for each in outcomes.values()) >= 120
    assert sum(each == "refused" for each in outcomes.values()) >= 40
