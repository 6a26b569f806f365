"""What the sentences of rules are put together from, in one language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import wraps
from typing import Any, Final, TypeVar

from segmentry.core.types import Value
from segmentry.locale import Messages, Phrase

Said = TypeVar("Said", str, Phrase)
VALUES: Final = {
    "season": "rules.season",
    "preferred_season": "rules.season",
    "weekday": "date.weekday",
    "preferred_weekday": "date.weekday",
    "month": "date.month_name",
    "preferred_month": "date.month_name",
}
"""Fields and features whose values have names in every language, and where these stand."""


@dataclass(frozen=True)
class Words:
    """Messages of a language, and the human names of features and fields.

    Args:
        labels: Names of features, fields (`orders.channel`), facts, segments, and of the values of
            a feature (`rfm_group=VIP`) as a person reads them.
        fact: The fact whose fields are spoken of; empty outside of a `where`.
    """

    messages: Messages
    labels: Mapping[str, str] = field(default_factory=dict)
    fact: str = ""

    def __call__(self, key: str, **values: object) -> str:
        """The message `rules.<key>` with the values put in."""
        return self.messages(f"rules.{key}", **values)

    def said(self, by: object, text: Said, within: str = "") -> Said:  # noqa: ARG002
        """What a node, window or span says of itself, or of its field `within`; as it is."""
        return text

    def number(self, by: object, value: Value, within: str = "") -> Value:  # noqa: ARG002
        """A number that a node says, or its field `within`; as it is."""
        return value

    def of_rows(self, fact: str) -> Words:
        """The same words inside a `where` over rows of a fact."""
        return replace(self, fact=fact)

    def name(self, name: str) -> Phrase:
        """Human name of a feature, or of a field (`orders.channel`, else `channel`).

        The catalogue has the forms of the fields that everybody has; of all other names it has one
        that goes with any: `the feature “…”`.
        """

        def formed(form: str) -> str:
            plain = self._name(name)
            if not form:
                return plain
            own = None if self._label(name) else self._field(name, form)
            return own or self(f"name_{form}", name=plain)

        return Phrase(formed)

    def _name(self, name: str) -> str:
        known = self._label(name) or self._field(name) or self.labels.get(name)
        return known or name.replace("_", " ")

    def _label(self, name: str) -> str | None:
        """What a person calls it."""
        return self.labels.get(f"{self.fact}.{name}" if self.fact else name)

    def _field(self, name: str, form: str = "") -> str | None:
        """What the catalogue calls a field that everybody has; some only on rows of one fact."""
        for place in (f"{self.fact}.", "") if self.fact else ():
            key = f"fields{form and '_'}{form}.{place}{name}"
            if key in self.messages:
                return self.messages(key)
        return None

    def rows(self, fact: str, form: str = "") -> str:
        """What the rows of a fact are called, many of them, in a form."""
        key = f"rules.rows{form and '_'}{form}.{fact}"
        return self.messages(key) if key in self.messages else str(self.name(fact))

    def counted(self, count: object, fact: str, form: str = "") -> str:
        """A number of rows of a fact in a form: `3 orders`."""
        key = f"rules.counted{form and '_'}{form}.{fact}"
        if isinstance(count, int) and key in self.messages:
            return self.messages(key, count=count)
        return self("counted.rows", count=count, rows=self.rows(fact))

    def span(self, count: int, unit: str) -> Phrase:
        """A length of time: `90 days`."""
        return Phrase(lambda form: self(f"span{form and '_'}{form}.{unit}", count=count))

    def value(self, value: Value) -> str:
        """A constant as people write it; a text that is not one plain word stands in quotes."""
        match value:
            case bool():
                return self("value.true" if value else "value.false")
            case int() | float() | Decimal():
                return self.messages.number(value, None)
            case datetime.date():
                return self.messages.day(value)
            case None:
                return self("value.missing")
            case _:
                plain = re.fullmatch(r"[\w-]+", value) is not None
                return value if plain else self.quoted(value)

    def value_of(self, name: str, value: Value) -> str:
        """A constant beside a feature or field, by its own name if there is one: `Sunday`."""
        places = (f"{self.fact}.{name}={value}", f"{name}={value}")
        own = next((self.labels[each] for each in places if each in self.labels), None)
        key = f"{VALUES.get(name)}.{value}"
        if own is None and key in self.messages:
            own = self.messages(key)
        return own or self.value(value)

    def quoted(self, text: str) -> str:
        """`“text”`, in the quotation marks of the language."""
        return self("value.quoted", value=text)

    def listed(self, parts: Sequence[str]) -> str:
        """`a, b, c`."""
        return self("comma").join(map(self.messages.apart, parts))


def traced(find: Callable[[Any, Words], str]) -> Callable[[Any, Words], str]:
    """A way of saying a node that leaves a trace of who said it, for words that keep one."""

    @wraps(find)
    def asked(node: Any, words: Words) -> str:
        return words.said(node, find(node, words))

    return asked
