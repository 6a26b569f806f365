"""Rules of segments put in the place of `in_segment`, so that features can ask for segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, TypeVar

from segmentry.language.condition import InSegment
from segmentry.language.node import Condition, Node
from segmentry.language.text import segments

AnyNode = TypeVar("AnyNode", bound=Node)


def inlined(node: AnyNode, rules: Mapping[str, Condition]) -> AnyNode:
    """The tree with the rule of each segment it uses in place, theirs too.

    A segment without a rule stays as it is, for the check to name. The rules must not use one
    another in a circle.

    >>> from segmentry.language.text import parse_rule
    >>> rules = {"vip": parse_rule("monetary > 500"), "ours": parse_rule("in_segment('vip')")}
    >>> inlined(parse_rule("NOT in_segment('ours')"), rules).text()
    'NOT monetary > 500'
    """
    found: AnyNode = _inlined(node, rules) if segments(node) else node
    return found


def _inlined(value: Any, rules: Mapping[str, Condition]) -> Any:
    match value:
        case InSegment(name=name) if name in rules:
            return _inlined(rules[name], rules)
        case Node():
            return _with_parts(value, rules)
        case tuple():
            return tuple(_inlined(each, rules) for each in value)
        case _:
            return value


def _with_parts(node: Node, rules: Mapping[str, Condition]) -> Node:
    parts = {each.name: getattr(node, each.name) for each in fields(node) if each.compare}
    changed = {name: _inlined(part, rules) for name, part in parts.items()}
    return node if changed == parts else replace(node, **changed)
