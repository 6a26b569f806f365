"""The arguments of a call in a rule's text, and the table of what can be called.

A function takes what it knows by name and kind; what it did not ask for is an error that says what
there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from segmentry.core.errors import RuleSyntaxError, UnknownNameError
from segmentry.language.literal import Constant
from segmentry.language.logic import IsTrue
from segmentry.language.node import Condition, Node, ValueNode
from segmentry.language.position import Position, located
from segmentry.language.span import Span
from segmentry.language.value import Name
from segmentry.language.window import ARGUMENTS, Window, window_of


@dataclass(frozen=True)
class Path:
    """`orders.channel`: a field of a fact."""

    fact: str
    field: str
    position: Position


@dataclass(frozen=True)
class Listing:
    """`(1, 2, 3)`."""

    parts: tuple[Part, ...]
    position: Position


@dataclass(frozen=True)
class Clause:
    """`where(condition)`, a step of a sequence."""

    condition: Condition
    position: Position


Part = Node | Path | Listing | Clause


def syntax_error(message: str, position: Position | None, fix: str = "") -> RuleSyntaxError:
    """An error in the text, at a place."""
    at = position or Position(1, 1)
    return RuleSyntaxError(message, line=at.line, column=at.column, fix=fix)


@dataclass
class Arguments:
    """What stands in the parentheses of a call."""

    function: str
    position: Position
    positional: list[Part]
    named: dict[str, Part]
    spelled_at: dict[str, Position]
    _asked: list[str] = field(default_factory=list)

    # by place

    def _next(self, wanted: str) -> Part:
        if not self.positional:
            raise syntax_error(f"`{self.function}` needs {wanted}.", self.position)
        return self.positional.pop(0)

    def value(self) -> ValueNode:
        """The next argument, a value."""
        return as_value(self._next("a value"))

    def values(self, least: int) -> tuple[ValueNode, ...]:
        """All further arguments, values."""
        found: list[ValueNode] = []
        while self.positional or len(found) < least:
            found.append(self.value())
        return tuple(found)

    def condition(self) -> Condition:
        """The next argument, a condition."""
        return as_condition(self._next("a condition"))

    def name(self, what: str) -> str:
        """The next argument, a bare name."""
        part = self._next(f"the name of a {what}")
        if not isinstance(part, Name):
            raise syntax_error(f"`{self.function}` needs the name of a {what} here.", part.position)
        return part.name

    def fact(self) -> str:
        """The next argument, a fact."""
        part = self._next("what is counted, such as orders")
        if isinstance(part, Path):
            raise syntax_error(
                f"`{self.function}` looks at whole rows.", part.position, f"Write `{part.fact}`."
            )
        if not isinstance(part, Name):
            raise syntax_error(
                f"`{self.function}` needs the name of what is counted, such as orders.",
                part.position,
            )
        return part.name

    def fact_or_field(self) -> tuple[str, str | None]:
        """The next argument, a fact or one of its fields."""
        if self.positional and isinstance(path := self.positional[0], Path):
            self.positional.pop(0)
            return path.fact, path.field
        return self.fact(), None

    def path(self) -> tuple[str, str]:
        """The next argument, a field of a fact."""
        fact, name = self.fact_or_field()
        if name is None:
            raise syntax_error(
                f"`{self.function}` needs a field of {fact}.",
                self.position,
                f"Write `{self.function}({fact}.` and the field.",
            )
        return fact, name

    def rest(self) -> list[Part]:
        """All further arguments as they are."""
        found, self.positional = self.positional, []
        return found

    # by name

    def part(self, name: str) -> Part | None:
        """The argument of that name as it is, if it is given."""
        self._asked.append(name)
        return self.named.pop(name, None)

    def where(self, name: str = "where") -> Condition | None:
        """The condition of that name, if it is given."""
        part = self.part(name)
        return None if part is None else as_condition(part)

    def by(self) -> str | None:
        """The field called for by `by`, if it is given."""
        part = self.part("by")
        if part is None:
            return None
        if not isinstance(part, Name):
            raise syntax_error("`by` needs the name of a field.", part.position)
        return part.name

    def text(self, name: str) -> str | None:
        """The text of that name, if it is given."""
        part = self.part(name)
        return None if part is None else as_text(part, f"`{name}`")

    def span(self, name: str) -> Span | None:
        """The span of time of that name, if it is given."""
        part = self.part(name)
        if part is None:
            return None
        with located(part.position):
            return Span.parse(as_text(part, f"`{name}`"))

    def needed_span(self, name: str) -> Span:
        """The span of time of that name."""
        span = self.span(name)
        if span is None:
            raise self.lacking(name, f"{name} => '90 days'")
        return span

    def number(self, name: str) -> Decimal | None:
        """The number of that name, if it is given."""
        part = self.part(name)
        return None if part is None else as_number(part, f"`{name}`")

    def whole(self, name: str) -> int | None:
        """The whole number of that name, if it is given."""
        part = self.part(name)
        if part is None:
            return None
        number = as_number(part, f"`{name}`")
        if number != int(number):
            raise syntax_error(f"`{name}` is a whole number.", part.position)
        return int(number)

    def numbers(self, name: str) -> tuple[Decimal, ...] | None:
        """The numbers of that name, if they are given: `(10, 20)`."""
        part = self.part(name)
        if part is None:
            return None
        parts = part.parts if isinstance(part, Listing) else (part,)
        return tuple(as_number(each, f"`{name}`") for each in parts)

    def window(self) -> Window:
        """The window that the arguments spell; all time if none does."""
        given = {name: part for name in ARGUMENTS if (part := self.part(name)) is not None}
        texts = {name: as_text(part, f"`{name}`") for name, part in given.items()}
        with located(next((part.position for part in given.values()), None)):
            return window_of(texts)

    def lacking(self, name: str, example: str) -> RuleSyntaxError:
        """An error for a named argument that must be given."""
        return syntax_error(
            f"`{self.function}` needs `{name}`.", self.position, f"Write {example}."
        )

    def finish(self) -> None:
        """Refuse what nobody asked for.

        Raises:
            UnknownNameError: An argument of a name that the function does not know.
            RuleSyntaxError: One argument too many.
        """
        for name in self.named:
            where = str(self.spelled_at[name])
            raise UnknownNameError(f"argument of {self.function}", name, self._asked, where=where)
        for part in self.positional:
            raise syntax_error(f"`{self.function}` has one argument too many.", part.position)


def as_value(part: Part) -> ValueNode:
    """The part as a value.

    Raises:
        RuleSyntaxError: It is a condition, a list or a field of a fact.
    """
    if isinstance(part, ValueNode):
        return part
    if isinstance(part, Path):
        raise syntax_error(
            f"`{part.fact}.{part.field}` is many values.",
            part.position,
            f"Say which: last({part.fact}.{part.field}), or inside a `where` just `{part.field}`.",
        )
    if isinstance(part, Condition):
        raise syntax_error(
            "a condition stands where a value is needed.", part.position, "Use if(…, 1, 0)."
        )
    raise syntax_error("a list stands where a value is needed.", part.position)


def as_text(part: Part, what: str) -> str:
    """The part as a text literal."""
    if isinstance(part, Constant) and isinstance(part.content, str):
        return part.content
    raise syntax_error(f"{what} needs a text in quotes.", part.position)


def as_number(part: Part, what: str) -> Decimal:
    """The part as a number literal."""
    if isinstance(part, Constant) and not isinstance(part.content, bool):
        content = part.content
        if isinstance(content, int | Decimal):
            return Decimal(content)
    raise syntax_error(f"{what} needs a number.", part.position)


def as_condition(part: Part) -> Condition:
    """The part as a condition; a value that is true or false is one."""
    if isinstance(part, Condition):
        return part
    return IsTrue(as_value(part), position=part.position)


FUNCTIONS: dict[str, Callable[[Arguments], Node]] = {}
"""What can be called, by name."""


def spelled(*names: str) -> Callable[[Callable[[Arguments], Node]], Callable[[Arguments], Node]]:
    """Register how a node is read from the arguments of a call."""

    def register(read: Callable[[Arguments], Node]) -> Callable[[Arguments], Node]:
        FUNCTIONS.update(dict.fromkeys(names, read))
        return read

    return register
