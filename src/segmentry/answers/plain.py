"""Answers as plain documents: what JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

Document = dict[str, Any]
"""What was found out; becomes JSON as it is."""


def plain(value: Any) -> Any:
    """A value as JSON can hold it; instants must have been placed in a zone before.

    >>> plain({"amount": Decimal("1.50"), "on": date(2024, 5, 1)})
    {'amount': 1.5, 'on': '2024-05-01'}
    """
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            return [plain(each) for each in value]
        case str() | int() | float() | bool() | None:
            return value
        case _:
            return str(value)


def instant(moment: datetime | None, timezone: str = "UTC") -> str | None:
    """A naive UTC instant as ISO text with the offset of a zone.

    >>> instant(datetime(2024, 5, 1, 10), "Europe/Kyiv")
    '2024-05-01T13:00:00+03:00'
    """
    if moment is None:
        return None
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).isoformat()


def placed(value: Any, timezone: str) -> Any:
    """A value of a fact's row for people and JSON: instants in the workspace's zone."""
    return instant(value, timezone) if isinstance(value, datetime) else value
