"""The words by which special categories are recognised, compiled to patterns."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from segmentry.data.sensitive.plain_text import plain_words

FOLDER = files("segmentry.data.sensitive") / "words"
CATEGORIES = (
    "political", "beliefs", "health", "sexual", "origin", "union", "genetic", "proxy",
)  # fmt: skip
"""In the order in which the first that fits names a field."""
FILLERS = (
    "customer|client|person|user|is|has|my|your|own|self|status|code|flag|type|kind|id|value|level"
    "|group|kg|kgs|lb|lbs|cm|г|кг|کیلوگرم|ваш\\w*|мій|моя|мой|twoj\\w*|moj\\w*|شما|من|مشتری|клиента|клієнта"
    "|klienta|q|no|the|a|do|you|ви|вы|pan|pani|شما|\\d+"
)
"""Words that may stand beside a whole name without changing what it means."""

BESIDE_VALUES = (
    "man|woman|men|women|person|people|male|female|occasional|light|heavy|regular|mild|severe"
    "|chronic|positive|or|and|і|та|или|и|lub|i|یا|و|\\d+"
)
"""Words that may stand beside a value without changing what it means."""


@dataclass(frozen=True)
class Category:
    """A special category, with the patterns over plain words that give it away.

    Args:
        names: Anywhere in a name.
        person: Anywhere in a name of something about people.
        whole: The whole name of something about people, but for fillers.
        values: A whole value.
    """

    name: str
    label: str
    names: re.Pattern[str]
    person: re.Pattern[str]
    whole: re.Pattern[str]
    values: re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """Every category, and the look-alikes that are none.

    Args:
        version: Changes when any list does.
    """

    categories: tuple[Category, ...]
    harmless_names: re.Pattern[str]
    harmless_values: re.Pattern[str]
    version: str

    def label(self, category: str) -> str:
        """What a category is called."""
        return next(each.label for each in self.categories if each.name == category)


@cache
def words() -> Words:
    """The lists that come with Segmentry."""
    texts = {name: _text(name) for name in (*CATEGORIES, "harmless")}
    lists = {name: yaml.safe_load(text) for name, text in texts.items()}
    harmless = lists.pop("harmless")
    return Words(
        tuple(_category(name, body) for name, body in lists.items()),
        _anywhere(_phrases(harmless, "names")),
        _whole(_phrases(harmless, "values")),
        hashlib.sha256("".join(texts.values()).encode()).hexdigest()[:16],
    )


def _text(name: str) -> str:
    return FOLDER.joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def _category(name: str, body: Mapping[str, Any]) -> Category:
    return Category(
        name,
        body["label"],
        names=_anywhere(_phrases(body, "names")),
        person=_anywhere(_phrases(body, "person")),
        whole=_whole(_phrases(body, "whole"), beside=FILLERS),
        values=_several(_phrases(body, "values")),
    )


def _phrases(body: Mapping[str, Any], part: str) -> list[str]:
    return [phrase for phrases in body.get(part, {}).values() for phrase in phrases]


def _anywhere(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{_either(phrases)})(?!\w)")


def _whole(phrases: Iterable[str], beside: str = "") -> re.Pattern[str]:
    filler = f"(?:(?:{beside}) )*" if beside else ""
    after = f"(?: (?:{beside}))*" if beside else ""
    return re.compile(rf"{filler}(?:{_either(phrases)}){after}")


def _several(phrases: Iterable[str]) -> re.Pattern[str]:
    either = _either(phrases)
    return re.compile(rf"(?:(?:{BESIDE_VALUES}) )*(?:{either})(?: (?:{BESIDE_VALUES}|{either}))*")


def _either(phrases: Iterable[str]) -> str:
    """The phrases as alternatives; nothing matches an empty list."""
    return "|".join(_pattern(each) for each in phrases) or r"(?!)"


def _pattern(phrase: str) -> str:
    r"""A phrase as a pattern over plain words: `*` is any ending, alone it is up to two words.

    >>> _pattern("party memb*")
    'party memb\\w*'
    """
    if phrase.endswith(" *"):
        return _pattern(phrase[:-2]) + r"(?: \w+){0,2}"
    parts = [
        r"(?:\w+ ){0,2}" if word == "*" else r"\w*".join(map(plain_words, word.split("*"))) + " "
        for word in phrase.split()
    ]
    return "".join(parts).rstrip()
