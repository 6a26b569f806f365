"""Spellings written down as an engine's own text, for dialects that differ in whole phrases."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import cast

import sqlglot
from sqlglot import exp

from segmentry.sql.render import Spelling

EVERY = "_every"


def written(text: str, dialect: str) -> Spelling:
    """An operator as a phrase of an engine: `_1`, `_2` … are its operands, `_every` all of them.

    An operand that stands in it twice is spelled twice; what is nested must not do that.
    """

    def spell(*operands: exp.Expression) -> exp.Expression:
        tree = _read(text, dialect).copy()
        for column in list(tree.find_all(exp.Column)):
            if column.name == EVERY:
                _spread(column, operands)
            elif column.name[1:].isdecimal():
                column.replace(operands[int(column.name[1:]) - 1].copy())
        return tree

    return spell


@cache
def _read(text: str, dialect: str) -> exp.Expression:
    return cast("exp.Expression", sqlglot.parse_one(text, read=dialect))


def _spread(column: exp.Column, operands: Sequence[exp.Expression]) -> None:
    """All operands in place of one, wherever sqlglot keeps the first of a function's."""
    function, rest = column.parent, list(operands)
    assert function is not None
    if function.this is column:
        function.set("this", rest.pop(0).copy())
    function.set("expressions", [each.copy() for each in rest])


def plain_number(share: exp.Expression) -> exp.Expression:
    """A literal double as bare digits, where an engine takes nothing else."""
    return exp.Literal.number(share.this.this if isinstance(share, exp.Cast) else share.this)


def known_count(*values: exp.Expression) -> exp.Expression:
    """How many operands are there, each spelled once."""
    counted = [
        exp.Case(
            ifs=[exp.If(this=exp.Is(this=each, expression=exp.Null()), true=exp.Literal.number(0))],
            default=exp.Literal.number(1),
        )
        for each in values
    ]
    tree: exp.Expression = counted[0]
    for each in counted[1:]:
        tree = exp.Add(this=tree, expression=each)
    return tree


def case(when: exp.Expression, then: exp.Expression, other: exp.Expression) -> exp.Expression:
    """One value where a condition is true, else the other."""
    return exp.Case(ifs=[exp.If(this=when, true=then)], default=other)
