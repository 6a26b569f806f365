"""A phrase of a word list as a pattern: as written, cut short, and in Latin letters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from segmentry.data.sensitive.plain_text import plain_words

LEAST_CUT, LEAST_LEFT = 6, 4
"""In a phrase of several words, those of six letters may be cut down to four (`poli part`)."""
LEAST_CYRILLIC, LEAST_PERSIAN, LEAST_STRONG = 5, 5, 4
"""Shorter words are not looked for in Latin letters: too many of them are other words as well."""

CYRILLIC = {
    "а": "a", "б": "b", "в": "[vw]", "г": "(?:h|gh?)", "д": "d", "е": "[yij]?e", "є": "[yij]?e",
    "ж": "(?:zh?|j)", "з": "z", "и": "[yi]", "і": "i", "ї": "[yj]?i", "й": "[yij]?", "к": "[kc]",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "(?:f|ph)", "х": "(?:[kc]?h|x)", "ц": "(?:t?[sz]|c)", "ч": "(?:t?ch|c)",
    "ш": "s(?:[hz]|ch)?", "щ": "s[hz]?c?[hz]?", "ъ": "", "ы": "[yi]", "ь": "", "э": "e",
    "ю": "[yij]?u", "я": "[yij]?a",
}  # fmt: skip
"""How Ukrainian and Russian letters are spelt in Latin ones, by standards and by habit."""
PERSIAN = {
    "ا": "(?:aa?|[ou])", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h",
    "خ": "(?:kh|x)", "د": "d", "ذ": "z", "ر": "r", "ز": "z", "ژ": "(?:zh|j)", "س": "s", "ش": "sh",
    "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "[aeo]?", "غ": "(?:gh|q)", "ف": "f",
    "ق": "(?:gh?|q)", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
    "و": "(?:[vw]|oo?|o?u)", "ه": "(?:h|eh?|a)", "ی": "(?:ee?|iy?|ei|[ya])",
}  # fmt: skip
"""The same of Persian letters; short vowels are not written and may stand after any of them."""
FIRST_ALEF = "[aeiou]"
"""At the beginning of a word alef carries any vowel."""
WEAK = "اویع"

_plain = lru_cache(maxsize=1024)(plain_words)
"""Each word of a phrase is asked for several times, for each way of spelling it."""

Word = list[str]
"""A word as patterns, one a letter; any ending is one of them."""


def spellings(phrase: str) -> Iterator[str]:
    r"""The patterns over plain words by which a phrase is found.

    A `*` after letters is any ending, alone it is up to two words. Longer words of a phrase of
    several may be cut short, and two change places, as in names of columns. Cyrillic and Persian
    phrases are found in Latin letters too, unless they are too short to be told from other words.

    >>> import re
    >>> any(re.fullmatch(each, "polit vzglyady") for each in spellings("политические взгляд*"))
    True
    """
    first, *rest = phrase.split()
    if len(rest) == 1 and "*" not in (first, *rest):
        yield from _spelt(f"{rest[0]} {first}")
    yield from _spelt(phrase)


def as_written(phrase: str) -> str:
    """The pattern of a phrase as it is written, with nothing cut short."""
    return _pattern(phrase, [["".join(_native(word))] for word in _words(phrase)])


def _spelt(phrase: str) -> Iterator[str]:
    yield _pattern(phrase, [_native(word) for word in _words(phrase)])
    latin = [_latin(word) for word in _words(phrase)]
    if all(latin) and _telling(phrase):
        yield _pattern(phrase, latin)


def _words(phrase: str) -> list[str]:
    return [word for word in phrase.split() if word != "*"]


def _native(word: str) -> Word:
    return _joined([list(_plain(part).replace(" ", "")) for part in word.split("*")])


def _latin(word: str) -> Word:
    """The word in Latin letters; nothing, where it is in them already."""
    plain = [_plain(part) for part in word.split("*")]
    letters = set("".join(plain))
    if letters and letters <= CYRILLIC.keys():
        return _joined([[CYRILLIC[each] for each in part] for part in plain])
    if letters and letters <= PERSIAN.keys():
        found = _joined([[PERSIAN[each] + "[aeo]?" for each in part] for part in plain])
        return [FIRST_ALEF, *found[1:]] if word[0] in "اآ" else found
    return []


def _joined(parts: Sequence[Word]) -> Word:
    found = list(parts[0])
    for part in parts[1:]:
        found += [r"\w*", *part]
    return found


def _telling(phrase: str) -> bool:
    """Whether a phrase has letters enough to be told from others when in Latin ones."""
    letters = [each for each in _plain(phrase.replace("*", "")) if each not in "ьъ "]
    if letters[0] in CYRILLIC:
        return len(letters) >= LEAST_CYRILLIC
    strong = [each for each in letters if each not in WEAK]
    return len(letters) >= LEAST_PERSIAN or len(strong) >= LEAST_STRONG


def _pattern(phrase: str, words: Sequence[Word]) -> str:
    # Parts of Persian words are written together, apart, or with a joiner between.
    gap = " ?" if _plain(phrase)[:1] in PERSIAN else " "
    several = len(words) > 1
    rest = iter(words)
    found, after = "", ""
    for word in phrase.split():
        if word != "*":
            found += after + (_cut(next(rest)) if several else "".join(next(rest)))
            after = gap
        elif found:
            found += r"(?: \w+){0,2}"
        else:
            found = r"(?:\w+ ){0,2}"
    return found


def _cut(word: Word) -> str:
    """The word, or no fewer than its first letters where it is long."""
    if len(word) < LEAST_CUT or word[0] == r"\w*":
        return "".join(word)
    tail = ""
    for letter in reversed(word[LEAST_LEFT:]):
        tail = f"(?:{letter}{tail})?"
    return "".join(word[:LEAST_LEFT]) + tail
