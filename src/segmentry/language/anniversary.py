"""Birthdays and other days that come again every year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type
from segmentry.language.arguments import Arguments, spelled
from segmentry.language.literal import quoted
from segmentry.language.node import Base, Condition, Names, Node, Record, Scope, ValueNode
from segmentry.language.operand import compile_as, require, value_as
from segmentry.language.position import located
from segmentry.language.span import Span
from segmentry.language.words import Words
from segmentry.sql.expression import Call, Expression, call, literal
from segmentry.sql.operators import Op


@dataclass(frozen=True)
class Anniversary(Condition):
    """An anniversary of the day falls in `[day of as_of, that day + within)`, the first year later.

    Someone born on 29 February has a birthday on the 28th in common years. Not met when the day is
    missing or has not come yet. `within` is in days or weeks, at most a year.
    """

    kind = "anniversary"
    operand: ValueNode
    within: Span

    def __post_init__(self) -> None:
        if self.within.unit not in ("day", "week") or self.within.days > 365:
            raise RuleTypeError(
                f"`within` cannot be {self.within}.", fix="Write 1 to 365 days: '7 days'."
            )

    def children(self) -> Iterator[Node]:
        """The day."""
        yield self.operand

    def text(self) -> str:
        """`anniversary(birth_on, within => '7 days')`."""
        return f"anniversary({self.operand.text()}, within => {quoted(str(self.within))})"

    def repeats(self) -> int:
        """The day is spelled three times."""
        return 3 * self.operand.repeats()

    def sentence(self, words: Words) -> str:
        """`an anniversary of x comes within 7 days`."""
        return self._said("anniversary", words)

    def denial(self, words: Words) -> str:
        """`no anniversary of x comes within 7 days`."""
        return self._said("not_anniversary", words)

    def _said(self, key: str, words: Words) -> str:
        return words(key, value=self.operand.sentence(words), span=self.within.sentence(words))

    def check(self, names: Names) -> None:
        """The value is a day or instant."""
        require(self.operand, names, (Type.DATE, Type.INSTANT), "a day")

    def _last(self, day: date) -> date:
        return day + timedelta(days=int(self.within.days) - 1)

    def compile(self, scope: Scope) -> Expression:
        """Month and day as one number, between those of the first and last day that count."""
        today = scope.as_of.day
        operand = compile_as(self.operand, Type.DATE, scope)
        hundred = call(Op.MULTIPLY, call(Op.MONTH, operand, type=Type.INTEGER), literal(100),
                       type=Type.INTEGER)  # fmt: skip
        code = call(Op.ADD, hundred, call(Op.DAY_OF_MONTH, operand, type=Type.INTEGER),
                    type=Type.INTEGER)  # fmt: skip
        first, last = _code(today), _closing_code(self._last(today))
        after = call(Op.AT_LEAST, code, literal(first))
        until = call(Op.AT_MOST, code, literal(last))
        # a stretch that passes New Year takes the end of one year and the beginning of the next
        inside = Call(Op.AND if first <= last else Op.OR, (after, until), Type.BOOLEAN)
        past = call(Op.LESS, operand, literal(today))
        return call(Op.MET, call(Op.AND, past, inside))

    def holds(self, record: Record, base: Base) -> bool:
        """One of the days in question is the anniversary of that year."""
        day = value_as(self.operand, Type.DATE, record, base)
        today = base.as_of.day
        if not isinstance(day, date) or day >= today:
            return False
        days = (today + timedelta(days=number) for number in range(int(self.within.days)))
        return any(_anniversary(day, each.year) == each for each in days)


def _code(day: date) -> int:
    return day.month * 100 + day.day


def _closing_code(day: date) -> int:
    """The code up to which days count; 28 February stands for the 29th in a common year."""
    following = day + timedelta(days=1)
    return 229 if _code(day) == 228 and following.month == 3 else _code(day)


def _anniversary(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


@spelled("anniversary")
def _read_anniversary(arguments: Arguments) -> Anniversary:
    operand = arguments.value()
    within = arguments.needed_span("within")
    with located(arguments.position):
        return Anniversary(operand, within)
