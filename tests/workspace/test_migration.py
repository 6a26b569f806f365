"""A catalogue of an earlier version opens with everything it held."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pytest

from segmentry.workspace import migration
from segmentry.workspace.catalogue import Catalogue

FIRST = """
CREATE TABLE segment_version (
    name VARCHAR NOT NULL, version INTEGER NOT NULL, rule TEXT NOT NULL, label TEXT NOT NULL,
    saved_at DATETIME NOT NULL, removed BOOLEAN NOT NULL, PRIMARY KEY (name, version));
CREATE TABLE run (
    id INTEGER NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL, as_of VARCHAR, status VARCHAR NOT NULL,
    started_at DATETIME NOT NULL, ended_at DATETIME, problem TEXT);
CREATE TABLE run_step (
    run_id INTEGER NOT NULL, name VARCHAR NOT NULL, status VARCHAR NOT NULL, seconds FLOAT,
    rows INTEGER, problem TEXT, PRIMARY KEY (run_id, name));
INSERT INTO segment_version VALUES
    ('vip', 1, 'frequency > 3', 'VIP', '2024-01-01 10:00:00.000000', 0),
    ('vip', 2, 'frequency > 5', 'VIP', '2024-02-01 10:00:00.000000', 0),
    ('gone', 1, 'frequency > 1', '', '2024-01-01 10:00:00.000000', 0),
    ('gone', 2, 'frequency > 1', '', '2024-01-02 10:00:00.000000', 1);
INSERT INTO run VALUES (1, 'refresh', NULL, 'done', '2024-01-01 10:00:00.000000', NULL, '');
PRAGMA user_version=1;
"""


def test_segments_and_runs_of_the_first_version_are_kept(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "catalogue.sqlite") as old:
        old.executescript(FIRST)
    for _ in range(2):
        catalogue = Catalogue(tmp_path / "catalogue.sqlite")
        [vip] = catalogue.declared("segment")
        assert (vip.name, vip.version, vip.saved_at) == ("vip", 2, datetime(2024, 2, 1, 10))
        assert vip.body == {"rule": "frequency > 5", "label": "VIP"}
        assert [each.removed for each in catalogue.versions("segment", "gone")] == [False, True]
        assert catalogue.runs.latest()[0]["kind"] == "refresh"
        catalogue.close()


def test_a_step_that_is_cut_off_has_not_begun(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "catalogue.sqlite"
    with sqlite3.connect(file) as old:
        old.executescript(FIRST)

    def cut_off(_: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("alembic.op.drop_table", cut_off)
        with pytest.raises(KeyboardInterrupt):
            Catalogue(file)
    with sqlite3.connect(file) as after:
        tables = {name for (name,) in after.execute("SELECT name FROM sqlite_master")}
    assert "declaration" not in tables
    catalogue = Catalogue(file)
    assert [each.name for each in catalogue.declared("segment")] == ["vip"]
    catalogue.close()


def test_the_newest_step_is_the_head() -> None:
    steps = files("segmentry.workspace") / "migrations" / "versions"
    assert max(each.name[:4] for each in steps.iterdir() if each.name[0] == "0") == migration.HEAD
