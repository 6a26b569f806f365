"""Names of people made comparable: scripts, spellings, order, initials and nicknames.

Ukrainian, Russian, Polish and English ways of writing one name lead to one folded form:

>>> fold("Шевченко"), fold("Shevchenko"), fold("Szewczenko")
('sevcenko', 'sevcenko', 'sevcenko')

A folded form is for comparing only; people read the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

CYRILLIC = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie", "ж": "zh",
        "з": "z", "и": "y", "і": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch",
        "ш": "sh", "щ": "shch", "ь": "", "ъ": "", "ы": "y", "э": "e", "ю": "iu", "я": "ia",
        "ł": "l", "ß": "ss", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "’": "", "'": "",
    }
)  # fmt: skip
"""Letters that have no decomposition into a Latin letter and a mark."""

SPELLINGS = tuple(
    (re.compile(pattern), folded)
    for pattern, folded in (
        ("shch|szcz|sch", "s"), ("zh|rz", "z"), ("kh", "h"), ("tch|cz|ch|ts|tz", "c"),
        ("sh|sz", "s"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("w", "v"), ("x", "ks"), ("q", "k"),
        ("g", "h"), ("[yj]", "i"), ("(?<=.)i+([aou])", r"\1"), ("i+e", "e"), (r"(.)\1+", r"\1"),
    )
)  # fmt: skip
"""One sound, written in the way of one language or another, as one letter; in this order."""

PATRONYMIC = re.compile("(ovic|evic|ic|ovna|evna|ivna|icna)$")
TITLES = frozenset({"mr", "mrs", "ms", "mis", "dr", "pan", "pani", "prof", "sir"})


@lru_cache(maxsize=2**16)
def fold(text: str) -> str:
    """The letters of a name in the one form in which its spellings agree; "" without letters."""
    plain = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    plain = re.sub("[^a-z]", "", plain.translate(CYRILLIC))
    for pattern, folded in SPELLINGS:
        plain = pattern.sub(folded, plain)
    return plain


def given_and_family(text: str) -> tuple[str, str]:
    """A full name as folded (given, family); "" for what is not there.

    Titles and patronymics are left out. Which word is which is a guess, by the comma if there is
    one; those who compare must look at both orders.

    >>> given_and_family("Dr. Olena Petrivna Koval"), given_and_family("Koval, Olena")
    (('olena', 'koval'), ('olena', 'koval'))
    """
    before, comma, after = text.partition(",")
    words = [fold(each) for each in (f"{after} {before}" if comma else text).split()]
    words = [each for each in words if each and each not in TITLES]
    if len(words) > 2:
        words = [
            words[0],
            *(each for each in words[1:-1] if not PATRONYMIC.search(each)),
            words[-1],
        ]
    if len(words) > 2 and PATRONYMIC.search(words[-1]):
        words = words[:-1]  # Family, given, patronymic
    if len(words) < 2:
        return "", words[0] if words else ""
    return words[0], words[-1]


@cache
def roots() -> Mapping[str, str]:
    """Folded given names → the name that they are forms of, in any of the languages."""
    file = resources.files(__package__) / "given_names.yaml"
    groups: list[list[str]] = yaml.load(file.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    found: dict[str, str] = {}
    for forms in groups:
        for each in forms:
            found.setdefault(fold(each), fold(forms[0]))
    return found


def root(folded: str) -> str:
    """The name that a folded given name is a form of; itself when it is none.

    >>> root(fold("Bill")) == root(fold("William")), root("vasil")
    (True, 'vasil')
    """
    return roots().get(folded, folded)


__all__ = ["fold", "given_and_family", "root"]
