"""One pass over a fact's rows for many measures, where an engine does that better than many passes.

The planner gives each group of measures a select of its own, over just the rows it needs. Here the
steps of a query that read the same source, group by the same key and differ in their conditions
only become one step: what all conditions have in common stays a condition, the rest says row by row
which aggregates see the row. The meaning is the same to the last bit: aggregates leave missing
values out, and a column of a customer without rows of its own stays missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from segmentry.core.types import Type
from segmentry.sql.expression import (
    Call,
    Column,
    Expression,
    Join,
    Order,
    Over,
    Query,
    Relation,
    Select,
    Table,
    all_of,
    call,
    columns_of,
    holds,
    literal,
    tables_of,
)
from segmentry.sql.operators import AGGREGATES, Op

COUNTS = frozenset({Op.COUNT_ROWS, Op.COUNT, Op.COUNT_DISTINCT})
"""Aggregates that are not missing where there are no rows."""


@dataclass(frozen=True)
class _Shared:
    """What became of a step: the step it shares, and its columns there."""

    name: str
    columns: Mapping[str, str]


def fused(query: Query, most_columns: int) -> Query:
    """The same query, with such steps made one.

    Args:
        most_columns: How many columns a step may compute at once.
    """
    moved: dict[str, _Shared] = {}
    bundles: dict[str, Select] = {}
    for members in _together(query, most_columns):
        name = f"together_{members[0][0]}"
        bundle = _Bundle()
        bundles[members[0][0]] = bundle.select([step for _, step in members])
        columns = zip(members, bundle.named, strict=True)
        moved |= {step: _Shared(name, named) for (step, _), named in columns}
    steps: dict[str, Relation] = {}
    for name, step in query.steps.items():
        if name in bundles:
            steps[moved[name].name] = bundles[name]
        elif name not in moved:
            steps[name] = _redirected(step, moved) if isinstance(step, Select) else step
    return Query(steps, result=_redirected(query.result, moved))


def gathered(query: Query, most_joins: int) -> Query:
    """The same query, with a long row of joins made of several short ones, joined in turn.

    Where each join copies the rows that the ones before it made wide, thirty joins in a row copy
    them thirty times. Only left joins by one column of the source are taken, each on one of its
    own.
    """
    steps: dict[str, Relation] = {}
    for name, step in query.steps.items():
        steps |= _gathered(name, step, most_joins) if isinstance(step, Select) else {name: step}
    *sides, (_, result) = _gathered("result", query.result, most_joins).items()
    assert isinstance(result, Select)
    return Query(steps | dict(sides), result=result)


def _gathered(name: str, select: Select, most_joins: int) -> dict[str, Relation]:
    keyed = [each for each in select.joins if _key(each, select.alias) is not None]
    keys = {_key(each, select.alias) for each in keyed}
    if len(keyed) <= most_joins or len(keys) != 1:
        return {name: select}
    [key] = keys
    assert key is not None
    spine = Select(select.source, {"k": key}, alias=select.alias, distinct=True)
    steps: dict[str, Relation] = {}
    moved: dict[str, _Shared] = {}
    joins = [each for each in select.joins if each not in keyed]
    for start in range(0, len(keyed), most_joins):
        side = f"{name}_side_{start}"
        part = keyed[start : start + most_joins]
        columns: dict[str, Expression] = {}
        for each in part:
            read = _columns_of(select, each.alias)
            names = {column.name: f"c{len(columns) + n}" for n, column in enumerate(read)}
            columns |= {names[column.name]: column for column in read}
            moved[each.alias] = _Shared(side, names)
        own = tuple(replace(each, on=_from_spine(each, key)) for each in part)
        own_key = Column("k", key.type, "spine")
        steps[side] = Select(spine, {"k": own_key, **columns}, alias="spine", joins=own)
        on = call(Op.EQUAL, Column("k", key.type, side), key)
        joins.append(Join(Table(side), side, on))
    read_anew = _redirected(replace(select, joins=()), moved)
    return steps | {name: replace(read_anew, joins=tuple(joins))}


def _key(join: Join, source: str) -> Column | None:
    """The column of the source by which a join finds at most its own rows; `None` if not one."""
    match join.on:
        case Call(Op.EQUAL, (Column(relation=one) as left, Column(relation=other) as right)):
            if join.left and {one, other} == {source, join.alias} and source:
                return left if one == source else right
    return None


def _from_spine(join: Join, key: Column) -> Expression:
    spine = Column("k", key.type, "spine")
    assert isinstance(join.on, Call)
    operands = tuple(spine if each == key else each for each in join.on.operands)
    return replace(join.on, operands=operands)


def _columns_of(select: Select, relation: str) -> list[Column]:
    """The columns that a select reads of one of its joins, each once."""
    trees = [*select.columns.values(), *([] if select.where is None else [select.where])]
    return [each for each in dict.fromkeys(columns_of(trees)) if each.relation == relation]


def _together(query: Query, most_columns: int) -> Iterator[list[tuple[str, Select]]]:
    """The steps that share a pass, by name; two or more of each."""
    groups: dict[object, list[tuple[str, Select]]] = {}
    joined_only = set(query.steps) - _needed_whole(query)
    for name, step in query.steps.items():
        if name in joined_only and isinstance(step, Select) and _may_share(step):
            key = (step.source, step.alias, step.group_by)
            groups.setdefault(key, []).append((name, step))
    for group in groups.values():
        yield from (each for each in _bundles(group, most_columns) if len(each) > 1)


def _needed_whole(query: Query) -> set[str]:
    """Steps that are read otherwise than by joining them to rows that stay, whatever they hold."""
    found: set[str] = set()
    for each in [*query.steps.values(), query.result]:
        joins = each.joins if isinstance(each, Select) else ()
        joined = {join.alias for join in joins if join.left and join.relation == Table(join.alias)}
        found |= tables_of(replace(each, joins=()) if isinstance(each, Select) else each)
        found |= {name for join in joins for name in tables_of(join.relation)} - joined
    return found


def _may_share(step: Select) -> bool:
    plain = not (step.distinct or step.order_by or step.limit)
    widening = all(isinstance(each.relation, Table) and each.left for each in step.joins)
    return plain and widening and len(step.group_by) == 1 and not _windows(step.columns.values())


def _windows(trees: Iterable[Expression]) -> bool:
    return any(
        isinstance(each, Over) or (isinstance(each, Call) and _windows(each.operands))
        for each in trees
    )


def _bundles(
    group: Sequence[tuple[str, Select]], most_columns: int
) -> Iterator[list[tuple[str, Select]]]:
    bundle: list[tuple[str, Select]] = []
    size = 0
    for name, step in group:
        if bundle and size + len(step.columns) > most_columns:
            yield bundle
            bundle, size = [], 0
        bundle.append((name, step))
        size += len(step.columns)
    yield bundle


@dataclass
class _Bundle:
    """Collects what the rows must give, then folds it for all steps at once.

    Args:
        named: What the columns of each step are called in the one step.
    """

    given: dict[Expression, Column] = field(default_factory=dict)
    named: list[dict[str, str]] = field(default_factory=list)

    def select(self, steps: Sequence[Select]) -> Select:
        """One step with the columns of all."""
        first = steps[0]
        [key] = first.group_by
        parts = [_conjuncts(each.where) for each in steps]
        common = [each for each in parts[0] if all(each in other for other in parts)]
        columns: dict[str, Expression] = {"k": self._given(key)}
        for step, conditions in zip(steps, parts, strict=True):
            own = all_of([each for each in conditions if each not in common])
            flag = None if own is None else self._given(own)
            names: dict[str, str] = {}
            for name, tree in step.columns.items():
                names[name] = "k" if tree == key else f"c{len(columns)}"
                if tree != key:
                    columns[names[name]] = self._seen(tree, flag)
            self.named.append(names)
        rows = {column.name: tree for tree, column in self.given.items()}
        joins = tuple(dict.fromkeys(join for step in steps for join in step.joins))
        inner = replace(first, columns=rows, joins=joins, where=all_of(common), group_by=())
        return Select(inner, columns, group_by=(self._given(key),))

    def _given(self, tree: Expression) -> Column:
        name = f"g{len(self.given)}"
        return self.given.setdefault(tree, Column(name, tree.type))

    def _seen(self, tree: Expression, flag: Column | None) -> Expression:
        folded = self._folded(tree, flag)
        if flag is None or not _has_counts(tree):
            return folded
        rows = call(Op.COUNT, _only(flag, literal(1)), type=Type.INTEGER)
        there = call(Op.GREATER, rows, literal(0))
        return call(Op.IF, there, folded, literal(None, tree.type), type=tree.type)

    def _folded(self, tree: Expression, flag: Column | None) -> Expression:
        """The expression with its aggregates over the rows of the flag, read from the rows."""
        if not isinstance(tree, Call):
            return tree
        if tree.op not in AGGREGATES:
            operands = tuple(self._folded(each, flag) for each in tree.operands)
            return replace(tree, operands=operands)
        if tree.op is Op.COUNT_ROWS:
            if flag is None:
                return tree
            return call(Op.COUNT, _only(flag, literal(1)), type=tree.type)
        seen, *others = tree.operands
        value = self._operand(seen)
        rest = [self._operand(each) for each in others]
        return replace(tree, operands=(value if flag is None else _only(flag, value), *rest))

    def _operand(self, tree: Expression) -> Expression:
        return self._given(tree) if holds(tree, Column) else tree


def _only(flag: Column, value: Expression) -> Call:
    return call(Op.IF, flag, value, literal(None, value.type), type=value.type)


def _has_counts(tree: Expression) -> bool:
    return isinstance(tree, Call) and (tree.op in COUNTS or any(map(_has_counts, tree.operands)))


def _conjuncts(condition: Expression | None) -> list[Expression]:
    match condition:
        case None:
            return []
        case Call(Op.AND, operands):
            return [part for each in operands for part in _conjuncts(each)]
        case _:
            return [condition]


# who read the steps reads what they became


def _redirected(step: Select, moved: Mapping[str, _Shared]) -> Select:
    """The select with joins of steps replaced by those of what they became, each once."""
    joins: dict[str, Join] = {}
    for each in step.joins:
        to = moved.get(each.alias)
        on = each.on if each.on is None else _read_from(each.on, moved)
        new = each if to is None else Join(Table(to.name), to.name, on, each.left)
        joins.setdefault(new.alias, new)
    return replace(
        step,
        columns={name: _read_from(each, moved) for name, each in step.columns.items()},
        joins=tuple(joins.values()),
        where=None if step.where is None else _read_from(step.where, moved),
    )


def _read_from(tree: Expression, moved: Mapping[str, _Shared]) -> Expression:
    match tree:
        case Column(name, kind, relation) if relation in moved:
            shared = moved[relation]
            return Column(shared.columns[name], kind, shared.name)
        case Call(operands=operands):
            return replace(tree, operands=tuple(_read_from(each, moved) for each in operands))
        case Over(inner, partition, order, before):
            read = _read_from(inner, moved)
            assert isinstance(read, Call)
            keys = tuple(Order(_read_from(each.key, moved), each.descending) for each in order)
            return Over(read, tuple(_read_from(each, moved) for each in partition), keys, before)
        case _:
            return tree
