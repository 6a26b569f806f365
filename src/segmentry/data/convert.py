"""From a staged column to a typed value: SQL from fixed templates, escaped in one place."""

from __future__ import annotations

from segmentry.core.types import Type
from segmentry.data.format import ColumnFormat


def conversion(column_sql: str, source_type: str, target: Type, format: ColumnFormat) -> str:  # noqa: A002
    """SQL of the typed value; NULL where the text is missing or cannot be read.

    Args:
        column_sql: The quoted column.
        source_type: The engine's type of the staged column.
        target: The type wanted.
        format: How the text is written, from `resolve`.
    """
    raise NotImplementedError


def unreadable(column_sql: str, source_type: str, target: Type, format: ColumnFormat) -> str:  # noqa: A002
    """SQL condition, never NULL: there is a value but it cannot be read as `target`."""
    raise NotImplementedError
