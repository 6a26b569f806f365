"""Whether a name or a value gives a special category away."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from segmentry.data.sensitive.plain_text import plain_words
from segmentry.data.sensitive.words import ONLY_BESIDE, Category, words

LEAST_SHARE = 0.3
"""Of a column's different values, the share that must belong to one category …"""
LEAST_VALUES = 2
"""… and how many must; one is enough where it is at least half of them."""


@lru_cache(maxsize=4096)
def category_of_name(name: str, *, of_person: bool = True) -> str | None:
    """The special category that a name of a column, a question or an event speaks of, if any.

    Case, accents, spelling variants and the way words are joined do not matter.

    Args:
        of_person: Whether the name is of something about people; a parcel has a weight too.

    >>> category_of_name("politicalParty"), category_of_name("birthday_party")
    ('political', None)
    >>> category_of_name("weight_kg"), category_of_name("weight_kg", of_person=False)
    ('health', None)
    """
    known = words()
    whole = " ".join(known.abbreviations.get(word, word) for word in plain_words(name).split())
    plain = known.harmless_names.sub("·", whole)
    for told, beside in known.harmless_beside:
        if beside.search(plain):
            plain = told.sub("·", plain)
    for each in known.categories:
        if each.names.search(plain):
            return each.name
        if of_person and _of_person(each, plain, whole):
            return each.name
    return None


def _of_person(category: Category, plain: str, whole: str) -> bool:
    return bool(
        category.person.search(plain)
        or category.together.match(plain)
        or category.whole.fullmatch(whole)
    )


def category_of_value(value: str) -> str | None:
    """The special category that a value belongs to, if any; a longer text belongs to none.

    >>> category_of_value("Roman Catholic"), category_of_value("Asian noodles")
    ('beliefs', None)
    """
    known = words()
    plain = plain_words(value)
    if known.harmless_values.fullmatch(plain) or ONLY_BESIDE.fullmatch(plain):
        return None
    return next((each.name for each in known.categories if each.values.fullmatch(plain)), None)


def category_of_values(values: Iterable[str]) -> str | None:
    """The special category that a column's different values belong to, if enough of them do."""
    found: dict[str, int] = {}
    total = 0
    for value in values:
        total += 1
        if category := category_of_value(value):
            found[category] = found.get(category, 0) + 1
    best = max(found, key=lambda each: found[each], default=None)
    if best is None or found[best] < LEAST_SHARE * total:
        return None
    return best if found[best] >= LEAST_VALUES or 2 * found[best] >= total else None
