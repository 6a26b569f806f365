"""A table of customers in an engine, and the same rows in Python to count by hand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from segmentry.engines.duckdb import DuckDB

Row = dict[str, Any]
COUNTRIES = {"UA": ("Lviv", "Kyiv", "Odesa"), "PL": ("Gdynia", "Radom"), None: (None,)}


@pytest.fixture
def engine() -> Iterator[DuckDB]:
    with DuckDB() as opened:
        yield opened


def put(engine: DuckDB, name: str, rows: list[Row]) -> None:
    """Make a table of rows."""
    with engine.registered("given", pa.Table.from_pylist(rows)):
        engine.create(name, "FROM given")


@pytest.fixture(params=[1, 2, 3])
def base(request: pytest.FixtureRequest, engine: DuckDB) -> list[Row]:
    """Some hundred customers at random, also as the table `base`."""
    draw = random.Random(request.param)
    rows = []
    for number in range(draw.randrange(50, 400)):
        country = draw.choice(list(COUNTRIES))
        rows.append(
            {
                "customer_no": number,
                "stage": draw.choice(("new", "old", "old", None)),
                "size": draw.choice(("big", "small")),
                "country": country,
                "city": draw.choice(COUNTRIES[country]),
                "frequency": draw.randrange(5),
                "monetary": Decimal(draw.randrange(0, 50_000)) / 100,
                "age": draw.choice((None, draw.randrange(18, 80))),
                "one": draw.random() < 0.5,
                "two": draw.random() < 0.3,
                "three": draw.random() < 0.1,
            }
        )
    put(engine, "base", rows)
    return rows
