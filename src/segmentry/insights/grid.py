"""The RFM grid: customers and money by recency and frequency score, and what the scores mean."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from segmentry.engines.duckdb import DuckDB, quote

SCORES = ("r_score", "f_score", "m_score")


@dataclass(frozen=True)
class Cell:
    """The customers with one recency and one frequency score."""

    r_score: int
    f_score: int
    customers: int
    revenue_amount: Decimal


@dataclass(frozen=True)
class Span:
    """The smallest and largest value that got a score; `None` when nobody has it."""

    score: int
    recency_days: tuple[int, int] | None
    frequency: tuple[int, int] | None
    monetary: tuple[Decimal, Decimal] | None


def cells(engine: DuckDB, table: str) -> list[Cell]:
    """The cells that have customers, from a table with one row per customer."""
    return [
        Cell(*row)
        for row in engine.rows(
            f"SELECT r_score, f_score, count(*), sum(monetary) FROM {quote(table)}"
            " WHERE r_score IS NOT NULL GROUP BY ALL ORDER BY ALL"
        )
    ]


def spans(engine: DuckDB, table: str, bins: int, monetary: str = "monetary") -> list[Span]:
    """What each score means in days, orders and money."""
    found = {
        column: {
            score: (low, high)
            for score, low, high in engine.rows(
                f"SELECT {letter}_score, min({quote(column)}), max({quote(column)})"
                f" FROM {quote(table)} WHERE {letter}_score IS NOT NULL GROUP BY ALL"
            )
        }
        for letter, column in (("r", "recency_days"), ("f", "frequency"), ("m", monetary))
    }
    return [
        Span(
            score,
            found["recency_days"].get(score),
            found["frequency"].get(score),
            found[monetary].get(score),
        )
        for score in range(bins, 0, -1)
    ]
