"""What is not as it was between two states of the declarations, and what reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel

from segmentry.features.known import Features, names_in, tree
from segmentry.language.node import Condition
from segmentry.language.text import parse_rule
from segmentry.segments import usage
from segmentry.segments.segment import Segmentation
from segmentry.workspace.declarations import (
    FEATURE,
    KINDS,
    SEGMENT,
    SEGMENTATION,
    Declarations,
    Key,
)
from segmentry.workspace.definition_check import PARAMETERS
from segmentry.workspace.definition_text import dumped, written

Action = Literal["new", "changed", "removed"]


@dataclass(frozen=True)
class Change:
    """A declaration that is not as it was; `before` and `after` are its texts.

    Args:
        used_by: What reads it, after the change.
    """

    kind: str
    name: str
    action: Action
    before: str
    after: str
    used_by: tuple[str, ...] = ()


def changes_between(before: Declarations, after: Declarations) -> Iterator[Change]:
    """Every declaration that is not the same in both, parameters first, then kind by kind."""
    was, becomes = _all_texts(before), _all_texts(after)
    for key in sorted({*was, *becomes}, key=_rank):
        old, new = was.get(key, ""), becomes.get(key, "")
        if old != new:
            action: Action = "new" if not old else "changed" if new else "removed"
            yield Change(*key, action, old, new)


def _rank(key: Key) -> tuple[int, str]:
    order = [PARAMETERS, *KINDS]
    return order.index(key[0]), key[1]


def _all_texts(declarations: Declarations) -> dict[Key, str]:
    found = {
        (kind.name, name): written(kind, name, each)
        for kind in KINDS.values()
        for name, each in declarations.of(kind.name).items()
    }
    for name, values in declarations.parameters.items():
        found[PARAMETERS, name] = dumped(values)
    return found


def made_by(name: str, declared: BaseModel) -> set[str]:
    """Names of the features that a declaration brings."""
    if isinstance(declared, Segmentation):
        return {each.name for each in declared.declarations()}
    return {name}


def users(features: set[str], declared: Declarations) -> Iterator[str]:
    """What reads one of the features: segments, then features, then segmentations."""
    for segment in declared.segments():
        if features & set(names_in(parse_rule(segment.rule))):
            yield f"segment {segment.name}"
    for feature in declared.own_features():
        if features & set(names_in(tree(feature.expression))):
            yield f"feature {feature.name}"
    for segmentation in declared.own_segmentations():
        own = list(segmentation.declarations())
        if any(features & set(names_in(tree(each.expression))) for each in own):
            yield f"segmentation {segmentation.name}"


def with_users(
    change: Change, after: Declarations, rules: Mapping[str, Condition], features: Features
) -> Change:
    """The change with what reads what it declares, once all changes are made."""
    if change.action == "removed" or change.kind not in (SEGMENT, FEATURE, SEGMENTATION):
        return change
    declared = after.of(change.kind)[change.name]
    names = {change.name} if change.kind == SEGMENT else made_by(change.name, declared)
    known = usage.all_users(rules, features)
    found = {user for name in names for user in known.get(name, [])}
    return replace(change, used_by=tuple(sorted(found)))
