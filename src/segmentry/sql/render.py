"""From our trees to the text of one engine: sqlglot spells and quotes, we say what."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from sqlglot import exp

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
from segmentry.sql.operators import Op
from segmentry.sql.template import Template, hole, printed, template

Spelling = Callable[..., exp.Expression]
WRITTEN = frozenset({Op.MATCHES, Op.ROUND, Op.ELEMENT, Op.QUANTILE, Op.QUANTILES})
"""Operators whose spelling may depend on an operand that is written out."""
# A rule has up to fifty levels, of several frames each, and features lie inside one another. Set
# once, for lowering it again would hit others.
sys.setrecursionlimit(max(sys.getrecursionlimit(), 5_000))
_ROWS_BEFORE = "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"


@dataclass(frozen=True, eq=False)
class Dialect:
    """How one engine spells types and operators. What is not listed is refused when compiling.

    A spelling makes a tree of sqlglot from the trees of its operands. It must not look into these,
    for they stand for any operand; only those of `WRITTEN` see literals as they are.

    Args:
        typed: Spellings that depend on the type of the first operand; these go first.
        windowed: Spellings over a window of rows, where they differ from those of a group.
        ending: What a statement ends with, such as settings that it needs.
    """

    name: str
    types: Mapping[Type, str]
    spellings: Mapping[Op, Spelling]
    parquet: Callable[[tuple[str, ...]], exp.Expression]
    typed: Mapping[tuple[Op, Type], Spelling] = field(default_factory=dict)
    windowed: Mapping[Op, Spelling] = field(default_factory=dict)
    ending: str = ""

    def render(self, relation: Relation | Expression, *, pretty: bool = False) -> str:
        """The statement or expression as text of this engine.

        Args:
            pretty: Every column and condition on a line of its own, for people to read.

        Raises:
            UnsupportedOperationError: The engine cannot do an operator, with its name.
        """
        if isinstance(relation, Column | Literal | Call | Over):
            return self.expression(relation)
        gap = "\n" if pretty else " "
        statement = self.statement(relation, gap)
        return f"{statement}{gap}{self.ending}" if self.ending else statement

    # relations; `gap` is what separates clauses: a space, or a new line with the indent

    def statement(self, relation: Relation, gap: str = " ") -> str:
        """A relation as a statement of its own."""
        match relation:
            case Select():
                return gap.join(self._clauses(relation, gap))
            case Union(selects):
                return f"{gap}UNION ALL{gap}".join(self.statement(each, gap) for each in selects)
            case Query(steps, result=result):
                named = [
                    f"{self.name_of(name)} AS {self._enclosed(step, gap)}"
                    for name, step in steps.items()
                ]
                body = self.statement(result, gap)
                return f"WITH {f',{gap}'.join(named)}{gap}{body}" if named else body
            case _:
                return f"SELECT * FROM {self._source(relation, '', gap)}"  # noqa: S608

    def _enclosed(self, relation: Relation, gap: str) -> str:
        inner = _deeper(gap)
        start, end = (inner, gap) if inner != gap else ("", "")
        return f"({start}{self.statement(relation, inner)}{end})"

    def _source(self, relation: Relation, alias: str, gap: str) -> str:
        match relation:
            case Table(name):
                table = self.name_of(name)
                return f"{table} AS {self.name_of(alias)}" if alias else table
            case Parquet(paths):
                table = printed(exp.Table(this=self.parquet(paths)), self.name)
                return f"{table} AS {self.name_of(alias or 'source')}"
            case _:
                return f"{self._enclosed(relation, gap)} AS {self.name_of(alias or 'part')}"

    def _clauses(self, select: Select, gap: str) -> Iterator[str]:
        inner = _deeper(gap)
        columns = (
            f"{self.expression(each)} AS {self.name_of(name)}"
            for name, each in select.columns.items()
        )
        verb = "SELECT DISTINCT" if select.distinct else "SELECT"
        yield f"{verb}{inner}{f',{inner}'.join(columns)}"
        yield f"FROM {self._source(select.source, select.alias, gap)}"
        for join in select.joins:
            yield self._join(join, gap)
        if select.where is not None:
            yield f"WHERE{inner}{self._conjunction(without_met(select.where), inner)}"
        if select.group_by:
            yield f"GROUP BY{inner}{f',{inner}'.join(map(self.expression, select.group_by))}"
        if select.order_by:
            yield f"ORDER BY{inner}{f',{inner}'.join(map(self._order, select.order_by))}"
        if select.limit is not None:
            yield f"LIMIT {select.limit:d}"

    def _conjunction(self, condition: Expression, gap: str) -> str:
        match condition:
            case Call(Op.AND, operands):
                return f"{gap}AND ".join(map(self._operand, operands))
            case _:
                return self.expression(condition)

    def _join(self, join: Join, gap: str) -> str:
        source = self._source(join.relation, join.alias, gap)
        if join.on is None:
            return f"CROSS JOIN {source}"
        kind = "LEFT" if join.left else "INNER"
        return f"{kind} JOIN {source}{_deeper(gap)}ON {self.expression(join.on)}"

    def _order(self, order: Order) -> str:
        return self._ordered(order.descending).fill([self.expression(order.key)])

    @lru_cache(maxsize=8)  # noqa: B019 - a dialect lives as long as the process
    def _ordered(self, descending: bool) -> Template:
        return template(exp.Ordered(this=hole(0), desc=descending, nulls_first=False), self.name)

    @lru_cache(maxsize=8192)  # noqa: B019
    def name_of(self, name: str) -> str:
        """A name as this engine quotes it."""
        return printed(exp.to_identifier(name, quoted=True), self.name)

    # expressions

    def expression(self, tree: Expression) -> str:
        """An expression as text of this engine."""
        return self._spelled(tree)[0]

    def _operand(self, tree: Expression) -> str:
        text, is_open = self._spelled(tree)
        return f"({text})" if is_open else text

    def _spelled(self, tree: Expression) -> tuple[str, bool]:
        """The text, and whether it needs parentheses to be an operand."""
        match tree:
            case Column(name, _, relation):
                own = self.name_of(name)
                return (f"{self.name_of(relation)}.{own}" if relation else own), False
            case Literal():
                # Beside the literal its spelling, for 1, 1.0 and true are equal to Python.
                return self._literal(tree, repr(tree.value)), False
            case Call():
                return self._call(tree, windowed=False)
            case Over(inner, partition, order, before):
                parts = [
                    f"PARTITION BY {', '.join(map(self.expression, partition))}" * bool(partition),
                    f"ORDER BY {', '.join(map(self._order, order))}" * bool(order),
                    _ROWS_BEFORE * before,
                ]
                call, _ = self._call(inner, windowed=True)
                return f"{call} OVER ({' '.join(filter(None, parts))})", False

    def _call(self, call: Call, *, windowed: bool) -> tuple[str, bool]:
        op, operands = call.op, call.operands
        kind = operands[0].type if operands else call.type
        written = tuple(
            (each, repr(each.value)) if op in WRITTEN and isinstance(each, Literal) else None
            for each in operands
        )
        found = self._template(op, kind, windowed, written)
        return found.fill([self._operand(each) for each in operands]), found.is_open

    @lru_cache(maxsize=4096)  # noqa: B019
    def _template(
        self,
        op: Op,
        kind: Type,
        windowed: bool,
        written: tuple[tuple[Literal, str] | None, ...],
    ) -> Template:
        first = self.windowed.get(op) if windowed else None
        spelling = first or self.typed.get((op, kind)) or self.spellings.get(op)
        if spelling is None:
            raise UnsupportedOperationError(
                f"{self.name} cannot compute `{op.value}`.",
                fix="Leave it out, or keep the workspace on DuckDB.",
                operator=op.value,
                engine=self.name,
            )
        operands = (
            self._literal_tree(each[0]) if each else hole(number)
            for number, each in enumerate(written)
        )
        return template(spelling(*operands), self.name)

    @lru_cache(maxsize=8192)  # noqa: B019
    def _literal(self, literal: Literal, _spelled: str) -> str:
        return printed(self._literal_tree(literal), self.name)

    def _literal_tree(self, literal: Literal) -> exp.Expression:
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
    return exp.Cast(this=tree, to=_type(kind, dialect).copy())


@lru_cache(maxsize=64)
def _type(kind: str, dialect: str) -> exp.DataType:
    return exp.DataType.build(kind, dialect=dialect)


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


def _deeper(gap: str) -> str:
    return gap + "  " if gap.startswith("\n") else gap


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
