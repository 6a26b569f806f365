"""Literals: what a person writes down as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type, Value
from segmentry.language.node import Base, Names, Node, Record, Scope, ValueNode
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, literal

MOST_DIGITS = 38
KEYWORDS = frozenset({
    "and", "or", "not", "in", "between", "is", "null", "true", "false", "like", "ilike",
})  # fmt: skip
_PLAIN = re.compile(r"[^\W\d]\w*")


def quoted(text: str) -> str:
    """A text as a literal of the language."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """A name as it is written: bare if it can be, else in double quotes."""
    bare = _PLAIN.fullmatch(name) and name == name.lower() and name not in KEYWORDS
    return name if bare else '"' + name.replace('"', '""') + '"'


def clean(text: str) -> str:
    """The text, if every engine can hold it.

    Raises:
        RuleTypeError: It has a NUL or half of a surrogate pair in it.
    """
    if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
        raise RuleTypeError("the text has a character that no text can have.", fix="Leave it out.")
    return text


@dataclass(frozen=True)
class Constant(ValueNode):
    """A literal: text, a whole number, a decimal, true or false, a day, or `null`.

    Whole numbers have 64 bits; decimals are exact and have at most 38 digits. `null` is missing; it
    may be a result (`if(…, x, null)`) and nothing is compared with it.
    """

    kind = "constant"
    content: Value
    as_type: Type

    def __post_init__(self) -> None:
        match self.content:
            case str():
                clean(self.content)
            case bool():
                pass
            case int() if abs(self.content) >= 2**63:
                raise RuleTypeError(f"{self.content:.3e} does not fit in 64 bits.")
            case Decimal():
                digits = self.content.as_tuple()
                if not isinstance(digits.exponent, int) or (
                    max(len(digits.digits), abs(digits.exponent)) > MOST_DIGITS
                ):
                    raise RuleTypeError(f"a number has at most {MOST_DIGITS} digits.")

    @classmethod
    def of(cls, content: Value, **position: Any) -> Self:
        """A literal with the type of its content; decimals and floats are numbers, not money."""
        if isinstance(content, float):
            content = Decimal(repr(content))
        match content:
            case bool():
                kind = Type.BOOLEAN
            case int():
                kind = Type.INTEGER
            case Decimal():
                kind = Type.NUMBER
            case datetime():
                raise RuleTypeError("an instant is written as text, beside an instant.")
            case date():
                kind = Type.DATE
            case _:
                kind = Type.TEXT
        return cls(content, kind, **position)

    @property
    def is_day(self) -> bool:
        """Whether it is a day, or a text written like one."""
        if isinstance(self.content, str):
            return re.fullmatch(r"[0-9]{4}-[0-1][0-9]-[0-3][0-9]", self.content) is not None
        return isinstance(self.content, date)

    @property
    def binding(self) -> int:  # type: ignore[override]
        """A negative number opens with a minus."""
        return 7 if isinstance(self.content, int | Decimal) and self.text()[0] == "-" else 9

    def children(self) -> Iterator[Node]:
        """None."""
        return iter(())

    def text(self) -> str:
        """As it is written."""
        match self.content:
            case None:
                return "null"
            case bool():
                return "true" if self.content else "false"
            case Decimal():
                return f"{self.content:f}" + ("" if "." in f"{self.content:f}" else ".0")
            case date():
                return f"date '{self.content.isoformat()}'"
            case str():
                return quoted(self.content)
            case _:
                return str(self.content)

    def as_json(self) -> dict[str, Any]:
        """`type` and `value`; decimals and days as text, so that nothing is lost."""
        content = self.content
        plain = content if isinstance(content, bool | int | str | None) else str(content)
        return {"kind": self.kind, "type": self.as_type.value, "value": plain}

    def sentence(self, words: Words) -> str:
        """As people write it."""
        if isinstance(self.content, str) and self.is_day:
            with suppress(ValueError):
                return words.value(date.fromisoformat(self.content))
        return words.value(self.content)

    def type(self, names: Names) -> Type:  # noqa: ARG002
        """Its own, until it stands beside others (`operand`)."""
        return self.as_type

    def value_as(self, kind: Type) -> Value:
        """The content to be converted: a decimal is exact beside money, else a double."""
        if isinstance(self.content, Decimal) and kind is not Type.MONEY:
            return float(self.content)
        return self.content

    def compile(self, scope: Scope) -> Expression:  # noqa: ARG002
        """A typed literal."""
        return literal(self.value_as(self.as_type), self.as_type)

    def value(self, record: Record, base: Base) -> Value:  # noqa: ARG002
        """The content."""
        return self.value_as(self.as_type)
