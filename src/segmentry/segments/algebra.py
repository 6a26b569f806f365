"""Members of rules from the bits of their conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from segmentry.language.condition import InSegment
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition
from segmentry.language.text import conditions, text_of
from segmentry.segments.bits import Bits


@dataclass
class Algebra:
    """AND, OR and NOT of sets; `in_segment` is followed into the rule it names.

    Args:
        rules: Trees of the segments that `in_segment` may name.
        known: Everybody there is; NOT is the complement in it.
        held: The bits of conditions, by their text.
    """

    rules: Mapping[str, Condition]
    known: Bits
    held: dict[str, Bits] = field(default_factory=dict)
    _segments: dict[str, Bits] = field(default_factory=dict)

    def leaves(self, rules: Iterable[Condition]) -> dict[str, Condition]:
        """The distinct leaves by their text, `in_segment` followed."""
        found: dict[str, Condition] = {}
        followed: set[str] = set()
        waiting = list(rules)
        while waiting:
            for leaf in conditions(waiting.pop()):
                if not isinstance(leaf, InSegment):
                    found[text_of(leaf)] = leaf
                elif leaf.name not in followed:
                    followed.add(leaf.name)
                    waiting.append(self.rules[leaf.name])
        return found

    def members(self, rule: Condition) -> Bits:
        """Who meets a rule whose conditions are all held."""
        match rule:
            case And(parts):
                return reduce(np.bitwise_and, map(self.members, parts))
            case Or(parts):
                return reduce(np.bitwise_or, map(self.members, parts))
            case Not(part):
                return self.known & ~self.members(part)
            case InSegment(name=name):
                if name not in self._segments:
                    self._segments[name] = self.members(self.rules[name])
                return self._segments[name]
            case _:
                return self.held[text_of(rule)]

    def forget(self) -> None:
        """Let all bits go but those of who is there."""
        self.held.clear()
        self._segments.clear()
