"""The planner: from features and rules to one query that gives one row per customer.

The query is a chain of named steps. Each distinct measure is computed once, in a narrow select over
only the rows and columns it needs; measures over the same rows share one. Then the customers, with
their traits, take the measures in (`level_0`); features that read other features, or statistics of
the base, follow level by level.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from segmentry.core.errors import CycleError, UnknownNameError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.data.identity.counted import counted
from segmentry.features.consent import PERSON
from segmentry.features.known import Features, KnownFeature, names_in, statistics_in
from segmentry.features.moved import Moved
from segmentry.features.rows import Rows
from segmentry.features.statistics import statistics_row
from segmentry.language.node import Condition, Measure, Node, Statistic
from segmentry.language.schema import Schema
from segmentry.language.text import measures, segments
from segmentry.language.value import Name
from segmentry.sql.expression import (
    Column,
    Expression,
    Join,
    Query,
    Relation,
    Select,
    Table,
    all_of,
    call,
    literal,
)
from segmentry.sql.operators import Op

CUSTOMER = Column("customer_no", Type.INTEGER)
BESIDE = "beside"
"""Alias of the relation with what is computed already."""
KNOWN = "#known"
"""Column that says of each number whether a customer with it is known."""


@dataclass(frozen=True)
class Beside:
    """A relation with `customer_no` and columns that are computed already, of the customers asked.

    Args:
        features: Those that are there, under their names.
        measures: The columns of measures, `empty` where there were no rows.
    """

    relation: Relation
    features: frozenset[str]
    measures: Mapping[Measure, str]


@dataclass(frozen=True)
class CustomerSource:
    """Where the customers come from: a relation with `customer_no`, `customer_id` and traits.

    Args:
        relation: `None` when the customers are those who have rows in the first measure, and
            their number is their id.
        known_at: Column of the instant since when a customer is known (missing: since always).
        ready: Features that are already columns of the relation.
        beside: More that is computed already.
        columns: The features that are ready as arrays, a customer's number the place, with `KNOWN`.
        moved: What became of these columns since an earlier snapshot, where that is known.
    """

    relation: Relation | None
    known_at: str | None = "known_at"
    ready: frozenset[str] = frozenset()
    beside: Beside | None = None
    columns: Mapping[str, Any] | None = field(default=None, compare=False)
    moved: Moved | None = field(default=None, compare=False)

    @property
    def computed(self) -> frozenset[str]:
        """Features that need not be computed."""
        return self.ready | (self.beside.features if self.beside else frozenset())

    def measured(self, measure: Measure) -> str | None:
        """The column of a measure that need not be computed."""
        return self.beside.measures.get(measure) if self.beside else None


CUSTOMERS = CustomerSource(Table(counted("customers")))


@dataclass(frozen=True)
class CustomerScope:
    """Names are columns of the level below; on the lowest level, of the customers themselves."""

    plan: Plan
    level: int

    @property
    def schema(self) -> Schema:
        """What exists."""
        return self.plan.features.schema

    @property
    def as_of(self) -> AsOf:
        """The instant."""
        return self.plan.as_of

    def name(self, name: str) -> Expression:
        """The column of a feature or trait."""
        beside = self.plan.source.beside
        home = BESIDE if beside and name in beside.features else PERSON
        return Column(name, self.type(name), "" if self.level else home)

    def type(self, name: str) -> Type:
        """Type of a feature or trait."""
        return Type.TEXT if name == "customer_id" else self.schema.feature(name).type

    def measure(self, measure: Measure) -> Expression:
        """The column that holds a measure; a customer without rows has the measure's `empty`."""
        step, column = self.plan.place(measure)
        held = Column(column, measure.type(self), "" if self.level else step)
        if self.level or measure.empty is None:
            return held
        return call(Op.FIRST_KNOWN, held, literal(measure.empty), type=held.type)

    def statistic(self, statistic: Statistic) -> Expression:
        """The column of the one-row step that holds a statistic."""
        return self.plan.statistic(statistic, self.level)

    def segment(self, name: str) -> Expression:
        """Another segment's rule, in place."""
        return self.plan.rule(name).compile(self)


@dataclass
class Plan:
    """Collects what a query needs, then gives it as a chain of steps.

    Args:
        rules: Trees of the segments that `in_segment` may name.
    """

    features: Features
    as_of: AsOf
    rules: Mapping[str, Condition] = field(default_factory=dict)
    source: CustomerSource = CUSTOMERS
    _groups: dict[object, list[Measure]] = field(default_factory=dict)
    _statistics: dict[int, list[Statistic]] = field(default_factory=dict)
    _levels: dict[str, int] = field(default_factory=dict)

    def query(self, outputs: Mapping[str, Node], *, where: Condition | None = None) -> Query:
        """One row per customer known at as_of: `customer_no`, `customer_id`, then `outputs`."""
        asked = [*outputs.values(), *([where] if where else [])]
        needed, wanted = self.reads(asked)
        spread = list(self._spread(asked, ()))
        for each in needed:
            self._levels[each.name] = self._level_of(each.node)
        for measure in wanted:
            self.register(measure)
        top = max(map(self._level_of, spread), default=0)
        steps: dict[str, Relation] = {step: select for step, select, _ in self.measure_steps()}
        for level in range(top):
            fresh = {each.name: each.node for each in needed if self._levels[each.name] == level}
            later = [each.node for each in needed if self._levels[each.name] > level] + spread
            steps |= self._step(level, self._carried(later, level) | fresh)
        last = self._step(top, outputs, where)
        result = last.pop(f"level_{top}")
        assert isinstance(result, Select)
        return Query(steps | last, result=result)

    def reads(self, outputs: Iterable[Node]) -> tuple[list[KnownFeature], list[Measure]]:
        """Features that outputs read, each after those it reads itself, and every measure."""
        spread = list(self._spread(outputs, ()))
        needed = self.features.needed(spread, self.source.computed)
        found = (
            each for node in [*(one.node for one in needed), *spread] for each in measures(node)
        )
        return needed, list(dict.fromkeys(found))

    # what the scope asks for

    def place(self, measure: Measure) -> tuple[str, str]:
        """Step and column that hold a measure."""
        if (ready := self.source.measured(measure)) is not None:
            return BESIDE, ready
        for step, group in enumerate(self._groups.values()):
            if measure in group:
                spine = self.source.relation is None and step == 0
                home = PERSON if spine else f"measure_{step}"
                return home, f"m{step}_{group.index(measure)}"
        raise AssertionError(f"{measure.text()} was not planned")

    def statistic(self, statistic: Statistic, level: int) -> Expression:
        """Column of a statistic over the level below."""
        wanted = self._statistics.setdefault(level, [])
        if statistic not in wanted:
            wanted.append(statistic)
        return Column(f"q{wanted.index(statistic)}", Type.NUMBER, f"base_{level}")

    def rule(self, name: str) -> Condition:
        """Tree of another segment's rule."""
        if name not in self.rules:
            raise UnknownNameError("segment", name, self.rules)
        return self.rules[name]

    # planning

    def _spread(self, nodes: Iterable[Node], path: tuple[str, ...]) -> Iterator[Node]:
        """The nodes, and the rules of the segments they use, theirs too."""
        for node in nodes:
            yield node
            for name in segments(node):
                if name in path:
                    raise CycleError(f"segment `{name}` uses itself: {' → '.join([*path, name])}.")
                yield from self._spread([self.rule(name)], (*path, name))

    def _level_of(self, node: Node) -> int:
        """0 if the node can be computed on the customers themselves; else above what it reads."""
        below = [self._levels[name] + 1 for name in names_in(node) if name in self._levels]
        return max(below, default=0) if below or not statistics_in(node) else 1

    def register(self, measure: Measure) -> None:
        """See to it that a measure is computed, together with others over the same rows."""
        if self.source.measured(measure) is not None:
            return
        key = (measure.fact, measure.where, measure.window) if measure.fusible else measure
        group = self._groups.setdefault(key, [])
        if measure not in group:
            group.append(measure)

    def _carried(self, later: Iterable[Node], level: int) -> dict[str, Node | Measure]:
        """What a level must hand up: names and measures that later levels read."""
        names = {
            name
            for node in later
            for name in names_in(node)
            if self._levels.get(name, -1) < level and name != "customer_id"
        }
        carried: dict[str, Node] = {name: Name(name) for name in sorted(names)}
        for measure in [each for node in later for each in measures(node)]:
            carried[self.place(measure)[1]] = measure
        return carried

    # steps

    def measure_steps(self) -> Iterator[tuple[str, Select, Mapping[str, Measure]]]:
        """The selects that compute the registered measures: name, rows, measure of each column."""
        for number, group in enumerate(self._groups.values()):
            first = group[0]
            fact = self.features.schema.fact(first.fact)
            rows = Rows(self.features.schema, self.as_of, fact, first.window, first.where)
            named = {self.place(each)[1]: each for each in group}
            if first.fusible:
                scope = rows.scope()
                columns = {name: each.expression(scope) for name, each in named.items()}
                select = rows.select(columns)
            else:
                value = Column("value", first.type(CustomerScope(self, 0)))
                [column] = named
                columns = {"customer_no": CUSTOMER, column: value}
                select = Select(first.select(rows), columns, alias="part")
            yield f"measure_{number}", select, named

    def _step(
        self, level: int, outputs: Mapping[str, Node], where: Condition | None = None
    ) -> dict[str, Relation]:
        scope = CustomerScope(self, level)
        computed = {name: node.compile(scope) for name, node in outputs.items()}
        condition = where.compile(scope) if where else None
        steps: dict[str, Relation] = {}
        joins: list[Join] = []
        if statistics := self._statistics.get(level):
            base = f"base_{level}"
            below = Table(f"level_{level - 1}")
            steps[base] = statistics_row(self.features.schema, below, statistics)
            joins.append(Join(Table(base), base, None))
        person = PERSON if level == 0 else ""
        identity: dict[str, Expression] = {
            "customer_no": replace(CUSTOMER, relation=person),
            "customer_id": Column("customer_id" if level else self._id, Type.TEXT, person),
        }
        if level == 0:
            joins = [*self._measure_joins(), *joins]
            condition = all_of([self._known(), condition])
        steps[f"level_{level}"] = Select(
            Table(f"level_{level - 1}") if level else self.source.relation or Table("measure_0"),
            identity | computed,
            alias=person,
            joins=tuple(joins),
            where=condition,
        )
        return steps

    @property
    def _id(self) -> str:
        return "customer_no" if self.source.relation is None else "customer_id"

    def _known(self) -> Expression | None:
        if self.source.known_at is None:
            return None
        since = Column(self.source.known_at, Type.INSTANT, PERSON)
        before = call(Op.LESS, since, literal(self.as_of.instant))
        return call(Op.OR, call(Op.IS_MISSING, since), before)

    def _measure_joins(self) -> Iterator[Join]:
        if beside := self.source.beside:
            yield Join(beside.relation, BESIDE, _same_customer(BESIDE), left=False)
        spine = self.source.relation is None
        for number in range(1 if spine else 0, len(self._groups)):
            step = f"measure_{number}"
            yield Join(Table(step), step, _same_customer(step))


def _same_customer(alias: str) -> Expression:
    return call(Op.EQUAL, replace(CUSTOMER, relation=alias), replace(CUSTOMER, relation=PERSON))
