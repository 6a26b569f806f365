"""How sqlglot spells an operator, kept as text with holes, so that it is asked once for each.

Building sqlglot's tree of a statement with a thousand expressions and printing it takes longer than
the engine takes to run it on a small shop. What an operator looks like does not depend on what its
operands are, so one printing for each operator and number of operands says it all.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp
from sqlglot.errors import ErrorLevel

_HOLE = f"operand_{secrets.token_hex(8)}_"
"""Nothing that people write has it in it, for nobody can know it."""
_HOLES = re.compile(rf"{_HOLE}(\d+)_")
_OPEN_ENDED = exp.Binary | exp.Connector | exp.Unary | exp.In


@dataclass(frozen=True, slots=True)
class Template:
    """A spelling with holes where the operands go.

    Args:
        parts: Text, number of an operand, text … in turn.
        is_open: Whether it needs parentheses to be an operand itself.
    """

    parts: tuple[str, ...]
    is_open: bool

    def fill(self, operands: Sequence[str]) -> str:
        """The spelling of these operands."""
        texts = list(self.parts)
        for place in range(1, len(texts), 2):
            texts[place] = operands[int(texts[place])]
        return "".join(texts)


def hole(number: int) -> exp.Expression:
    """The place of an operand."""
    return exp.Var(this=f"{_HOLE}{number}_")


def template(tree: exp.Expression, dialect: str) -> Template:
    """What sqlglot prints for a tree with holes."""
    is_closed = isinstance(tree, exp.Dot | exp.Paren) or not isinstance(tree, _OPEN_ENDED)
    return Template(tuple(_HOLES.split(printed(tree, dialect))), not is_closed)


def printed(tree: exp.Expression, dialect: str) -> str:
    """A small tree as text of an engine, names quoted.

    Raises:
        UnsupportedError: The engine has no spelling for a part of it.
    """
    return tree.sql(dialect=dialect, unsupported_level=ErrorLevel.RAISE, identify=True, copy=False)
