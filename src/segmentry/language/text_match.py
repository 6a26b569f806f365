"""Conditions on texts: what they contain, how they start and end, patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type
from segmentry.language import pattern
from segmentry.language.arguments import Arguments, as_text, spelled, syntax_error
from segmentry.language.literal import clean, quoted
from segmentry.language.node import Base, Condition, Names, Node, Record, Scope, ValueNode
from segmentry.language.operand import compile_as, require
from segmentry.language.position import located
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op

MATCHES: dict[str, tuple[Op, Callable[[str, str], bool]]] = {
    "contains": (Op.CONTAINS, lambda text, part: part in text),
    "starts_with": (Op.STARTS_WITH, str.startswith),
    "ends_with": (Op.ENDS_WITH, str.endswith),
    "matches": (Op.MATCHES, lambda text, part: bool(pattern.in_python(part).search(text))),
}


@dataclass(frozen=True)
class TextMatch(Condition):
    """A text contains, starts with or ends with another, or matches a pattern (`pattern.py`).

    Upper and lower case differ; write `contains(lower(city), 'lviv')`. Not met when it is missing.
    """

    kind = "text_match"
    how: str
    operand: ValueNode
    part: str

    def __post_init__(self) -> None:
        if self.how not in MATCHES:
            raise RuleTypeError(f"`{self.how}` is not one of {', '.join(MATCHES)}.")
        clean(self.part)
        if self.how == "matches":
            pattern.checked(self.part)

    def children(self) -> Iterator[Node]:
        """The text that is searched."""
        yield self.operand

    def text(self) -> str:
        """`contains(x, 'part')`."""
        return f"{self.how}({self.operand.text()}, {quoted(self.part)})"

    def sentence(self, words: Words) -> str:
        """`x contains “part”`."""
        return self._said(self.how, words)

    def denial(self, words: Words) -> str:
        """`x does not contain “part”`."""
        return self._said(f"not_{self.how}", words)

    def _said(self, key: str, words: Words) -> str:
        part = words.said(self, words.quoted(self.part), "part")
        return words(f"text.{key}", value=self.operand.sentence(words), part=part)

    def check(self, names: Names) -> None:
        """The value is text."""
        require(self.operand, names, (Type.TEXT,), "a text")

    def compile(self, scope: Scope) -> Expression:
        """Two-valued search."""
        operand = compile_as(self.operand, Type.TEXT, scope)
        return call(Op.MET, call(MATCHES[self.how][0], operand, literal(self.part)))

    def holds(self, record: Record, base: Base) -> bool:
        """The plain search."""
        text = self.operand.value(record, base)
        return isinstance(text, str) and MATCHES[self.how][1](text, self.part)


@spelled(*MATCHES)
def _read_match(arguments: Arguments) -> TextMatch:
    operand = arguments.value()
    rest = arguments.rest()
    if len(rest) != 1:
        raise syntax_error(f"`{arguments.function}` needs a value and a text.", arguments.position)
    with located(rest[0].position):
        return TextMatch(arguments.function, operand, as_text(rest[0], "the second argument"))
