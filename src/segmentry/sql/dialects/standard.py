"""What all engines spell alike. A dialect begins with these and says only where it differs."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from segmentry.sql.operators import Op
from segmentry.sql.render import Spelling, function, infix


def missing(x: exp.Expression) -> exp.Expression:
    """`x IS NULL`."""
    return exp.Is(this=x, expression=exp.Null())


STANDARD: Mapping[Op, Spelling] = {
    Op.AND: infix(exp.And),
    Op.OR: infix(exp.Or),
    Op.NOT: lambda x: exp.Not(this=x),
    Op.MET: lambda x: exp.Coalesce(this=x, expressions=[exp.Boolean(this=False)]),
    Op.IS_MISSING: missing,
    Op.EQUAL: infix(exp.EQ),
    Op.LESS: infix(exp.LT),
    Op.AT_MOST: infix(exp.LTE),
    Op.GREATER: infix(exp.GT),
    Op.AT_LEAST: infix(exp.GTE),
    Op.IN: lambda x, *values: exp.In(this=x, expressions=list(values)),
    Op.ADD: infix(exp.Add),
    Op.SUBTRACT: infix(exp.Sub),
    Op.MULTIPLY: infix(exp.Mul),
    Op.NEGATE: lambda x: exp.Neg(this=x),
    Op.ABSOLUTE: function("abs"),
    Op.LEAST: function("least"),
    Op.GREATEST: function("greatest"),
    Op.FIRST_KNOWN: lambda *values: exp.Coalesce(this=values[0], expressions=list(values[1:])),
    Op.COUNT_ROWS: lambda: exp.Count(this=exp.Star()),
    Op.COUNT: lambda x: exp.Count(this=x),
    Op.SUM: function("sum"),
    Op.MINIMUM: function("min"),
    Op.MAXIMUM: function("max"),
    Op.ANY_TRUE: function("bool_or"),
    Op.PREVIOUS: function("lag"),
    Op.FOLLOWING: function("lead"),
    Op.ROW_NUMBER: function("row_number"),
    Op.RUNNING_SUM: function("sum"),
    Op.TOTAL: function("sum"),
}
