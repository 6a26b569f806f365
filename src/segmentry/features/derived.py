"""Fields of a fact's row that are made of others, in Python, for a single customer's rows.

The operators are those that derived fields are made of, and no more; each means what the operator
table says. Tests hold the values to those of the engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from segmentry.core.types import MONEY_PLACES, Value
from segmentry.language.function import MEANINGS
from segmentry.language.operand import fitting
from segmentry.sql.expression import Call, Column, Expression, Literal, Over
from segmentry.sql.operators import Op

NUDGE = 1e-9
"""What the engine adds before it rounds a double to money, so that halves go away from zero."""


class Cells(Protocol):
    """A row, and what it knows of the rows around it."""

    def cell(self, column: Column) -> Value:
        """The value in a column, of the row itself or of what is joined to it."""

    def around(self, tree: Over) -> Value:
        """A value over the rows around it."""


def plain(tree: Expression, row: Cells) -> Value:
    """The value of an expression for one row."""
    match tree:
        case Literal(value):
            return value
        case Column():
            return row.cell(tree)
        case Over():
            return row.around(tree)
        case Call(op, operands):
            return _called(op, [plain(each, row) for each in operands])


def _called(op: Op, values: Sequence[Value]) -> Value:
    found: Value = None
    if op in WITH_MISSING:
        found = WITH_MISSING[op](*values)
    elif None not in values:
        found = PLAIN[op](*values)
    return found


def _both(*values: Any) -> bool | None:
    if any(each is False for each in values):
        return False
    return None if None in values else True


def money(number: Any) -> Decimal | None:
    """A number as money: four places, halves away from zero."""
    if isinstance(number, float):
        scaled = number * 10**MONEY_PLACES
        number = Decimal(round(scaled + math.copysign(NUDGE, scaled))).scaleb(-MONEY_PLACES)
    found = fitting(Decimal(number))
    assert found is None or isinstance(found, Decimal)
    return found


def _divided(part: Any, whole: Any) -> Value:
    return fitting(float(part) / float(whole)) if whole else None


WITH_MISSING: Mapping[Op, Callable[..., Any]] = {
    Op.AND: _both,
    Op.IS_MISSING: lambda value: value is None,
    Op.IF: lambda condition, then, otherwise: then if condition is True else otherwise,
}
PLAIN: Mapping[Op, Callable[..., Any]] = {
    Op.NOT: lambda value: not value,
    Op.EQUAL: lambda left, right: left == right,
    Op.GREATER: lambda left, right: left > right,
    Op.IN: lambda value, *options: value in options,
    Op.MULTIPLY: lambda left, right: fitting(left * right),
    Op.SUBTRACT: lambda left, right: fitting(left - right),
    Op.DIVIDE: _divided,
    Op.AS_NUMBER: float,
    Op.AS_MONEY: money,
    Op.MONTH: MEANINGS["month"].plain,
    Op.WEEKDAY: MEANINGS["weekday"].plain,
    Op.DAYS_BETWEEN: MEANINGS["days_between"].plain,
}

__all__ = ["Cells", "money", "plain"]
