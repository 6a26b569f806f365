"""Behaviour over time: regular, for the first time, no longer, again.

A span between two rows (`gap`) in days or weeks is taken on the wall clock of the workspace's
zone, so that it is the same from midnight to midnight when the clocks change; in hours it is
elapsed time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from segmentry.core.errors import RuleTypeError
from segmentry.core.time import AsOf, to_local
from segmentry.core.types import Type
from segmentry.language.arguments import Arguments, spelled
from segmentry.language.literal import clean, quoted
from segmentry.language.node import (
    Base,
    Condition,
    FactRows,
    MeasuredCondition,
    Record,
    Scope,
    column,
)
from segmentry.language.position import located
from segmentry.language.rows import instant_of, rows_of
from segmentry.language.schema import Fact
from segmentry.language.span import Span
from segmentry.language.spelling import group_of_rows, options, path
from segmentry.language.window import ALL_TIME, Back, Window
from segmentry.language.words import Words
from segmentry.locale import Phrase
from segmentry.sql.expression import (
    Column,
    Expression,
    Order,
    Over,
    Relation,
    Select,
    all_of,
    call,
    literal,
)
from segmentry.sql.operators import Op

CUSTOMER = Column("customer_no", Type.INTEGER)
MOST_PERIODS = 60


def instant(scope: Scope, fact: Fact) -> Expression:
    """When a row happened."""
    return column(scope, fact, fact.instant, Type.INSTANT)


def keys(rows: FactRows) -> dict[str, Expression]:
    """The fact's keys as columns `key_0`, `key_1` …, for an order over them."""
    scope, fact = rows.scope(), rows.fact
    return {
        f"key_{number}": column(scope, fact, key, Type.TEXT) for number, key in enumerate(fact.keys)
    }


def by_keys(names: Iterable[str]) -> tuple[Order, ...]:
    """Order by the columns that `keys` made."""
    return tuple(Order(Column(name, Type.TEXT)) for name in names)


def clock(moment: Expression, span: Span | None, zone: str) -> Expression:
    """The instant on the clock by which a span is measured."""
    if span is None or span.unit == "hour" or zone == "UTC":
        return moment
    return call(Op.LOCAL_TIME, moment, literal(zone), type=Type.INSTANT)


def seconds_between(start: datetime, end: datetime, span: Span, zone: str) -> int:
    """Whole seconds on the clock by which a span is measured."""
    if span.unit != "hour":
        start, end = to_local(start, zone), to_local(end, zone)
    return int((end - start).total_seconds() // 1)


def require_clock(span: Span, name: str) -> None:
    """Refuse spans whose length depends on the month or year.

    Raises:
        RuleTypeError: It is in months, quarters or years.
    """
    if span.seconds is None:
        raise RuleTypeError(
            f"`{name}` cannot be {span}, which is longer or shorter by the month.",
            fix=f"Write it in days: '{round(span.days)} days'.",
        )


class _Behavior(MeasuredCondition):
    """A condition on when a customer's rows happened, all rows that meet `where` considered."""

    window: Window = ALL_TIME

    def own_fields(self) -> tuple[str, ...]:
        """None."""
        return ()

    def _rows(self, words: Words) -> Phrase:
        return group_of_rows(words, self.fact, self.where, ALL_TIME)

    def _instants(self, record: Record, base: Base) -> list[datetime]:
        fact = base.schema.fact(self.fact)
        return [instant_of(row, fact) for row in rows_of(self, record, base)]


@dataclass(frozen=True)
class Periods(_Behavior):
    """In at least so many of the last periods there was a row that meets `where`.

    The periods are counted back from as_of: with `every => 'month'` the first is the month up to
    as_of, not a month of the calendar.
    """

    kind = "periods"
    fact: str
    every: Span
    at_least: int
    of: int
    where: Condition | None = None

    def __post_init__(self) -> None:
        clean(self.fact)
        if not 1 <= self.at_least <= self.of <= MOST_PERIODS:
            raise RuleTypeError(
                f"at least {self.at_least} of {self.of} periods?",
                fix=f"`at_least` is from 1 to `of`, and `of` at most {MOST_PERIODS}.",
            )
        self.every.times(self.of)

    @property
    def window(self) -> Window:  # type: ignore[override]
        """All the periods together."""
        return Back(self.every.times(self.of))

    def text(self) -> str:
        """`periods(orders, every => '1 month', at_least => 3, of => 6)`."""
        more = options(
            self.where, every=quoted(str(self.every)), at_least=str(self.at_least), of=str(self.of)
        )
        return f"periods({path(self.fact)}{more})"

    def sentence(self, words: Words) -> str:
        """`orders in at least 3 of the last 6 periods of 1 month`."""
        span = self.every.sentence(words)
        least = words.number(self, self.at_least, "at_least")
        of = words.number(self, self.of, "of")
        return words("behavior.periods", rows=self._rows(words), least=least, of=of, span=span)

    def _starts(self, as_of: AsOf) -> list[datetime]:
        """Where all periods but the earliest begin."""
        return [self.every.times(number).before(as_of) for number in range(1, self.of)]

    def expression(self, scope: Scope) -> Expression:
        """Distinct numbers of periods; the number of a row is that of the starts after it."""
        at = instant(scope, scope.schema.fact(self.fact))
        steps = [
            call(Op.IF, call(Op.LESS, at, literal(start)), literal(1), literal(0),
                 type=Type.INTEGER)
            for start in self._starts(scope.as_of)
        ]  # fmt: skip
        number = call(Op.ADD, literal(0), *steps, type=Type.INTEGER)
        counted = call(Op.COUNT_DISTINCT, number, type=Type.INTEGER)
        return call(Op.AT_LEAST, counted, literal(self.at_least))

    def value(self, record: Record, base: Base) -> bool:
        """The plain count of periods."""
        starts = self._starts(base.as_of)
        hit = {sum(at < start for start in starts) for at in self._instants(record, base)}
        return len(hit) >= self.at_least


@spelled("periods")
def _read_periods(arguments: Arguments) -> Periods:
    fact, every = arguments.fact(), arguments.needed_span("every")
    at_least, of = arguments.whole("at_least"), arguments.whole("of")
    if at_least is None or of is None:
        raise arguments.lacking("at_least` and `of", "at_least => 3, of => 6")
    with located(arguments.position):
        return Periods(fact, every, at_least, of, arguments.where())


@dataclass(frozen=True)
class FirstTime(_Behavior):
    """The first row ever that meets `where` lies in the window `recent`."""

    kind = "first_time"
    fact: str
    where: Condition | None = None
    recent: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact)

    def text(self) -> str:
        """`first_time(orders, last => '30 days')`."""
        return f"first_time({path(self.fact)}{options(self.where, self.recent)})"

    def sentence(self, words: Words) -> str:
        """`orders for the first time in the last 30 days`."""
        recent = self.recent.sentence(words)
        key = "behavior.first_time" if recent else "behavior.first_time_ever"
        return words(key, rows=self._rows(words), window=recent)

    def expression(self, scope: Scope) -> Expression:
        """The least instant is inside."""
        first = call(Op.MINIMUM, instant(scope, scope.schema.fact(self.fact)), type=Type.INSTANT)
        start, end = self.recent.bounds(scope.as_of)
        before = call(Op.LESS, first, literal(end))
        after = None if start is None else call(Op.AT_LEAST, first, literal(start))
        return all_of([after, before]) or before

    def value(self, record: Record, base: Base) -> bool:
        """The first instant is inside."""
        instants = self._instants(record, base)
        return bool(instants) and self.recent.holds(instants[0], base.as_of)


@spelled("first_time")
def _read_first_time(arguments: Arguments) -> FirstTime:
    return FirstTime(arguments.fact(), arguments.where(), arguments.window())


@dataclass(frozen=True)
class Stopped(_Behavior):
    """There were rows that meet `where`, but none in the last span."""

    kind = "stopped"
    fact: str
    after: Span
    where: Condition | None = None

    def __post_init__(self) -> None:
        clean(self.fact)

    def text(self) -> str:
        """`stopped(orders, after => '90 days')`."""
        return f"stopped({path(self.fact)}{options(self.where, after=quoted(str(self.after)))})"

    def sentence(self, words: Words) -> str:
        """`orders once, but none in the last 90 days`."""
        span, recent = self.after.sentence(words), Back(self.after).sentence(words)
        return words("behavior.stopped", rows=self._rows(words), span=span, window=recent)

    def expression(self, scope: Scope) -> Expression:
        """The greatest instant is before the span."""
        last = call(Op.MAXIMUM, instant(scope, scope.schema.fact(self.fact)), type=Type.INSTANT)
        return call(Op.LESS, last, literal(self.after.before(scope.as_of)))

    def value(self, record: Record, base: Base) -> bool:
        """The last instant is before the span."""
        instants = self._instants(record, base)
        return bool(instants) and instants[-1] < self.after.before(base.as_of)


@spelled("stopped")
def _read_stopped(arguments: Arguments) -> Stopped:
    return Stopped(arguments.fact(), arguments.needed_span("after"), arguments.where())


@dataclass(frozen=True)
class Restarted(_Behavior):
    """A row in the window `recent` came after a break: the one before it lies at least `gap` back.

    Only rows that meet `where` count, the one before may lie outside of the window. The very first
    row comes after no break.
    """

    kind = "restarted"
    fusible = False
    fact: str
    gap: Span
    where: Condition | None = None
    recent: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact)
        require_clock(self.gap, "gap")

    def text(self) -> str:
        """`restarted(orders, gap => '90 days', last => '30 days')`."""
        more = options(self.where, self.recent, gap=quoted(str(self.gap)))
        return f"restarted({path(self.fact)}{more})"

    def sentence(self, words: Words) -> str:
        """`orders again after 90 days without, in the last 30 days`."""
        recent = self.recent.sentence(words)
        key = "behavior.restarted" if recent else "behavior.restarted_ever"
        gap = self.gap.sentence(words)
        return words(key, rows=self._rows(words), span=gap, window=recent)

    @property
    def windows(self) -> tuple[Window, ...]:
        """That in which it began again, too."""
        return self.window, self.recent

    def expression(self, scope: Scope) -> Expression:
        """Not one aggregate: the planner asks `select`."""
        raise NotImplementedError(self.kind)

    def select(self, rows: FactRows) -> Relation:
        """Each row with the one before, then whether any came late enough."""
        at, now, before = (Column(name, Type.INSTANT) for name in ("at", "clock", "previous"))
        moment, order = instant(rows.scope(), rows.fact), keys(rows)
        moments = {"at": moment, "clock": clock(moment, self.gap, rows.as_of.timezone)}
        previous = Over(call(Op.PREVIOUS, now, type=Type.INSTANT), (CUSTOMER,), by_keys(order))
        paired = Select(
            rows.select(moments | order, grouped=False),
            {"customer_no": CUSTOMER, "at": at, "clock": now, "previous": previous},
        )
        start, end = self.recent.bounds(rows.as_of)
        passed = call(Op.SECONDS_BETWEEN, before, now, type=Type.INTEGER)
        late = all_of([
            call(Op.AT_LEAST, passed, literal(self.gap.seconds)),
            None if start is None else call(Op.AT_LEAST, at, literal(start)),
            call(Op.LESS, at, literal(end)),
        ])  # fmt: skip
        assert late is not None
        return Select(
            paired, {"customer_no": CUSTOMER, "value": call(Op.ANY_TRUE, late)},
            group_by=(CUSTOMER,),
        )  # fmt: skip

    def value(self, record: Record, base: Base) -> bool:
        """The plain look at each row and the one before."""
        zone, seconds = base.as_of.timezone, self.gap.seconds or 0
        instants = self._instants(record, base)
        return any(
            seconds_between(before, now, self.gap, zone) >= seconds
            and self.recent.holds(now, base.as_of)
            for before, now in pairwise(instants)
        )


@spelled("restarted")
def _read_restarted(arguments: Arguments) -> Restarted:
    fact, gap = arguments.fact(), arguments.needed_span("gap")
    where, recent = arguments.where(), arguments.window()
    with located(arguments.position):
        return Restarted(fact, gap, where, recent)
