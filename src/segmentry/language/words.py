"""What the sentences of rules are put together from, in one language."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from segmentry.core.types import Value
from segmentry.locale import Messages


@dataclass(frozen=True)
class Words:
    """Messages of a language, and the human names of features and fields.

    Args:
        fact: The fact whose fields are spoken of; empty outside of a `where`.
    """

    messages: Messages
    labels: Mapping[str, str] = field(default_factory=dict)
    fact: str = ""

    def __call__(self, key: str, **values: object) -> str:
        """The message `rules.<key>` with the values put in."""
        return self.messages(f"rules.{key}", **values)

    def of_rows(self, fact: str) -> Words:
        """The same words inside a `where` over rows of a fact."""
        return replace(self, fact=fact)

    def name(self, name: str) -> str:
        """Human name of a feature, or of a field (`orders.channel`, else `channel`)."""
        if self.fact and (label := self.labels.get(f"{self.fact}.{name}")):
            return label
        return self.labels.get(name) or name.replace("_", " ")

    def rows(self, fact: str) -> str:
        """What the rows of a fact are called, many of them."""
        key = f"rules.rows.{fact}"
        return self.messages(key) if key in self.messages else self.name(fact)

    def counted(self, count: object, fact: str) -> str:
        """A number of rows of a fact: `3 orders`."""
        key = f"rules.counted.{fact}"
        if isinstance(count, int) and key in self.messages:
            return self.messages(key, count=count)
        return self("counted.rows", count=count, rows=self.rows(fact))

    def value(self, value: Value) -> str:
        """A constant as people write it; a text that is not one plain word stands in quotes."""
        match value:
            case bool():
                return self("value.true" if value else "value.false")
            case int():
                return self.messages.number(value)
            case float() | Decimal():
                exact = Decimal(str(value))
                exponent = exact.as_tuple().exponent
                places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
                return self.messages.number(exact, places)
            case datetime.date():
                month = self.messages(f"date.short_month.{value.month}")
                return self.messages("date.day", day=value.day, month=month, year=str(value.year))
            case None:
                return self("value.missing")
            case _:
                plain = re.fullmatch(r"[\w-]+", value) is not None
                return value if plain else self("value.quoted", value=value)

    def listed(self, parts: Sequence[str]) -> str:
        """`a, b, c`."""
        return self("comma").join(parts)
