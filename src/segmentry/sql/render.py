"""From our trees to the text of one engine: sqlglot prints and quotes, we say what."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlglot import exp
from sqlglot.errors import ErrorLevel

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.types import Type
from segmentry.sql.expression import (
    Call,
    Column,
    Expression,
    Join,
    Literal,
    Order,
    Over,
    Parquet,
    Query,
    Relation,
    Select,
    Table,
    Union,
)
from segmentry.sql.operators import AGGREGATES, Op

Spelling = Callable[..., exp.Expression]
NO_SPELLINGS: Mapping[Op, Spelling] = {}
# sqlglot prints by recursion, some twenty frames for each of a rule's up to fifty levels; Python's
# own frames take no room on the machine's stack. Set once, for lowering it again would hit others.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 5_000))
_ROWS_BEFORE = exp.WindowSpec(
    kind="ROWS", start="UNBOUNDED", start_side="PRECEDING", end="1", end_side="PRECEDING"
)


@dataclass(frozen=True)
class Dialect:
    """How one engine spells types and operators. What is not listed is refused when compiling.

    Args:
        typed: Spellings that depend on the type of the first operand; these go first.
        windowed: Spellings over a window of rows, where they differ from those of a group.
    """

    name: str
    types: Mapping[Type, str]
    spellings: Mapping[Op, Spelling]
    parquet: Callable[[tuple[str, ...]], exp.Expression]
    typed: Mapping[tuple[Op, Type], Spelling] = field(default_factory=dict)
    windowed: Mapping[Op, Spelling] = field(default_factory=dict)

    def render(self, relation: Relation | Expression, *, pretty: bool = False) -> str:
        """The statement or expression as text of this engine.

        Raises:
            UnsupportedOperationError: The engine cannot do an operator, with its name.
        """
        tree = (
            self.expression(relation)
            if isinstance(relation, Column | Literal | Call | Over)
            else self.statement(relation)
        )
        return tree.sql(
            dialect=self.name,
            pretty=pretty,
            unsupported_level=ErrorLevel.RAISE,
            identify=True,
            copy=False,
        )

    # relations

    def statement(self, relation: Relation) -> exp.Expression:
        """A relation as a statement of its own."""
        match relation:
            case Select():
                return self._select(relation)
            case Union(selects):
                tree: exp.Expression = self._select(selects[0])
                for each in selects[1:]:
                    tree = exp.union(tree, self._select(each), distinct=False, copy=False)
                return tree
            case Query(steps, result=result):
                tree = self._select(result)
                for name, step in steps.items():
                    tree = tree.with_(
                        exp.to_identifier(name, quoted=True), self.statement(step), copy=False
                    )
                return tree
            case _:
                return exp.select("*").from_(self._source(relation, ""))

    def _source(self, relation: Relation, alias: str) -> exp.Expression:
        match relation:
            case Table(name):
                table = exp.Table(this=exp.to_identifier(name, quoted=True))
                return _named(table, alias) if alias else table
            case Parquet(paths):
                table = exp.Table(this=self.parquet(paths))
                return _named(table, alias or "source")
            case _:
                inner = self.statement(relation)
                return exp.Subquery(
                    this=inner, alias=exp.TableAlias(this=exp.to_identifier(alias or "part", True))
                )

    def _select(self, select: Select) -> exp.Select:
        columns = [
            exp.Alias(this=self.expression(each), alias=exp.to_identifier(name, quoted=True))
            for name, each in select.columns.items()
        ]
        tree = exp.select(*columns, copy=False).from_(
            self._source(select.source, select.alias), copy=False
        )
        for join in select.joins:
            tree = self._join(tree, join)
        if select.where is not None:
            tree = tree.where(self.expression(without_met(select.where)), copy=False)
        if select.group_by:
            tree = tree.group_by(*map(self.expression, select.group_by), copy=False)
        if select.order_by:
            tree = tree.order_by(*map(self._order, select.order_by), copy=False)
        if select.distinct:
            tree = tree.distinct(copy=False)
        return tree if select.limit is None else tree.limit(select.limit, copy=False)

    def _join(self, tree: exp.Select, join: Join) -> exp.Select:
        source = self._source(join.relation, join.alias)
        if join.on is None:
            return tree.join(source, join_type="cross", copy=False)
        return tree.join(
            source,
            on=self.expression(join.on),
            join_type="left" if join.left else "inner",
            copy=False,
        )

    def _order(self, order: Order) -> exp.Expression:
        return exp.Ordered(
            this=self.expression(order.key), desc=order.descending, nulls_first=False
        )

    # expressions

    def expression(self, tree: Expression) -> exp.Expression:
        """An expression as a tree of the engine's own."""
        match tree:
            case Column(name, _, relation):
                table = exp.to_identifier(relation, quoted=True) if relation else None
                return exp.Column(this=exp.to_identifier(name, quoted=True), table=table)
            case Literal():
                return self._literal(tree)
            case Call():
                return self._call(tree)
            case Over(inner, partition, order, before):
                return exp.Window(
                    this=self._call(inner, self.windowed),
                    partition_by=[self.expression(each) for each in partition],
                    order=exp.Order(expressions=[self._order(each) for each in order])
                    if order
                    else None,
                    spec=_ROWS_BEFORE.copy() if before else None,
                )

    def _call(self, call: Call, first: Mapping[Op, Spelling] = NO_SPELLINGS) -> exp.Expression:
        op, kind = call.op, call.operands[0].type if call.operands else call.type
        spelling = first.get(op) or self.typed.get((op, kind)) or self.spellings.get(op)
        if spelling is None:
            raise UnsupportedOperationError(
                f"{self.name} cannot compute `{op.value}`.",
                fix="Leave it out, or keep the workspace on DuckDB.",
                operator=op.value,
                engine=self.name,
            )
        return spelling(*(_closed(self.expression(each)) for each in call.operands))

    def _literal(self, literal: Literal) -> exp.Expression:
        value, kind = literal.value, self.types[literal.type]
        if value is None:
            return cast(exp.Null(), kind, self.name)
        match value:
            case bool():
                return exp.Boolean(this=value)
            case int():
                return (
                    exp.Literal.number(value)
                    if value >= 0
                    else exp.paren(exp.Literal.number(value))
                )
            case float():
                return cast(exp.Literal.string(repr(value)), kind, self.name)
            case Decimal():
                return cast(exp.Literal.string(f"{value:f}"), kind, self.name)
            case datetime():
                return cast(exp.Literal.string(value.isoformat(sep=" ")), kind, self.name)
            case date():
                return cast(exp.Literal.string(value.isoformat()), kind, self.name)
            case _:
                return exp.Literal.string(value)


def cast(tree: exp.Expression, kind: str, dialect: str) -> exp.Expression:
    """A conversion to a type, named as the engine names it."""
    return exp.Cast(this=tree, to=exp.DataType.build(kind, dialect=dialect))


def without_met(condition: Expression) -> Expression:
    """The condition without `met` where a filter cannot tell false from missing.

    A filter drops both, so `met` under only AND and OR is dead weight that would keep the engine
    from pruning blocks by their limits.
    """
    match condition:
        case Call(Op.MET, (inner,)):
            return without_met(inner)
        case Call((Op.AND | Op.OR) as op, operands, kind):
            return Call(op, tuple(without_met(each) for each in operands), kind)
        case _:
            return condition


def _named(table: exp.Table, alias: str) -> exp.Table:
    table.set("alias", exp.TableAlias(this=exp.to_identifier(alias, quoted=True)))
    return table


def _closed(tree: exp.Expression) -> exp.Expression:
    open_ended = exp.Binary | exp.Connector | exp.Unary | exp.In
    closed = isinstance(tree, exp.Dot | exp.Paren)
    return exp.paren(tree) if isinstance(tree, open_ended) and not closed else tree


def is_aggregate(tree: Expression) -> bool:
    """Whether the outermost operator folds the rows of a group."""
    return isinstance(tree, Call) and tree.op in AGGREGATES


def function(name: str) -> Spelling:
    """Spelling of an operator as a function of the engine."""

    def spell(*operands: exp.Expression) -> exp.Expression:
        return exp.Anonymous(this=name, expressions=list(operands))

    return spell


def infix(node: type[Any]) -> Spelling:
    """Spelling of an operator as a chain of a binary operator."""

    def spell(*operands: exp.Expression) -> exp.Expression:
        tree = operands[0]
        for each in operands[1:]:
            tree = node(this=tree, expression=each)
        return tree

    return spell
