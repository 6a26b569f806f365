"""The shapes of a column's texts: digits as 9, counted in the engine over all rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from segmentry.data.column_format import TEXT_SOURCE, ColumnFormat
from segmentry.data.convert import FAR_DIGITS, SPACES
from segmentry.engines.duckdb import DuckDB, literal, quote

MOST_SHAPES = 2_000
SAMPLE = 20_000


@dataclass(frozen=True, slots=True)
class Texts:
    """A column of a staged table."""

    session: DuckDB
    table: str
    column: str
    type_name: str = TEXT_SOURCE

    @property
    def sql(self) -> str:
        """The quoted column."""
        return quote(self.column)

    def row(self, select: str, where: str = "true") -> tuple[Any, ...]:
        """The one row of aggregates over the table's rows that meet a condition."""
        statement = f"SELECT {select} FROM {quote(self.table)} WHERE {where}"
        return self.session.rows(statement)[0]

    def first(self, where: str) -> Any:
        """A value that meets a condition, without looking at more rows than needed."""
        return self.session.value(
            f"SELECT {self.sql} FROM {quote(self.table)} WHERE {where} LIMIT 1"
        )


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


def shapes(texts: Texts, where: str) -> list[Shape]:
    """Shapes of the rows that meet a condition, the most frequent first, `MOST_SHAPES` at most."""
    x = f"trim({texts.sql}, {literal(SPACES)})"
    nines = "9" * (len(FAR_DIGITS[0]) + 10)
    shape = f"translate({x}, {literal('0123456789' + FAR_DIGITS[0])}, {literal(nines)})"
    zero = f"regexp_matches({x}, '(^|[^0-9])0[.,]')"
    rows = texts.session.rows(
        f"SELECT {shape}, count(*) AS n, min({x}), bool_or({zero})"
        f" FROM {quote(texts.table)} WHERE {where}"
        f" GROUP BY 1 ORDER BY n DESC, 1 LIMIT {MOST_SHAPES}"
    )
    return [Shape(*row) for row in rows]


def spread(texts: Texts) -> str:
    """A condition that some `SAMPLE` rows meet, spread evenly over the table."""
    rows = texts.row("count(*)")[0]
    return f"rowid % {max(1, rows // SAMPLE)} = 0"


def without_missing(found: Sequence[Shape], written: ColumnFormat) -> list[Shape]:
    """The shapes that are values, not words for missing."""
    words = {each for each in ("", *written.missing) if not any(char.isdigit() for char in each)}
    return [each for each in found if each.text not in words]
