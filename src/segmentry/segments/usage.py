"""Where a name is used, and in what order segments must be computed."""

from __future__ import annotations

from collections.abc import Mapping

from segmentry.core.errors import CycleError, UnknownNameError
from segmentry.features.known import Features, names_in, tree
from segmentry.language.node import Condition, Node
from segmentry.language.text import segments


def in_order(rules: Mapping[str, Condition]) -> list[str]:
    """Names of segments, each after those it uses.

    Raises:
        CycleError: A segment uses itself, directly or through others.
        UnknownNameError: A segment uses one that is not there.
    """
    done: dict[str, None] = {}
    path: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name not in rules:
            raise UnknownNameError("segment", name, rules)
        if name in path:
            raise CycleError(f"segment `{name}` uses itself: {' → '.join([*path, name])}.")
        path.append(name)
        for each in segments(rules[name]):
            visit(each)
        path.pop()
        done[name] = None

    for name in rules:
        visit(name)
    return list(done)


def users(name: str, rules: Mapping[str, Condition], features: Features) -> list[str]:
    """What reads a segment or feature: `segment vip`, `feature overdue_factor` …, sorted."""
    return all_users(rules, features).get(name, [])


def all_users(rules: Mapping[str, Condition], features: Features) -> dict[str, list[str]]:
    """What reads each segment and feature, sorted; those that nothing reads are not there."""
    reading: dict[str, Node] = {f"segment {name}": rule for name, rule in rules.items()}
    for each in features.shown:
        reading[f"feature {each.name}"] = tree(each.declaration.expression)
    found: dict[str, list[str]] = {}
    for user, node in sorted(reading.items(), key=lambda each: each[0]):
        for name in {*segments(node), *names_in(node)}:
            found.setdefault(name, []).append(user)
    return found


def reached(name: str, rules: Mapping[str, Condition]) -> set[str]:
    """The segments that a segment uses, directly or through others; those that are not there too.

    It is among them itself when it goes in a circle.
    """
    found: set[str] = set()
    open_names = list(segments(rules[name]))
    while open_names:
        each = open_names.pop()
        if each not in found:
            found.add(each)
            open_names += segments(rules[each]) if each in rules else []
    return found
