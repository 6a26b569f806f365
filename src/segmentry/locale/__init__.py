"""What the program says to people, by language.

`messages("en")` is the table of one language. Each language is a folder of YAML files whose keys
are joined with dots (`report: {title: …}` is `report.title`). A message that counts is a mapping
of plural categories and is chosen by its `count`:

    report:
      orders: {one: "{count} order", other: "{count} orders"}

Adding a language is adding a folder and its plural rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, Literal

from segmentry.core.errors import InternalError, UsageError
from segmentry.locale.calendar import solar_hijri
from segmentry.locale.phrase import Phrase
from segmentry.locale.plural import CATEGORIES, RULES

__all__ = ["LANGUAGES", "Messages", "Phrase", "messages"]

LANGUAGES: Final = tuple(RULES)
"""Languages the program knows the grammar of; a catalogue may still be missing."""

Entry = str | Mapping[str, str]

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
_LEFT_TO_RIGHT = re.compile(r"[A-Za-z\u00C0-\u024F\u0400-\u052F]")
_SETTLED = re.compile(r"[\u0600-\u06FF\u2066-\u2069]")
"""Letters from right to left, and marks of isolation: such a text needs no more of them."""


@dataclass(frozen=True, eq=False)
class Messages:
    """The texts of one language, called with a key and the values to put in.

    Values are put in as they are and never read as a pattern, so a customer's name with braces
    in it is only text. Numbers are written in the language's own way. In a language written from
    the right, a value in Latin or Cyrillic letters is set apart by marks that nobody sees, so that
    it cannot turn the words around it.
    """

    language: str
    entries: Mapping[str, Entry]

    def __call__(self, key: str, **values: object) -> str:
        """The text of `key`.

        Raises:
            InternalError: The key does not exist, a value is missing, or a counting message was
                asked for without `count`. All three are mistakes in the program.
        """
        try:
            entry = self.entries[key]
            if not isinstance(entry, str):
                entry = entry[RULES[self.language](values["count"])]  # type: ignore[arg-type]
            return entry.format_map({name: self._write(value) for name, value in values.items()})
        except KeyError as error:
            raise InternalError(
                f"Message {key!r} of language {self.language!r} lacks {error.args[0]!r}."
            ) from error

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    @property
    def leftward(self) -> bool:
        """Whether the language is written from right to left."""
        return self.entries.get("language.direction") == "rtl"

    def number(self, value: int | float | Decimal, decimals: int | None = 0) -> str:
        """`value` with thousands separators, rounded half up to `decimals` places.

        Without `decimals` every digit is kept.
        """
        whole_float = isinstance(value, float) and value.is_integer()
        exact = Decimal(int(value)) if whole_float else Decimal(str(value))
        if decimals is not None:
            exact = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        whole, _, fraction = f"{abs(exact):,f}".partition(".")
        text = whole.replace(",", self("number.group"))
        if fraction:
            text += self("number.decimal") + fraction
        if exact < 0:
            text = self("number.minus") + text
        return self.digits(text)

    def digits(self, text: str) -> str:
        """`text` with the digits of the language."""
        return text.translate(str.maketrans("0123456789", self("number.digits")))

    def day(self, day: date) -> str:
        """`5 May 2024`, on the calendar of the language."""
        year, month, of_month = day.year, day.month, day.day
        if self("date.calendar") == "solar_hijri":
            year, month, of_month = solar_hijri(day)
        name = self(f"date.month_of_day.{month}")
        return self("date.day", day=of_month, month=name, year=self.digits(str(year)))

    def month(self, year: int, month: int) -> str:
        """`May 2024`: a month of the Gregorian calendar, by which months are counted."""
        name = self(f"date.month_name.{month}")
        return self("date.month", month=name, year=self.digits(str(year)))

    def weekday(self, number: int) -> str:
        """Name of a day of the week; 1 is Monday, 7 is Sunday."""
        return self(f"date.weekday.{number}")

    def listed(self, parts: Sequence[str], joining: Literal["and", "or"]) -> str:
        """`a, b and c`, `a, b or c`."""
        *start, last = [self.apart(each) for each in parts]
        if not start:
            return last
        return self(f"list.{joining}", start=self("list.comma").join(start), last=last)

    def apart(self, text: str) -> str:
        """`text` between marks of isolation, if its letters run against those of the language."""
        against = self.leftward and _LEFT_TO_RIGHT.search(text) and not _SETTLED.search(text)
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if against else text

    def _write(self, value: object) -> object:
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return self.number(value, None)
        if isinstance(value, Phrase):
            return Phrase(lambda form: self.apart(value.form(form)))
        return self.apart(str(value))


@cache
def messages(language: str) -> Messages:
    """The messages of `language` (`en`, `uk`, `ru`, `pl` or `fa`), read once.

    Raises:
        UsageError: There is no catalogue for the language.
    """
    folder = files(__name__) / language
    if language not in RULES or not folder.is_dir():
        raise UsageError(
            f"There are no texts in language {language!r}.",
            fix=f"Use one of: {', '.join(_available())}.",
        )
    entries: dict[str, Entry] = {}
    for file in sorted(folder.iterdir(), key=lambda item: item.name):
        if file.name.endswith(".yaml"):
            for key, entry in _read(file, language):
                if key in entries:
                    raise InternalError(f"Message {key!r} is written twice.", where=file.name)
                entries[key] = entry
    return Messages(language, entries)


def _available() -> list[str]:
    return [language for language in LANGUAGES if (files(__name__) / language).is_dir()]


def _read(file: Traversable, language: str) -> Iterator[tuple[str, Entry]]:
    import yaml

    # A base loader keeps every scalar text: the keys `no` and `on` are not booleans.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    tree = yaml.load(file.read_text(encoding="utf-8"), loader)  # noqa: S506 - makes only texts
    yield from _flatten(tree or {}, "", language, file.name)


def _flatten(
    tree: Mapping[str, Any], prefix: str, language: str, where: str
) -> Iterator[tuple[str, Entry]]:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, value
        elif not isinstance(value, Mapping):
            raise InternalError(f"Message {key!r} is neither a text nor a mapping.", where=where)
        elif _is_plural(value):
            if value.keys() != CATEGORIES[language]:
                needed = ", ".join(sorted(CATEGORIES[language]))
                raise InternalError(f"Message {key!r} must have exactly: {needed}.", where=where)
            yield key, value
        else:
            yield from _flatten(value, f"{key}.", language, where)


def _is_plural(value: Mapping[str, Any]) -> bool:
    return "other" in value and value.keys() <= {"zero", "one", "two", "few", "many", "other"}
