"""How text becomes a value: the format of a column, declared or found in all its rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict

from segmentry.core.types import Type
from segmentry.data.staged import ReadOptions, Staged
from segmentry.engines.duckdb import DuckDB

MISSING_WORDS = (
    "", "NULL", "null", "Null", "N/A", "n/a", "#N/A", "NA", "NaN", "nan", "None", "none", "nil",
    "-", "--", "—", "\\N", "(null)", "<NA>", "NaT",
)  # fmt: skip
"""Texts that stand for "not known", after trimming."""


class ColumnFormat(BaseModel):
    """How the text of one column is read. Typed columns use `timezone` and `missing` only.

    Args:
        kind: What the values are.
        decimal: Decimal mark.
        thousands: Mark between groups of three digits; a space stands for every kind of space.
        dates: Patterns as in `%d.%m.%Y %H:%M`; one digit or two both fit. Empty: ISO 8601.
        timezone: Zone of instants without an offset; empty: the workspace's.
        currency: Signs or codes written beside amounts.
        epoch: Numbers are seconds or milliseconds since 1970.
        percent: Numbers end in `%` and are divided by 100.
        missing: Texts that stand for a missing value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Type = Type.TEXT
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    dates: tuple[str, ...] = ()
    timezone: str = ""
    currency: tuple[str, ...] = ()
    epoch: Literal["seconds", "milliseconds"] | None = None
    percent: bool = False
    missing: tuple[str, ...] = MISSING_WORDS


@dataclass(frozen=True, slots=True)
class Inference:
    """What the rows of a column say about its format.

    Args:
        format: The one format that fits; `None` when several fit equally.
        ambiguous: The formats that fit equally, when there are several.
        present: Rows with a value.
        readable: Of these, rows the format can read (the first of `ambiguous`, if several).
        examples: Values that show the choice, or that cannot be read.
        notices: What people should know (ids written as floats, …).
    """

    format: ColumnFormat | None
    ambiguous: tuple[ColumnFormat, ...] = ()
    present: int = 0
    readable: int = 0
    examples: tuple[str, ...] = ()
    notices: tuple[str, ...] = field(default=())


def infer(
    session: DuckDB, staged: Staged, column: str, target: Type, options: ReadOptions | None = None
) -> Inference:
    """The format in which `column` holds values of type `target`, from all its rows.

    What `options` declares (decimal mark, date order, zone) is taken as given.
    """
    raise NotImplementedError


def resolve(
    session: DuckDB,
    staged: Staged,
    column: str,
    target: Type,
    *,
    declared: ColumnFormat | None = None,
    options: ReadOptions | None = None,
    timezone: str = "UTC",
) -> ColumnFormat:
    """The format to read a column with: as declared, else as its rows say. The zone is filled in.

    Raises:
        AmbiguousInputError: The rows allow several readings and nothing was declared.
    """
    raise NotImplementedError
