"""Conditions of conditions: and, or, not; and a truth value as a condition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type
from segmentry.language.literal import Constant
from segmentry.language.node import Base, Condition, Measure, Names, Node, Record, Scope, ValueNode
from segmentry.language.operand import require
from segmentry.language.words import Words
from segmentry.sql.expression import Call, Expression, call, literal
from segmentry.sql.operators import Op


class _Joined(Condition):
    """Two or more conditions in order."""

    parts: tuple[Condition, ...]

    def __post_init__(self) -> None:
        if len(self.parts) < 2:
            raise RuleTypeError(f"`{self.kind}` joins two conditions or more.")

    def children(self) -> Iterator[Node]:
        """The parts."""
        yield from self.parts

    def text(self) -> str:
        """The parts with the word between."""
        return f" {self.kind.upper()} ".join(each.inside(self.binding + 1) for each in self.parts)

    def _sentences(self, words: Words) -> list[str]:
        """The parts, grouped where one could not tell their end."""
        *others, last = self.parts
        said = [(each, isinstance(each, _Joined) or _has_where(each)) for each in others]
        return [
            words("group", inner=each.sentence(words)) if grouped else each.sentence(words)
            for each, grouped in [*said, (last, isinstance(last, _Joined))]
        ]


def _has_where(condition: Condition) -> bool:
    """Whether its sentence may end in a condition on rows."""
    return any(isinstance(each, Measure) and any(each.children()) for each in condition.walk())


@dataclass(frozen=True)
class And(_Joined):
    """All of the parts hold."""

    kind = "and"
    binding = 2
    parts: tuple[Condition, ...]

    def sentence(self, words: Words) -> str:
        """`a and b`, what is grouped in parentheses."""
        return words("and").join(self._sentences(words))

    def compile(self, scope: Scope) -> Expression:
        """Conjunction."""
        return Call(Op.AND, tuple(each.compile(scope) for each in self.parts), Type.BOOLEAN)

    def holds(self, record: Record, base: Base) -> bool:
        """All hold."""
        return all(each.holds(record, base) for each in self.parts)


@dataclass(frozen=True)
class Or(_Joined):
    """At least one of the parts holds."""

    kind = "or"
    binding = 1
    parts: tuple[Condition, ...]

    def sentence(self, words: Words) -> str:
        """`a or b`, what is grouped in parentheses."""
        return words("or").join(self._sentences(words))

    def compile(self, scope: Scope) -> Expression:
        """Disjunction."""
        return Call(Op.OR, tuple(each.compile(scope) for each in self.parts), Type.BOOLEAN)

    def holds(self, record: Record, base: Base) -> bool:
        """One holds."""
        return any(each.holds(record, base) for each in self.parts)


@dataclass(frozen=True)
class Not(Condition):
    """The part does not hold: all other customers (or rows), those with missing values included."""

    kind = "not"
    binding = 3
    part: Condition

    def children(self) -> Iterator[Node]:
        """The part."""
        yield self.part

    def text(self) -> str:
        """`NOT part`."""
        return f"NOT {self.part.inside(self.binding)}"

    def sentence(self, words: Words) -> str:
        """The part denied, as it is said of its kind."""
        return self.part.denial(words)

    def compile(self, scope: Scope) -> Expression:
        """Complement; exact, since conditions are never missing."""
        return call(Op.NOT, self.part.compile(scope))

    def holds(self, record: Record, base: Base) -> bool:
        """The part does not."""
        return not self.part.holds(record, base)


@dataclass(frozen=True)
class IsTrue(Condition):
    """A value that is true; missing is not."""

    kind = "is_true"
    operand: ValueNode

    @property
    def binding(self) -> int:  # type: ignore[override]
        """As its value: nothing is added to the spelling."""
        return self.operand.binding

    def children(self) -> Iterator[Node]:
        """The value."""
        yield self.operand

    def text(self) -> str:
        """The value alone."""
        return self.operand.text()

    def sentence(self, words: Words) -> str:
        """`newsletter is yes`; `everybody` and `nobody` for true and false."""
        if isinstance(self.operand, Constant):
            return words("everybody" if self.operand.content else "nobody")
        return words("is_true", value=self.operand.sentence(words))

    def denial(self, words: Words) -> str:
        """`newsletter is not yes`."""
        if isinstance(self.operand, Constant):
            return words("nobody" if self.operand.content else "everybody")
        return words("is_not_true", value=self.operand.sentence(words))

    def check(self, names: Names) -> None:
        """The value is true or false.

        Raises:
            RuleTypeError: It is something else.
        """
        if isinstance(self.operand, Constant) and self.operand.content is None:
            raise RuleTypeError("`null` is not a condition.")
        require(self.operand, names, (Type.BOOLEAN,), "a condition")

    def compile(self, scope: Scope) -> Expression:
        """True only where the value is."""
        if isinstance(self.operand, Constant):
            return literal(bool(self.operand.content), Type.BOOLEAN)
        return call(Op.MET, self.operand.compile(scope))

    def holds(self, record: Record, base: Base) -> bool:
        """The value is true."""
        return self.operand.value(record, base) is True
