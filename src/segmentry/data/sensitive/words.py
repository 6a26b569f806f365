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

from segmentry.data.sensitive.phrase import as_written, spellings

FOLDER = files("segmentry.data.sensitive") / "words"
CATEGORIES = (
    "political", "beliefs", "health", "sexual", "origin", "union", "genetic", "proxy",
)  # fmt: skip
"""In the order in which the first that fits names a field; each is called `sensitive.<name>`."""
SETS = {
    "political": "parties", "beliefs": "confessions", "origin": "peoples", "health": "illnesses",
}  # fmt: skip
"""Closed sets of values, in files of their own."""
LISTS = (*CATEGORIES, *SETS.values(), "harmless", "abbreviations")
FILLERS = (
    "customer|client|person|user|is|has|my|your|own|self|status|code|flag|type|kind|id|value|level"
    "|group|kg|kgs|lb|lbs|cm|г|кг|کیلوگرم|ваш\\w*|мій|моя|мой|twoj\\w*|moj\\w*|شما|من|مشتری|клиента|клієнта"
    "|klienta|человека|людини|cheloveka|lyudyny|osoby|فرد|شخص|q|no|the|a|do|you|ви|вы|pan|pani|شما|\\d+"
)
"""Words that may stand beside a whole name without changing what it means."""

BESIDE_VALUES = (
    "man|woman|men|women|person|people|male|female|occasional|light|heavy|regular|mild|severe"
    "|chronic|positive|or|and|і|та|или|и|lub|i|یا|و|типу|типа|typu|type|نوع"
    "|артеріальн\\w*|артериальн\\w*|tetnicz\\w*|хроні\\w*|хрони\\w*|przewlek\\w*|مزمن|\\d+"
)
"""Words that may stand beside a value without changing what it means."""
ONLY_BESIDE = re.compile(rf"(?:(?:{BESIDE_VALUES})(?: |$))*")
"""Values of nothing but such words."""
LEAST_TELLING = 7
"""Values of so many letters also tell in a name of something about people: `has_asthma`."""


@dataclass(frozen=True)
class Category:
    """A special category, with the patterns over plain words that give it away.

    Args:
        names: Anywhere in a name.
        person: Anywhere in a name of something about people.
        together: The same, of words that tell only beside others, in any order.
        whole: The whole name of something about people, but for fillers.
        values: A whole value, unless it is made of nothing but words that stand beside one.
    """

    name: str
    names: re.Pattern[str]
    person: re.Pattern[str]
    together: re.Pattern[str]
    whole: re.Pattern[str]
    values: re.Pattern[str]


@dataclass(frozen=True)
class Words:
    """Every category, and the look-alikes that are none.

    Args:
        harmless_beside: Pairs of patterns: what the first finds is harmless beside the second.
        abbreviations: Short forms of words in names of columns.
    """

    categories: tuple[Category, ...]
    harmless_names: re.Pattern[str]
    harmless_values: re.Pattern[str]
    harmless_beside: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    abbreviations: Mapping[str, str]


@cache
def words() -> Words:
    """The lists that come with Segmentry."""
    lists = {name: yaml.load(_text(name), yaml.CSafeLoader) for name in LISTS}
    harmless = lists["harmless"]
    return Words(
        tuple(
            _category(name, lists[name], lists.get(SETS.get(name, ""), {})) for name in CATEGORIES
        ),
        _anywhere(_phrases(harmless, "names")),
        _whole(_phrases(harmless, "values")),
        tuple((_anywhere(told), _anywhere(beside)) for told, beside in _pairs(harmless)),
        lists["abbreviations"],
    )


@cache
def version() -> str:
    """Changes when any list does."""
    return hashlib.sha256("".join(map(_text, LISTS)).encode()).hexdigest()[:16]


def _text(name: str) -> str:
    return FOLDER.joinpath(f"{name}.yaml").read_text(encoding="utf-8")


def _category(name: str, body: Mapping[str, Any], closed: Mapping[str, Any]) -> Category:
    values = [*_phrases(body, "values"), *_phrases(closed, "values")]
    if name == "health":
        # Illnesses are told apart by words before them: rheumatoid arthritis.
        values += [f"* {each}" for each in _phrases(closed, "values") if " " not in each]
    telling = [each for each in values if _tells(each)]
    return Category(
        name,
        names=_anywhere(_phrases(body, "names")),
        person=_anywhere([*_phrases(body, "person"), *telling]),
        together=_together(_pairs(body)),
        whole=_whole(_phrases(body, "whole"), beside=FILLERS),
        values=_several(values),
    )


def _phrases(body: Mapping[str, Any], part: str) -> list[str]:
    return [phrase for phrases in body.get(part, {}).values() for phrase in phrases]


def _pairs(body: Mapping[str, Any]) -> list[tuple[list[str], list[str]]]:
    return [
        (pair["either"], pair["beside"])
        for pairs in body.get("together", {}).values()
        for pair in pairs
    ]


def _tells(value: str) -> bool:
    """Whether a value is long enough to be told from others within a name."""
    return not value.endswith(" *") and len(value.rstrip("*")) >= LEAST_TELLING


def _anywhere(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile(_as_words(phrases))


def _as_words(phrases: Iterable[str]) -> str:
    return rf"(?<!\w)(?:{_either(phrases)})(?!\w)"


def _together(pairs: Iterable[tuple[list[str], list[str]]]) -> re.Pattern[str]:
    """A pattern to be matched from the start of a name."""
    found = [rf"(?=.*{_as_words(told)})(?=.*{_as_words(beside)})" for told, beside in pairs]
    return re.compile("|".join(found) or r"(?!)")


def _whole(phrases: Iterable[str], beside: str = "") -> re.Pattern[str]:
    filler = f"(?:(?:{beside}) )*" if beside else ""
    after = f"(?: (?:{beside}))*" if beside else ""
    return re.compile(rf"{filler}(?:{_either(phrases)}){after}")


def _several(phrases: Iterable[str]) -> re.Pattern[str]:
    """One or several of the phrases with words beside them, or such words alone.

    Values are taken as they are written: nobody shortens an answer like a column's name.
    """
    longest = sorted(phrases, key=lambda each: -len(each.split()))
    either = "|".join(dict.fromkeys(map(as_written, longest))) or r"(?!)"
    # Possessive: what was read once is not read in another way, or long texts would take for ever.
    return re.compile(rf"(?:(?:{either}|{BESIDE_VALUES})(?: |$))++")


def _either(phrases: Iterable[str]) -> str:
    """The phrases as alternatives; nothing matches an empty list."""
    return "|".join(dict.fromkeys(x for each in phrases for x in spellings(each))) or r"(?!)"
