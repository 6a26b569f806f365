"""Income, household and children: plain numbers where all are numbers, bands as they are."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from segmentry.data.load import LoadResult
from segmentry.engines.duckdb import DuckDB

Load = Callable[..., LoadResult]
CUSTOMERS = {"customers": {"customer_id": "id", "income": "income"}}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["$90,000 ", "$60,000 "], ["90000", "60000"]),
        (["90 000,50 грн", "1 200 грн"], ["90000.5", "1200"]),
        (["۹۰٬۰۰۰", "5"], ["90000", "5"]),
        (["90000.00", None, "12.34"], ["90000", None, "12.34"]),
        (["35-49K", "Under 15K"], ["35-49K", "Under 15K"]),
        (["1", "2", "3+"], ["1", "2", "3+"]),
        (["1,234", "2,345"], ["1,234", "2,345"]),  # thousands or thousandths: nobody knows
        (["100", "0", "-5"], ["100", "0", "-5"]),
        (["N/A", None], [None, None]),
    ],
)
def test_numbers_are_plain_and_bands_stay(
    session: DuckDB, load_rows: Load, given: list[str | None], kept: list[str | None]
) -> None:
    load_rows([{"id": str(n), "income": each} for n, each in enumerate(given)], entities=CUSTOMERS)
    assert session.rows("SELECT income FROM customers ORDER BY customer_id") == [
        (each,) for each in kept
    ]


def test_columns_of_numbers_are_plain_too(session: DuckDB, load_rows: Load) -> None:
    load_rows([{"id": "1", "income": 58138.0}, {"id": "2", "income": 5.5}], entities=CUSTOMERS)
    assert session.rows("SELECT income FROM customers ORDER BY customer_id") == [
        ("58138",),
        ("5.5",),
    ]
