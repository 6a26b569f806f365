"""Names of columns by which attributes are recognised."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from segmentry.data.entity import ENTITIES, Entity
from segmentry.data.entity import entity as entity_of

LETTERS = str.maketrans(
    {
        "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "g", "д": "d", "е": "e", "є": "ie",
        "ё": "e", "ж": "zh", "з": "z", "и": "y", "і": "i", "ї": "i", "й": "i", "к": "k",
        "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "",
        "ъ": "", "ы": "y", "э": "e", "ю": "iu", "я": "ia", "ў": "u", "ø": "o", "đ": "d",
        "ß": "ss",
    }
)  # fmt: skip
"""Letters that have no Latin base, in Latin ones."""
ALIKE = str.maketrans(
    dict.fromkeys("'’‘`ʼʹ′´\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0654", "")
    | {
        "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "ؤ": "و", "أ": "ا", "إ": "ا", "ٱ": "ا",
        "آ": "ا", "ł": "l", "ё": "е", "\u200c": " ",
    }
)  # fmt: skip
"""Apostrophes and signs of vowels that are left out, letters that are written in several ways."""
UNITS = "usd|eur|gbp|uah|pln|rub|грн|руб|zl|in_usd|in_eur"
"""What may follow a name without changing what it means."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Names of an attribute, the surest first; `own` count only for records of the entity."""

    everywhere: tuple[str, ...]
    own: frozenset[str]


WORDS = "words"
"""Section of a language with the words for entities."""
RETURNS = "returns"
"""Section of a language with names of columns that only records of returns have."""


@cache
def _languages() -> Mapping[str, Mapping[str, Mapping[str, list[str]]]]:
    """Language → entity → attribute → names, and language → `words` → entity → words."""
    text = files("segmentry.data").joinpath("synonyms.yaml").read_text(encoding="utf-8")
    loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: Mapping[str, Mapping[str, Mapping[str, list[str]]]] = yaml.load(text, loader)  # noqa: S506 - a safe loader
    return found


@cache
def synonyms() -> Mapping[str, Mapping[str, Synonyms]]:
    """Entity → attribute → names, of all languages."""
    found: dict[str, dict[str, list[str]]] = {name: {} for name in ENTITIES}
    for entities in _languages().values():
        for entity, attributes in entities.items():
            for attribute, names in attributes.items() if entity in ENTITIES else ():
                found[entity].setdefault(attribute, []).extend(names)
    return {
        entity: {attribute: _synonyms(names) for attribute, names in attributes.items()}
        for entity, attributes in found.items()
    }


@cache
def names_of_returns() -> Mapping[str, tuple[str, ...]]:
    """Attribute of orders or lines → plain names by which files of returns are recognised."""
    found: dict[str, list[str]] = {}
    for entities in _languages().values():
        for attribute, names in entities[RETURNS].items():
            found.setdefault(attribute, []).extend(map(plain_name, names))
    return {attribute: tuple(names) for attribute, names in found.items()}


PLACES = ("country", "region", "city")
"""Attributes of customers that an order may have too, under the same names."""


def entity_called(word: str) -> Entity:
    """The entity of that name, or that a person calls so in any of the languages.

    >>> entity_called("Клієнти").name, entity_called("orders").name
    ('customers', 'orders')

    Raises:
        UnknownNameError: There is none.
    """
    plain = plain_name(word)
    for language in _languages().values():
        for name, words in language[WORDS].items():
            if plain in map(plain_name, words):
                return ENTITIES[name]
    return entity_of(word)


def place_called(name: str) -> str | None:
    """The kind of place that a column is called after in any of the languages, as of a customer.

    >>> place_called("Країна"), place_called("State"), place_called("Shop")
    ('country', 'region', None)
    """
    plain, known = plain_name(name), synonyms()["customers"]
    return next((each for each in PLACES if plain in known[each].everywhere), None)


def _synonyms(names: list[str]) -> Synonyms:
    return Synonyms(
        tuple(plain_name(name.removeprefix("=")) for name in names),
        frozenset(plain_name(name[1:]) for name in names if name.startswith("=")),
    )


@lru_cache(maxsize=10_000)
def plain_name(name: str) -> str:
    """A column's name as words in lower case joined by `_`, accents and apostrophes left out.

    Arabic forms of Persian letters become the Persian ones; ё becomes е.

    >>> plain_name("CustomerID"), plain_name("E-mail Address"), plain_name("Ім'я")
    ('customer_id', 'e_mail_address', 'імя')
    >>> plain_name("Imię"), plain_name("كد\u200cمشتري") == plain_name("کد مشتری")
    ('imie', True)
    """
    text = unicodedata.normalize("NFKC", name.strip())
    text = re.sub(r"(?<=[a-zа-яіїєґ0-9])(?=[A-ZА-ЯІЇЄҐ])", "_", text)
    text = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", "_", text)
    text = text.lower().translate(ALIKE)
    text = "".join(_without_accent(letter) for letter in text)
    return re.sub(r"[^\w]+|_+", "_", text).strip("_")


def _without_accent(letter: str) -> str:
    """The letter without its accent; й and ї are letters of their own, é is an e with an accent."""
    base = unicodedata.normalize("NFKD", letter)[0]
    return base if base.isascii() or unicodedata.combining(base) else letter


def without_unit(name: str) -> str:
    """A plain name without a currency at its end.

    >>> without_unit("price_usd"), without_unit("price")
    ('price', 'price')
    """
    return re.sub(f"_({UNITS})$", "", name)


def safe_name(name: str) -> str:
    """A column's name as a Latin identifier; empty when nothing is left of it.

    >>> safe_name("Країна доставки"), safe_name("2nd Visit"), safe_name("کشور")
    ('kraina_dostavky', 'c_2nd_visit', '')
    """
    text = plain_name(name).translate(LETTERS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    text = re.sub(r"[^a-z0-9]+", "_", text).strip("_")[:60]
    return f"c_{text}" if text[:1].isdigit() else text
