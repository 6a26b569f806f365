"""The sets that cells of charts are made of, as rules that go with what is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from segmentry.language.condition import InSegment
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition
from segmentry.language.text import parse_rule
from segmentry.workspace.card import rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from segmentry.workspace.workspace import Workspace


def set_rule(workspace: Workspace, which: str) -> Condition:
    """The rule of a set: a saved segment by its name, so that a change of it is followed.

    A group (`rfm/VIP`) is by its own rule, and any other text is a rule.

    Raises:
        UnknownNameError: There is no such group.
        DeclarationError: It is no name and not a rule either.
    """
    if any(each.name == which for each in workspace.saved()):
        return InSegment(which)
    return parse_rule(rule_of(workspace, which))


def in_all(inside: Iterable[Condition], outside: Iterable[Condition] = ()) -> Condition:
    """Who is in each of some sets, and in none of others; at least one set is named."""
    parts = [*inside, *(Not(each) for each in outside)]
    flat = [part for each in parts for part in (each.parts if isinstance(each, And) else (each,))]
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def in_any(rules: Iterable[Condition]) -> Condition:
    """Who is in at least one of some sets; at least one is named."""
    parts = tuple(rules)
    return parts[0] if len(parts) == 1 else Or(parts)


__all__ = ["in_all", "in_any", "set_rule"]
