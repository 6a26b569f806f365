"""A session to load into, a way to load rows, and what stands in the tables afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from segmentry.data.load import LoadResult, load
from segmentry.data.mapping import Mapping as SourceMapping
from segmentry.data.source import stage
from segmentry.data.tables import TABLES
from segmentry.engines.duckdb import DuckDB

LOADED_AT = datetime(2026, 1, 1)
Rows = Sequence[Mapping[str, Any]] | pa.Table
State = dict[str, list[tuple[Any, ...]]]
Load = Callable[..., LoadResult]
PLACES = ("customer_no", "load_id")
"""Columns that depend on the order of loads."""


@pytest.fixture
def session() -> Iterator[DuckDB]:
    with DuckDB(threads=2) as opened:
        yield opened


@pytest.fixture
def load_rows(session: DuckDB) -> Load:
    """Load rows, with a mapping given as its fields."""

    def run(
        rows: Rows,
        *,
        into: DuckDB = session,
        timezone: str = "UTC",
        currency: str = "EUR",
        rates: Mapping[str, Decimal] | None = None,
        **mapping: Any,
    ) -> LoadResult:
        table = rows if isinstance(rows, pa.Table) else pa.Table.from_pylist(list(rows))
        staged = stage(into, table)
        try:
            return load(
                into,
                staged,
                SourceMapping(**mapping),
                timezone=timezone,
                currency=currency,
                rates=rates or {},
                loaded_at=LOADED_AT,
            )
        finally:
            staged.drop(into)

    return run


@pytest.fixture
def state() -> Callable[[DuckDB], State]:
    """All rows of all tables, in no order, with customers by id: what must not depend on order."""

    def read(session: DuckDB) -> State:
        found: State = {}
        for name in TABLES:
            columns = [each for each in session.columns(name) if each not in PLACES]
            listed = ", ".join(f't."{each}"' for each in columns)
            join = ""
            if name != "customers" and "customer_no" in session.columns(name):
                listed, join = (
                    f"c.customer_id, {listed}",
                    "LEFT JOIN customers c USING (customer_no)",
                )
            rows = session.rows(f"SELECT {listed} FROM {name} t {join}")
            found[name] = sorted(rows, key=repr)
        return found

    return read


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; tests that need it are skipped where it is not."""
    beside = Path(__file__).parents[2].parent / "shared" / "data"
    folder = Path(os.environ.get("SEGMENTRY_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip("SEGMENTRY_SHARED_DATA names no folder")
    return folder
