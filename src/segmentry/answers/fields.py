"""What the fields of shown rows are called, and what they hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from segmentry.answers.plain import Document
from segmentry.core.types import Type

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def fields(
    workspace: Workspace, rows: Iterable[tuple[str, Iterable[str]]], language: str | None = None
) -> Document:
    """Label and type of every field that stands in a row, by name.

    Args:
        rows: Of each the fact that it is of, and its fields.
    """
    facts, wording = workspace.features().schema.facts, workspace.wording(language)
    found: Document = {}
    for fact, names in rows:
        types = {name: each.type for name, each in facts[fact].fields.items()}
        types[facts[fact].instant] = Type.INSTANT
        for name in names:
            if name in types:
                found[name] = {"label": wording.field(name), "type": types[name]}
    return found
