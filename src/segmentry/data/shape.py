"""The shapes of a column's texts: digits as 9, counted in the engine over all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from segmentry.data.column_format import ColumnFormat
from segmentry.data.convert import FAR_DIGITS, SPACES
from segmentry.engines.duckdb import DuckDB, literal, quote

MOST_SHAPES = 2_000


@dataclass(frozen=True, slots=True)
class Shape:
    """Texts that are alike but for their digits, signs and letters kept.

    Args:
        text: The text with every digit as 9.
        rows: How many rows have it.
        example: One of them.
        leading_zero: Whether a zero stands right before a decimal or grouping mark in some.
    """

    text: str
    rows: int
    example: str
    leading_zero: bool


def shapes(session: DuckDB, table: str, column: str, where: str) -> tuple[list[Shape], int]:
    """Shapes of the rows that meet a condition, the most frequent first, and how many rows.

    Beyond `MOST_SHAPES` the rare ones are left out of the list, not of the number.
    """
    x = f"trim({quote(column)}, {literal(SPACES)})"
    nines = "9" * (len(FAR_DIGITS[0]) + 10)
    shape = f"translate({x}, {literal('0123456789' + FAR_DIGITS[0])}, {literal(nines)})"
    zero = f"regexp_matches({x}, '(^|[^0-9])0[.,]')"
    rows = session.rows(
        f"SELECT {shape}, count(*) AS n, min({x}), bool_or({zero}), sum(count(*)) OVER ()"
        f" FROM {quote(table)} WHERE {where} GROUP BY 1 ORDER BY n DESC, 1 LIMIT {MOST_SHAPES}"
    )
    return [Shape(*row[:4]) for row in rows], int(rows[0][4]) if rows else 0


def without_missing(found: Sequence[Shape], written: ColumnFormat) -> tuple[list[Shape], int]:
    """The shapes that are values, and how many rows hold a word for missing instead."""
    words = {each for each in ("", *written.missing) if not any(char.isdigit() for char in each)}
    values = [each for each in found if each.text not in words]
    return values, sum(each.rows for each in found if each.text in words)
