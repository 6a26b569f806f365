"""Measures taken apart: which aggregates over which rows they are made of, and how.

A measure is an expression over aggregates: a share is a sum over a sum, days since the last order
are those since the greatest day. Taken apart, an aggregate that several measures share is computed
once, and one that can be added up row by row needs no grouping.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from segmentry.core.types import Type
from segmentry.engines import arrays
from segmentry.engines.held import UNIT, Held
from segmentry.features.rows import Rows, reads_other_rows
from segmentry.language.names import row_fields
from segmentry.language.node import Measure
from segmentry.language.window import Window
from segmentry.sql.expression import Call, Column, Expression, Literal, all_of
from segmentry.sql.operators import AGGREGATES, Op

EXACT = (Type.INTEGER, Type.MONEY)
ORDERED = (*EXACT, Type.DATE, Type.INSTANT)
ADDED: dict[Op, tuple[Type, ...]] = {
    Op.COUNT: tuple(Type),
    Op.SUM: EXACT,
    Op.AVERAGE: EXACT,
    Op.MINIMUM: ORDERED,
    Op.MAXIMUM: ORDERED,
}
"""Aggregates that rows in any order add up to exactly, and of which types."""
BY_TIME = (Op.FIRST_BY, Op.LAST_BY)


@dataclass(frozen=True)
class Aggregate:
    """One aggregate over a customer's rows of a fact.

    Args:
        where: Which rows, as an expression over them; `None` is all of the window.
        value: What is aggregated; `None` counts rows.
        keys: For the first or last value, what rows are put in order by, their instant first.
    """

    fact: str
    window: Window
    where: Expression | None
    op: Op
    value: Expression | None
    type: Type
    keys: tuple[Expression, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it is 0 without rows, and not missing."""
        return self.op in (Op.COUNT_ROWS, Op.COUNT)

    @cached_property
    def key(self) -> str:
        """Begins with `#`; the same whenever the same rows are asked for the same, at any as_of.

        The window is told by how it is declared, not by where it begins and ends.
        """
        window = (type(self.window).__name__, sorted(self.window.arguments().items()))
        told = (self.fact, window, self.where, self.op, self.value, self.type, self.keys)
        return digest(told)

    def counted(self) -> Aggregate:
        """How many values it is made of."""
        return replace(self, op=Op.COUNT, type=Type.INTEGER, keys=())

    def summed(self) -> Aggregate:
        """The sum of the values."""
        assert self.value is not None
        return replace(self, op=Op.SUM, type=self.value.type)


def digest(told: object) -> str:
    """A column's name that follows from what is told of it; no feature has such a name."""
    return f"#{hashlib.sha256(repr(told).encode()).hexdigest()[:24]}"


@dataclass(frozen=True)
class Apart:
    """A measure as an expression over aggregates, each the column of its key."""

    expression: Expression
    aggregates: Mapping[str, Aggregate]

    @cached_property
    def totals(self) -> Mapping[str, Aggregate]:
        """The aggregates by key, in place of each mean the sum and the count it is made of."""
        found: dict[str, Aggregate] = {}
        for each in self.aggregates.values():
            is_mean = each.op is Op.AVERAGE
            for total in (each.summed(), each.counted()) if is_mean else (each,):
                found[total.key] = total
        return found

    def value(self, totals: Mapping[str, Held]) -> Held:
        """The measure, from its totals.

        Raises:
            UnsupportedOperationError: It needs what arrays lack.
        """
        here = {
            key: mean(totals[each.summed().key], totals[each.counted().key])
            if each.op is Op.AVERAGE
            else totals[key]
            for key, each in self.aggregates.items()
        }
        return arrays.evaluate(self.expression, here)


def mean(sums: Held, counts: Held) -> Held:
    """The mean of whole numbers, exact up to one rounding; missing where none were counted."""
    unit = UNIT if sums.type is Type.MONEY else 1
    seen = counts.values > 0
    means = np.zeros(len(sums.values))
    np.divide(sums.values, counts.values * float(unit), out=means, where=seen)
    return Held(Type.NUMBER, means, seen)


def apart(measure: Measure, rows: Rows) -> Apart | None:
    """The measure taken apart; `None` if rows cannot simply be added up to it.

    Args:
        rows: The rows that it reads.
    """
    scope = rows.scope()
    if not measure.fusible or _looks_around(measure, rows):
        return None
    where = rows.where.compile(scope) if rows.where else None
    found: dict[str, Aggregate] = {}

    def split(tree: Expression) -> Expression:
        match tree:
            case Call(op, operands, kind) if op in AGGREGATES:
                value, condition = _conditional(op, operands)
                met = all_of([where, condition])
                keys = operands[1:] if op in BY_TIME else ()
                added = Aggregate(rows.fact.name, rows.window, met, op, value, kind, keys)
                if condition is not None and op is Op.SUM and value is None:
                    added = replace(added, op=Op.COUNT_ROWS)
                found[added.key] = added
                return Column(added.key, kind)
            case Call(Op.AS_INTEGER | Op.AS_MONEY, (Call(Op.SUM, _, kind) as inner,), settled) if (
                kind is settled
            ):
                return split(inner)  # a sum that is kept in 53 bits fits
            case Call(_, operands):
                return replace(tree, operands=tuple(map(split, operands)))
            case _:
                return tree

    expression = split(measure.expression(scope))
    fits = all(_is_added(each, rows.fact.instant) for each in found.values())
    return Apart(expression, found) if fits else None


def _is_added(each: Aggregate, instant: str) -> bool:
    match each.op, each.keys:
        case Op.COUNT_ROWS, _:
            return True
        case ((Op.FIRST_BY | Op.LAST_BY), (Column(name), *_)):
            return name == instant
        case _:
            return each.value is not None and each.value.type in ADDED.get(each.op, ())


def _conditional(
    op: Op, operands: tuple[Expression, ...]
) -> tuple[Expression | None, Expression | None]:
    """What is aggregated, and the condition on rows in `SUM(IF(condition, value, nothing))`.

    Counting ones is counting rows; its value is `None` then.
    """
    if not operands:
        return None, None
    match op, operands[0]:
        case Op.SUM, Call(Op.IF, (condition, Literal(1, _), Literal(0, _))):
            return None, condition
        case Op.SUM, Call(Op.IF, (condition, value, Literal(None, _))):
            return value, condition
        case _:
            return operands[0], None


def _looks_around(measure: Measure, rows: Rows) -> bool:
    """Whether it reads a field that depends on other rows of the customer."""
    fields = row_fields(rows.fact)
    derived = (fields[name].derived for name in measure.fields() if name in fields)
    return any(each is not None and reads_other_rows(each) for each in derived)


__all__ = ["BY_TIME", "Aggregate", "Apart", "apart", "digest"]
