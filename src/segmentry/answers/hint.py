"""What was probably meant where a condition asks for a text that nobody has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document
from segmentry.core.errors import nearest
from segmentry.core.types import Type

if TYPE_CHECKING:
    from segmentry.core.time import AsOf
    from segmentry.segments.preview import ConditionCount
    from segmentry.workspace.workspace import Workspace

MOST = 5
"""Values that are named, the nearest first, else the most frequent."""


def hints(
    workspace: Workspace, conditions: Iterable[ConditionCount], as_of: AsOf
) -> list[Document]:
    """For each condition that nobody meets and that asks for a text: the texts that there are.

    Personal texts are never told. For somebody who may not see customers there is none.
    """
    from segmentry.answers.rules import values

    found: list[Document] = []
    if workspace.discreet:
        return found
    for each in conditions:
        for name, asked in _texts(workspace, each.text) if not each.customers else ():
            there = [str(row["value"]) for row in values(workspace, name, as_of, 1)["values"]]
            near = nearest(asked, there)
            some = [*near, *(value for value in there if value not in near)][:MOST]
            if some:
                found.append({"condition": each.text, "values": near or some})
    return found


def _texts(workspace: Workspace, condition: str) -> Iterator[tuple[str, str]]:
    """The feature that a condition compares with a text, and the text."""
    from segmentry.data.checks.personal import PERSONAL
    from segmentry.language.condition import Comparison, In
    from segmentry.language.literal import Constant
    from segmentry.language.text import parse_rule
    from segmentry.language.value import Name

    features = workspace.features().schema.features
    match parse_rule(condition):
        case Comparison("=", Name(name), Constant(str(text))) | In(
            Name(name), (Constant(str(text)),)
        ):
            field = features.get(name)
            if field and field.type is Type.TEXT and name not in PERSONAL:
                yield name, text
