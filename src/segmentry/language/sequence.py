"""Sequences: one thing after another, with nothing in between that would spoil it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segmentry.core.errors import RuleTypeError
from segmentry.core.types import Type
from segmentry.language.arguments import Arguments, Clause, Part, spelled, syntax_error
from segmentry.language.behavior import (
    CUSTOMER,
    by_keys,
    clock,
    instant,
    keys,
    require_clock,
    seconds_between,
)
from segmentry.language.condition import Comparison
from segmentry.language.literal import Constant, clean, quoted
from segmentry.language.node import (
    Base,
    Condition,
    FactRows,
    MeasuredCondition,
    Node,
    Record,
    Scope,
)
from segmentry.language.position import located
from segmentry.language.rows import Row, instant_of, meets, rows_of
from segmentry.language.schema import Fact
from segmentry.language.span import Span
from segmentry.language.spelling import group_of_rows, options, path
from segmentry.language.value import Name
from segmentry.language.window import ALL_TIME, Window
from segmentry.language.words import Words
from segmentry.sql.expression import (
    Call,
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

MOST_STEPS = 10
PLACE = Column("place", Type.INTEGER)
NOW = Column("clock", Type.INSTANT)
STARTED = Column("started", Type.INTEGER)
"""Place of the latest first step from which a chain reaches this row."""
STARTED_AT = Column("started_at", Type.INSTANT)
SPOILED = Column("spoiled", Type.INTEGER)
"""Place of the latest row before this one that spoils a chain."""


@dataclass(frozen=True)
class Sequence(MeasuredCondition):
    """Rows that meet the steps one after another, among the rows that meet `where`.

    Rows are in the fact's total order, and each step is a later row than the one before; other rows
    may lie between. No row strictly between the first and the last step meets `without`. From first
    to last step no more than `within` passes: in days or weeks on the wall clock of the workspace's
    zone, in hours elapsed; whole seconds, the limit included.
    """

    kind = "sequence"
    fusible = False
    fact: str
    steps: tuple[Condition, ...]
    without: Condition | None = None
    within: Span | None = None
    where: Condition | None = None
    window: Window = ALL_TIME

    def __post_init__(self) -> None:
        clean(self.fact)
        if not 2 <= len(self.steps) <= MOST_STEPS:
            raise RuleTypeError(f"a sequence has from 2 to {MOST_STEPS} steps.")
        if self.within is not None:
            require_clock(self.within, "within")

    def children(self) -> Iterator[Node]:
        """The conditions on rows: steps, `without`, `where`."""
        yield from self.steps
        yield from filter(None, (self.without, self.where))

    def own_fields(self) -> tuple[str, ...]:
        """None."""
        return ()

    def text(self) -> str:
        """`sequence(events, 'view_item', 'add_to_cart', without => 'purchase')`."""
        steps = "".join(f", {_step_text(each)}" for each in self.steps)
        more = {}
        if self.without is not None:
            more["without"] = _step_text(self.without)
        if self.within is not None:
            more["within"] = quoted(str(self.within))
        return f"sequence({path(self.fact)}{steps}{options(self.where, self.window, **more)})"

    def sentence(self, words: Words) -> str:
        """`events: view_item, then add_to_cart, without purchase in between, within 2 days`."""
        inner = words.of_rows(self.fact)
        said = words("behavior.then").join(_step_sentence(each, inner) for each in self.steps)
        if self.without is not None:
            said += words("behavior.without", step=_step_sentence(self.without, inner))
        if self.within is not None:
            said += words("behavior.within", span=self.within.sentence(words))
        rows = group_of_rows(words, self.fact, self.where, self.window)
        return words("behavior.sequence", rows=rows, steps=said)

    def expression(self, scope: Scope) -> Expression:
        """Not one aggregate: the planner asks `select`."""
        raise NotImplementedError(self.kind)

    def select(self, rows: FactRows) -> Relation:
        """For every row that is a last step, the best chain that ends there.

        The best is the one whose first step is latest: if it is too long or spoiled, so are all
        others. One pass a step carries that first step along.
        """
        source: Relation = self._numbered(rows)
        for number in range(len(self.steps)):
            source = self._reached(source, number)
        good = all_of([
            call(Op.NOT, call(Op.IS_MISSING, STARTED)),
            None if self.without is None else self._unspoiled(),
            None if self.within is None else call(
                Op.AT_MOST,
                call(Op.SECONDS_BETWEEN, STARTED_AT, NOW, type=Type.INTEGER),
                literal(self.within.seconds),
            ),
        ])  # fmt: skip
        assert good is not None
        found = call(Op.ANY_TRUE, call(Op.MET, good))
        return Select(source, {"customer_no": CUSTOMER, "value": found}, group_by=(CUSTOMER,))

    def _unspoiled(self) -> Expression:
        return call(Op.OR, call(Op.IS_MISSING, SPOILED), call(Op.AT_MOST, SPOILED, STARTED))

    def _numbered(self, rows: FactRows) -> Select:
        """The rows that matter, with their place, clock and which steps they meet."""
        scope = rows.scope()
        steps = [each.compile(scope) for each in self.steps]
        spoils = [] if self.without is None else [self.without.compile(scope)]
        flags = {f"step_{number}": step for number, step in enumerate(steps)}
        if spoils:
            flags["spoils"] = spoils[0]
        moment = clock(instant(scope, rows.fact), self.within, rows.as_of.timezone)
        order = keys(rows)
        relevant = Call(Op.OR, (*steps, *spoils), Type.BOOLEAN)
        inner = rows.select({"clock": moment} | flags | order, grouped=False, where=relevant)
        place = Over(call(Op.ROW_NUMBER, type=Type.INTEGER), (CUSTOMER,), by_keys(order))
        kept: dict[str, Expression] = {name: Column(name, Type.BOOLEAN) for name in flags}
        kept |= {"customer_no": CUSTOMER, "clock": NOW, "place": place}
        return Select(inner, kept)

    def _reached(self, source: Relation, number: int) -> Select:
        """The rows with the latest first step from which this step is reached."""
        step = Column(f"step_{number}", Type.BOOLEAN)

        def latest(what: Expression) -> Expression:
            order = (Order(PLACE),)
            return Over(call(Op.MAXIMUM, what, type=what.type), (CUSTOMER,), order, before=True)

        def if_met(what: Expression) -> Expression:
            return call(Op.IF, step, what, literal(None, what.type), type=what.type)

        columns: dict[str, Expression] = {"customer_no": CUSTOMER, "clock": NOW, "place": PLACE}
        columns["started"] = if_met(latest(STARTED) if number else PLACE)
        if self.within is not None:
            columns["started_at"] = if_met(latest(STARTED_AT) if number else NOW)
        if self.without is not None:
            spoils = Column("spoils", Type.BOOLEAN)
            place = call(Op.IF, spoils, PLACE, literal(None, Type.INTEGER), type=Type.INTEGER)
            columns["spoiled"] = SPOILED if number else latest(place)
        for later in range(number + 1, len(self.steps)):
            columns[f"step_{later}"] = Column(f"step_{later}", Type.BOOLEAN)
        return Select(source, columns)

    def value(self, record: Record, base: Base) -> bool:
        """Row by row: how many of the starts so far have reached each step, and are not spoiled."""
        fact = base.schema.fact(self.fact)
        rows = rows_of(self, record, base)
        starts: list[Row] = []
        reached, spoiled = [0] * len(self.steps), 0
        for row in rows:
            met = [meets(step, row, fact, record, base) for step in self.steps]
            good = starts[spoiled : reached[-2]] if met[-1] else []
            if any(self._in_time(start, row, fact, base) for start in reversed(good)):
                return True
            for number in range(len(self.steps) - 2, 0, -1):
                reached[number] = reached[number - 1] if met[number] else reached[number]
            if self.without is not None and meets(self.without, row, fact, record, base):
                spoiled = len(starts)
            if met[0]:
                starts.append(row)
                reached[0] = len(starts)
        return False

    def _in_time(self, first: Row, last: Row, fact: Fact, base: Base) -> bool:
        if self.within is None or self.within.seconds is None:
            return True
        start, end = instant_of(first, fact), instant_of(last, fact)
        passed = seconds_between(start, end, self.within, base.as_of.timezone)
        return passed <= self.within.seconds


def _event(condition: Condition) -> str | None:
    """The event's name if the condition is no more than that."""
    match condition:
        case Comparison("=", Name("name"), Constant(str(event))):
            return event
    return None


def _step_text(condition: Condition) -> str:
    event = _event(condition)
    return f"where({condition.text()})" if event is None else quoted(event)


def _step_sentence(condition: Condition, words: Words) -> str:
    event = _event(condition)
    if event is None:
        return condition.sentence(words)
    return words.said(condition, words.messages.apart(words.value(event)))


def _step(part: Part) -> Condition:
    if isinstance(part, Clause):
        return part.condition
    if isinstance(part, Constant) and isinstance(part.content, str):
        at = part.position
        return Comparison("=", Name("name", position=at), part, position=at)
    raise syntax_error(
        "a step is the name of an event or a condition.", part.position,
        "Write 'view_item' or where(channel = 'web').",
    )  # fmt: skip


@spelled("sequence")
def _read_sequence(arguments: Arguments) -> Sequence:
    fact = arguments.fact()
    steps = tuple(_step(each) for each in arguments.rest())
    spoiling = arguments.part("without")
    without = None if spoiling is None else _step(spoiling)
    within, where = arguments.span("within"), arguments.where()
    window = arguments.window()
    with located(arguments.position):
        return Sequence(fact, steps, without, within, where, window)
