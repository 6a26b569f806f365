"""Plural forms of the five languages, after the Unicode CLDR plural rules.

A message that counts something has one text per category; these functions say which category a
number belongs to. A number with a fraction part (1.5) is never "1" or "2" in the Slavic
languages: it has the category `other`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

Count = int | float | Decimal


def _english(count: Count) -> str:
    return "one" if count == 1 else "other"


def _east_slavic(count: Count) -> str:
    """Ukrainian and Russian: 1, 21 are one; 2-4, 22-24 few; 0, 5-20, 25 many; 1.5 other."""
    if count != int(count):
        return "other"
    tens, ones = abs(int(count)) % 100, abs(int(count)) % 10
    if ones == 1 and tens != 11:
        return "one"
    return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"


def _polish(count: Count) -> str:
    """As the east, but only 1 itself is one: 21 is many."""
    if count != int(count):
        return "other"
    tens, ones = abs(int(count)) % 100, abs(int(count)) % 10
    if abs(int(count)) == 1:
        return "one"
    return "few" if 2 <= ones <= 4 and not 12 <= tens <= 14 else "many"


def _persian(count: Count) -> str:
    """From 0 to 1, both ends included, is one."""
    return "one" if -1 <= count <= 1 else "other"


RULES: Final[Mapping[str, Callable[[Count], str]]] = {
    "en": _english,
    "uk": _east_slavic,
    "ru": _east_slavic,
    "pl": _polish,
    "fa": _persian,
}

CATEGORIES: Final[Mapping[str, frozenset[str]]] = {
    "en": frozenset({"one", "other"}),
    "uk": frozenset({"one", "few", "many", "other"}),
    "ru": frozenset({"one", "few", "many", "other"}),
    "pl": frozenset({"one", "few", "many", "other"}),
    "fa": frozenset({"one", "other"}),
}
"""The categories a counting message must have in each language: no more, no fewer."""
