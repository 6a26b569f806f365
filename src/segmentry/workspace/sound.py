"""The saved segments whose rule holds on the data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError
from segmentry.language.check import check
from segmentry.language.node import Condition
from segmentry.language.schema import Schema
from segmentry.language.text import segments as segments_used
from segmentry.segments import usage

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace


def sound(workspace: Workspace, schema: Schema) -> dict[str, Condition]:
    """Saved segments whose rule holds on the data; one that uses a broken one is broken too."""
    trees = workspace.rules()
    known = replace(schema, segments=frozenset(trees))
    found: dict[str, Condition] = {}
    for name in usage.in_order(trees):
        try:
            check(trees[name], known)
        except DeclarationError:  # held when it was saved; whoever shows it says it no longer does
            continue
        if all(each in found for each in segments_used(trees[name])):
            found[name] = trees[name]
    return found


__all__ = ["sound"]
