"""A rule as a statement of SQL, in the dialect of an engine, for people to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.answers.plain import Document
from segmentry.core.errors import UnknownNameError

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.workspace.workspace import Workspace


def statement(workspace: Workspace, which: str, dialect: str, as_of: AsOf) -> Document:
    """The statement that gives the members of a segment, group or rule, from the facts alone.

    Args:
        which: Name of a saved segment, a group as `lifecycle/At risk`, or a rule.

    Raises:
        UnknownNameError: There is no such dialect or group.
        UnsupportedOperationError: The dialect cannot do an operator; it is named.
    """
    from segmentry.sql.dialects.reading import EXECUTED, READ_ONLY
    from segmentry.workspace.card import rule_of

    known = {**EXECUTED, **READ_ONLY}
    if dialect not in known:
        raise UnknownNameError("dialect", dialect, known)
    rule = rule_of(workspace, which)
    return {
        "rule": rule,
        "as_of": str(as_of),
        "dialect": dialect,
        "executed": dialect in EXECUTED,
        "sql": known[dialect].render(workspace.statement(rule, as_of), pretty=True),
    }
