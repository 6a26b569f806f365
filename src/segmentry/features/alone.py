"""Whether a customer's own rows are all that a relation over rows says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segmentry.core.time import AsOf
from segmentry.features.known import Features
from segmentry.features.rows import Rows
from segmentry.language.node import Measure
from segmentry.language.schema import Schema
from segmentry.language.text import measures, names
from segmentry.sql.expression import (
    Call,
    Column,
    Expression,
    Over,
    Parquet,
    Query,
    Relation,
    Select,
    Table,
    Union,
    columns_of,
)
from segmentry.sql.operators import AGGREGATES


def alone(relation: Relation, rows: str) -> bool:
    """Whether every group and every window in it is of one customer.

    Args:
        rows: The table of the customers' rows; joined as a whole it is of all of them.
    """
    match relation:
        case Table() | Parquet():
            return True
        case Union(selects):
            return all(alone(each, rows) for each in selects)
        case Query(steps, result=result):
            return all(alone(each, rows) for each in [*steps.values(), result])
        case Select():
            return _is_alone(relation, rows)


def _is_alone(select: Select, rows: str) -> bool:
    inner = [select.source, *(each.relation for each in select.joins)]
    if Table(rows) in inner[1:] or not all(alone(each, rows) for each in inner):
        return False
    told = [*select.columns.values(), *([select.where] if select.where else [])]
    grouped = bool(select.group_by) or any(_adds_up(each) for each in told)
    windows = (each.partition for each in _windows(told))
    return all(map(_by_customer, [*([select.group_by] if grouped else []), *windows]))


def _by_customer(keys: Iterable[Expression]) -> bool:
    return any(isinstance(each, Column) and each.name == "customer_no" for each in keys)


def _adds_up(tree: Expression) -> bool:
    match tree:
        case Call(op, operands):
            return op in AGGREGATES or any(map(_adds_up, operands))
        case _:
            return False


def _windows(trees: Iterable[Expression]) -> Iterator[Over]:
    for tree in trees:
        match tree:
            case Over(inner, partition, order):
                yield tree
                yield from _windows([*inner.operands, *partition, *(each.key for each in order)])
            case Call(_, operands):
                yield from _windows(operands)
            case _:
                pass


def relative(features: Features, as_of: AsOf) -> frozenset[str]:
    """Features that say how a customer's rows compare with those of all others.

    They change for everybody with every new row, and take all rows to compute.
    """
    found: set[str] = set()
    for each in features:
        asked = (_select(measure, features.schema, as_of) for measure in measures(each.node))
        if not found.isdisjoint(names(each.node)) or not all(alone(*part) for part in asked):
            found.add(each.name)
    return frozenset(found)


def _select(measure: Measure, schema: Schema, as_of: AsOf) -> tuple[Relation, str]:
    rows = Rows(schema, as_of, schema.fact(measure.fact), measure.window, measure.where)
    return select(measure, rows), rows.fact.source


def select(measure: Measure, rows: Rows) -> Relation:
    """The rows of all customers with a measure."""
    if not measure.fusible:
        return measure.select(rows)
    return rows.select({"value": measure.expression(rows.scope())})


def names_in(relation: Relation) -> set[str]:
    """Names of all columns that are read in it."""
    match relation:
        case Table() | Parquet():
            return set()
        case Union(selects):
            return {name for each in selects for name in names_in(each)}
        case Query(steps, result=result):
            return {name for each in [*steps.values(), result] for name in names_in(each)}
        case Select(source, columns, joins=joins, where=where, group_by=keys, order_by=order):
            trees = [*columns.values(), *keys, *(each.key for each in order)]
            trees += [each for each in (where, *(join.on for join in joins)) if each is not None]
            inner = (names_in(each) for each in [source, *(join.relation for join in joins)])
            return {each.name for each in columns_of(trees)}.union(*inner)


__all__ = ["alone", "names_in", "relative", "select"]
