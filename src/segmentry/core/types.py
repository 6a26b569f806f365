"""The types a value can have, in every room and on every engine."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

MONEY_PLACES = 4
"""Decimal places that money keeps."""

Value = str | int | float | Decimal | bool | date | datetime | None
"""A value as Python sees it. `None` is a missing value."""


class Type(StrEnum):
    """Type of a value. Instants are UTC and naive; money is a decimal with four places."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"
    BOOLEAN = "boolean"
    DATE = "date"
    INSTANT = "instant"

    @property
    def is_numeric(self) -> bool:
        """Whether arithmetic and order by size make sense."""
        return self in (Type.INTEGER, Type.NUMBER, Type.MONEY)

    @property
    def is_temporal(self) -> bool:
        """Whether it is a day or an instant."""
        return self in (Type.DATE, Type.INSTANT)
