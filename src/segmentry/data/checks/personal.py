"""Columns that name or find a person; their values are masked wherever rows are shown."""

from __future__ import annotations

PERSONAL = frozenset(
    {
        "email", "phone", "name", "first_name", "last_name", "birth_on", "postal_code", "address",
        "street",
    }
)  # fmt: skip
"""Columns whose values are masked in samples."""


def mask(value: object) -> object:
    """A personal value with all but its first character hidden; missing stays missing.

    >>> mask("olena@example.org")
    'o…'
    """
    return None if value is None else f"{str(value)[:1]}…"


__all__ = ["PERSONAL", "mask"]
