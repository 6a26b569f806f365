"""How text becomes a value: the declared format of one column."""

from __future__ import annotations

import re
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from segmentry.core.time import zone
from segmentry.core.types import Type
from segmentry.data.month_names import Calendar

MISSING_WORDS = (
    "", "NULL", "null", "Null", "N/A", "n/a", "#N/A", "NA", "NaN", "nan", "None", "none", "nil",
    "-", "--", "—", "\\N", "(null)", "<NA>", "NaT",
)  # fmt: skip
"""Texts that stand for "not known", after trimming."""

ISO = "ISO"
"""Stands for every form of ISO 8601 among date patterns."""
PATTERN = re.compile(r"(?:%[YymdHMSIpbBf]|[ ,./:\-T])+")


class ColumnFormat(BaseModel):
    """How the text of one column is read. Typed columns use `timezone` and `epoch` only.

    Args:
        kind: What the values are.
        decimal: Decimal mark.
        thousands: Mark between groups of three digits; a space stands for every kind of space.
        dates: Patterns as in `%d.%m.%Y %H:%M`, or `ISO`; one digit or two both fit. Empty: ISO.
            Instants in ISO 8601 with an offset are read beside any pattern.
        timezone: Zone of instants without an offset; empty: the workspace's.
        currency: Signs or codes written beside amounts.
        calendar: Calendar of the days in `dates`.
        months: Whether names of months are English only (`%b`, `%B`), or of any of our languages,
            in any form (`%B`).
        digits: Whether digits are 0–9 only, or Persian and Arabic ones too. (Numbers may always be
            written in them.)
        epoch: Numbers are seconds or milliseconds since 1970.
        percent: Numbers may end in `%` and are then divided by 100.
        whole: Texts like `17850.0` are ids that some program made into numbers; read as `17850`.
        missing: Texts that stand for a missing value.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Type = Type.TEXT
    decimal: Literal[".", ","] = "."
    thousands: Literal["", ",", ".", " ", "'"] = ""
    dates: tuple[str, ...] = ()
    timezone: str = ""
    currency: tuple[str, ...] = ()
    calendar: Calendar = "gregorian"
    months: Literal["english", "any"] = "english"
    digits: Literal["plain", "any"] = "plain"
    epoch: Literal["seconds", "milliseconds"] | None = None
    percent: bool = False
    whole: bool = False
    missing: tuple[str, ...] = MISSING_WORDS

    @field_validator("dates")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if pattern == ISO:
                continue
            if not PATTERN.fullmatch(pattern) or ("%Y" not in pattern and "%y" not in pattern):
                raise ValueError(
                    f"`{pattern}` is no date pattern; use ISO, %Y %y %m %d %b %B %H %I %M %S %p %f"
                )
        return patterns

    @field_validator("timezone")
    @classmethod
    def _zone(cls, name: str) -> str:
        if name:
            zone(name)
        return name


TEXT_SOURCE = "VARCHAR"
"""The engine's type of columns that hold text as written."""

TYPED = (
    ("DECIMAL", Type.NUMBER), ("DOUBLE", Type.NUMBER), ("FLOAT", Type.NUMBER),
    ("BOOLEAN", Type.BOOLEAN), ("DATE", Type.DATE), ("TIMESTAMP", Type.INSTANT),
    ("BIGINT", Type.INTEGER), ("INTEGER", Type.INTEGER), ("SMALLINT", Type.INTEGER),
    ("TINYINT", Type.INTEGER), ("UINTEGER", Type.INTEGER), ("USMALLINT", Type.INTEGER),
    ("UTINYINT", Type.INTEGER),
)  # fmt: skip
"""Kinds of the engine's types, for extra columns of sources that are typed themselves."""


def type_of(type_name: str) -> Type:
    """What the values of a column of an engine's type are; text when it is none of ours."""
    return next((kind for start, kind in TYPED if type_name.startswith(start)), Type.TEXT)
