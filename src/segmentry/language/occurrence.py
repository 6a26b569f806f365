"""Whether a customer has rows of a kind: any, none, or only such rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.language.arguments import Arguments, spelled
from segmentry.language.literal import clean
from segmentry.language.logic import Not
from segmentry.language.node import Base, Condition, MeasuredCondition, Node, Record, Scope
from segmentry.language.rows import rows_of
from segmentry.language.spelling import options, path, rows_in_words
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words
from segmentry.sql.expression import Expression, call, literal
from segmentry.sql.operators import Op


@dataclass(frozen=True)
class AnyOf(MeasuredCondition):
    """At least one row of the fact in the window meets `where`."""

    kind = "any"
    fact: str
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact)

    def own_fields(self) -> tuple[str, ...]:
        """None."""
        return ()

    def text(self) -> str:
        """`any(events, where => name = 'refund', last => '30 days')`."""
        return f"any({path(self.fact)}{options(self.where, self.window)})"

    def sentence(self, words: Words) -> str:
        """`any orders in the last 30 days`."""
        return words("any", rows=rows_in_words(words, self.fact, self.where, self.window))

    def denial(self, words: Words) -> str:
        """`no orders in the last 30 days`."""
        return words("none", rows=rows_in_words(words, self.fact, self.where, self.window))

    def expression(self, scope: Scope) -> Expression:  # noqa: ARG002
        """There is a row."""
        return call(Op.GREATER, call(Op.COUNT_ROWS), literal(0))

    def value(self, record: Record, base: Base) -> bool:
        """There is a row."""
        return bool(rows_of(self, record, base))


@dataclass(frozen=True)
class NoneOf(Condition):
    """No row of the fact in the window meets `where`. Met by customers without any rows."""

    kind = "none"
    of_customers = True
    fact: str
    where: Condition | None = None
    window: Window = ALL_TIME

    @property
    def denied(self) -> AnyOf:
        """The condition of which this is the negation."""
        return AnyOf(self.fact, self.where, self.window, position=self.position)

    def __post_init__(self) -> None:
        clean(self.fact)

    def children(self) -> Iterator[Node]:
        """The condition that is denied."""
        yield self.denied

    def text(self) -> str:
        """`none(orders, …)`."""
        return f"none({path(self.fact)}{options(self.where, self.window)})"

    def sentence(self, words: Words) -> str:
        """`no orders …`."""
        return self.denied.denial(words)

    def denial(self, words: Words) -> str:
        """`any orders …`."""
        return self.denied.sentence(words)

    def compile(self, scope: Scope) -> Expression:
        """Complement of any."""
        return call(Op.NOT, self.denied.compile(scope))

    def holds(self, record: Record, base: Base) -> bool:
        """There is no row."""
        return not self.denied.holds(record, base)


@dataclass(frozen=True)
class AllOf(Condition):
    """Every row of the fact in the window meets `where`. Met by customers without any rows."""

    kind = "all"
    of_customers = True
    fact: str
    where: Condition
    window: Window = ALL_TIME

    @property
    def denied(self) -> AnyOf:
        """The condition of which this is the negation: a row that does not meet `where`."""
        return AnyOf(self.fact, Not(self.where), self.window, position=self.position)

    def __post_init__(self) -> None:
        clean(self.fact)

    def children(self) -> Iterator[Node]:
        """The condition that is denied."""
        yield self.denied

    def text(self) -> str:
        """`all(orders, where => …)`."""
        return f"all({path(self.fact)}{options(self.where, self.window)})"

    def sentence(self, words: Words) -> str:
        """`all orders … have channel is web`."""
        rows = rows_in_words(words, self.fact, None, self.window)
        return words("all", rows=rows, condition=self.where.sentence(words.of_rows(self.fact)))

    def denial(self, words: Words) -> str:
        """`not all orders …`."""
        rows = rows_in_words(words, self.fact, None, self.window)
        return words("not_all", rows=rows, condition=self.where.sentence(words.of_rows(self.fact)))

    def compile(self, scope: Scope) -> Expression:
        """No row is an exception."""
        return call(Op.NOT, self.denied.compile(scope))

    def holds(self, record: Record, base: Base) -> bool:
        """No row is an exception."""
        return not self.denied.holds(record, base)


@spelled("any")
def _read_any(arguments: Arguments) -> AnyOf:
    return AnyOf(arguments.fact(), arguments.where(), arguments.window())


@spelled("none")
def _read_none(arguments: Arguments) -> NoneOf:
    return NoneOf(arguments.fact(), arguments.where(), arguments.window())


@spelled("all")
def _read_all(arguments: Arguments) -> AllOf:
    fact, where = arguments.fact(), arguments.where()
    if where is None:
        raise arguments.lacking("where", "where => channel = 'web'")
    return AllOf(fact, where, arguments.window())
