"""Names and values as plain words, so that spelling does not decide what is recognised."""

from __future__ import annotations

import re
import unicodedata

LETTERS = str.maketrans(
    {
        "ё": "е", "ґ": "г", "ł": "l", "ø": "o", "đ": "d", "ß": "ss",
        "ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا",
        "ؤ": "و", "\u200c": " ", "\u200d": " ", "\u0640": "",
        "'": "", "’": "", "ʼ": "", "`": "", "´": "",
    }
)  # fmt: skip
"""Letters with several spellings, in one; what joins or parts letters, out or apart."""


def plain_words(text: str) -> str:
    """A text as words in lower case with one space between: no accents, one spelling a letter.

    Words joined by case, `_` or a zero-width non-joiner are apart.

    >>> plain_words("sexualOrientation"), plain_words("Здоров’я"), plain_words("Wyznanie_Śląsk")
    ('sexual orientation', 'здоровя', 'wyznanie slask')
    """
    text = re.sub(r"(?<=[^\W\d_])(?<![A-ZА-ЯІЇЄҐ])(?=[A-ZА-ЯІЇЄҐ])", " ", text.strip())
    text = re.sub(r"(?<=[A-ZА-ЯІЇЄҐ])(?=[A-ZА-ЯІЇЄҐ][a-zа-яіїєґ])", " ", text)
    text = unicodedata.normalize("NFC", text).lower().translate(LETTERS)
    text = "".join(map(_without_accent, text))
    return " ".join(re.findall(r"[^\W_]+", text))


def _without_accent(letter: str) -> str:
    """A Latin or Arabic letter without its marks; й and ї are letters of their own."""
    if "\u0400" <= letter <= "\u04ff":
        return letter
    split = unicodedata.normalize("NFKD", letter)
    return "".join(each for each in split if not unicodedata.combining(each))
