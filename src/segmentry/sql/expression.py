"""Expressions and relations: small frozen trees that any engine can spell.

Values are typed literals or nothing; names come from the schema and are quoted when spelled. There
is no way to put text of a person's choosing into a statement.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from segmentry.core.types import Type, Value
from segmentry.sql.operators import Op


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the relation it stands in, or of the joined relation called `relation`."""

    name: str
    type: Type
    relation: str = ""


@dataclass(frozen=True, slots=True)
class Literal:
    """A typed value. `None` is a missing value of that type."""

    value: Value
    type: Type


@dataclass(frozen=True, slots=True)
class Call:
    """An operator applied to operands."""

    op: Op
    operands: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True, slots=True)
class Over:
    """A window operator: `call` over the rows of the same `partition`, in the given order.

    With `before` an aggregate sees only the rows before the present one.
    """

    call: Call
    partition: tuple[Expression, ...]
    order: tuple[Order, ...] = ()
    before: bool = False

    @property
    def type(self) -> Type:
        """Type of the result."""
        return self.call.type


Expression = Column | Literal | Call | Over


@dataclass(frozen=True, slots=True)
class Order:
    """One key of an order; missing values come last."""

    key: Expression
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table, view or step, by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Parquet:
    """Parquet files as a relation. Made by our readers only, never from a rule."""

    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Join:
    """A join; `left` keeps all rows of the left side, otherwise only matches (all, if no `on`)."""

    relation: Relation
    alias: str
    on: Expression | None
    left: bool = True


@dataclass(frozen=True, slots=True)
class Select:
    """Rows of a source, joined, filtered, grouped; one output column per entry of `columns`."""

    source: Relation
    columns: Mapping[str, Expression]
    alias: str = ""
    joins: tuple[Join, ...] = ()
    where: Expression | None = None
    group_by: tuple[Expression, ...] = ()
    distinct: bool = False
    order_by: tuple[Order, ...] = ()
    limit: int | None = None

    def __hash__(self) -> int:
        return hash((self.source, tuple(self.columns.items()), self.where, self.group_by))


@dataclass(frozen=True, slots=True)
class Union:
    """All rows of several selects with the same columns, duplicates kept."""

    selects: tuple[Select, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """Named steps, then the result that reads them. Long SQL as ordered small selects."""

    steps: Mapping[str, Relation]
    result: Select = field(kw_only=True)

    def __hash__(self) -> int:
        return hash((tuple(self.steps.items()), self.result))


Relation = Table | Parquet | Select | Union | Query


def call(op: Op, *operands: Expression, type: Type = Type.BOOLEAN) -> Call:  # noqa: A002
    """Apply an operator; the result is a truth value unless `type` says otherwise."""
    return Call(op, operands, type)


def literal(value: Value, type: Type | None = None) -> Literal:  # noqa: A002
    """A literal whose type is that of the Python value, or the given one."""
    return Literal(value, type or type_of(value))


def type_of(value: Value) -> Type:
    """Type of a Python value. Missing values and texts are text."""
    match value:
        case bool():
            return Type.BOOLEAN
        case int():
            return Type.INTEGER
        case float():
            return Type.NUMBER
        case Decimal():
            return Type.MONEY
        case datetime.datetime():
            return Type.INSTANT
        case datetime.date():
            return Type.DATE
        case _:
            return Type.TEXT


TRUE = Literal(True, Type.BOOLEAN)
FALSE = Literal(False, Type.BOOLEAN)


def all_of(conditions: Iterable[Expression | None]) -> Expression | None:
    """Conjunction of the given conditions; `None` when there is none, the condition if one."""
    given = tuple(each for each in conditions if each is not None)
    if len(given) > 1:
        return Call(Op.AND, given, Type.BOOLEAN)
    return given[0] if given else None


def columns_of(expressions: Iterable[Expression]) -> Iterator[Column]:
    """Every column that the expressions read."""
    for each in expressions:
        match each:
            case Column():
                yield each
            case Call(_, operands):
                yield from columns_of(operands)
            case Over(inner, partition, order):
                yield from columns_of([inner, *partition, *(key.key for key in order)])
            case _:
                pass


def holds(tree: Expression, kind: type[Expression]) -> bool:
    """Whether a tree is of a kind, or an operand at any depth is; windows are not looked into."""
    if isinstance(tree, kind):
        return True
    return isinstance(tree, Call) and any(holds(each, kind) for each in tree.operands)


def tables_of(relation: Relation) -> set[str]:
    """Names of the tables that a relation reads, without its own steps."""
    return set(_reads(relation))


def _reads(relation: Relation) -> Iterator[str]:
    """The same, a name as often as it is read."""
    match relation:
        case Table(name):
            yield name
        case Select(source, joins=joins):
            yield from _reads(source)
            for each in joins:
                yield from _reads(each.relation)
        case Union(selects):
            for one in selects:
                yield from _reads(one)
        case Query(steps, result=result):
            for part in [*steps.values(), result]:
                yield from (read for read in _reads(part) if read not in steps)
        case _:
            pass


def read_often(query: Query) -> list[str]:
    """The steps that are read in more than one place, in their order."""
    relations = [*query.steps.values(), query.result]
    read = Counter(name for each in relations for name in _reads(each))
    return [name for name in query.steps if read[name] > 1]


def needed_steps(steps: Mapping[str, Relation], relation: Relation) -> dict[str, Relation]:
    """The steps that a relation reads, directly or through others, in their order."""
    wanted = tables_of(relation)
    for name in reversed(list(steps)):
        if name in wanted:
            wanted |= tables_of(steps[name])
    return {name: each for name, each in steps.items() if name in wanted}
