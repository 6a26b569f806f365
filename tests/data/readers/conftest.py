"""A session, and a quick way to stage what a test writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from segmentry.data.source import ReadOptions, Staged, stage
from segmentry.engines.duckdb import DuckDB, quote


class Bench:
    """Stages sources and shows what came of them; every source must keep the identity."""

    def __init__(self, session: DuckDB, folder: Path) -> None:
        self.session = session
        self.folder = folder

    def write(self, content: bytes | str, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def stage(self, source: Any, **options: Any) -> Staged:
        staged = stage(self.session, source, ReadOptions(**options))
        rows = self.session.value(f"SELECT count(*) FROM {quote(staged.table)}")
        assert staged.records == rows + len(staged.malformed)
        return staged

    def text(self, content: bytes | str, name: str = "file.csv", **options: Any) -> Staged:
        return self.stage(self.write(content, name), **options)

    def rows(self, staged: Staged) -> list[tuple[Any, ...]]:
        """The staged rows; instants with a zone as naive UTC, as everywhere in the program."""
        values = ", ".join(
            f"timezone('UTC', {quote(each.name)})"
            if "TIME ZONE" in each.type_name
            else quote(each.name)
            for each in staged.columns
        )
        return self.session.rows(
            f"SELECT {values} FROM {quote(staged.table)} ORDER BY {staged.record_no}"
        )

    def numbers(self, staged: Staged) -> list[int]:
        found = self.session.rows(
            f"SELECT {staged.record_no} FROM {quote(staged.table)} ORDER BY 1"
        )
        return [number for (number,) in found]


@pytest.fixture(scope="session")
def session() -> Iterator[DuckDB]:
    with DuckDB(threads=2) as opened:
        yield opened


@pytest.fixture
def bench(session: DuckDB, tmp_path: Path) -> Bench:
    return Bench(session, tmp_path)
