"""The members of many rules together: conditions are held of some customers at a time.

Many rules share conditions, which are more than they. So conditions are decided, and joined, for a
block of customers after the other, and what stays is the members. Only a condition that columns do
not decide is held of everybody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from segmentry.language.node import Condition, Node
from segmentry.segments.algebra import Algebra
from segmentry.segments.bits import Bits
from segmentry.segments.decided import by_columns, decided
from segmentry.segments.leaves import Leaves, Progress, unwatched
from segmentry.sql.expression import Expression, columns_of

BLOCK = 2**20
"""Customers whose conditions are held together; a multiple of eight."""
MOST_BYTES = 2**30
"""What members and conditions of everybody may take. More are computed in several rounds."""


@dataclass
class Blocks:
    """Members of rules over customers whose columns are there."""

    leaves: Leaves

    def members(
        self, rules: Mapping[str, Condition], progress: Progress = unwatched
    ) -> dict[str, Bits]:
        """Who meets each rule, by its name.

        Args:
            progress: Told of customers done, of all of them.
        """
        leaves = self.leaves
        wanted = leaves.leaves(rules.values())
        inside = self._inside(wanted)
        leaves.compute(leaf for text, leaf in wanted.items() if text not in inside)
        found = {name: np.zeros_like(leaves.known) for name in rules}
        for start in range(0, leaves.size, BLOCK):
            end = min(start + BLOCK, leaves.size)
            here = slice(start // 8, -(-end // 8))
            algebra = Algebra(leaves.customers.rules, leaves.known[here])
            refused = self._decide(algebra, inside, start, end)
            leaves.compute(wanted[text] for text in refused)
            inside = {text: each for text, each in inside.items() if text not in refused}
            algebra.held |= {text: bits[here] for text, bits in leaves.algebra.held.items()}
            for name, rule in rules.items():
                found[name][here] = algebra.members(rule)
            progress(end, leaves.size)
        return found

    def rounds(self, nodes: Mapping[str, Node]) -> Iterator[list[str]]:
        """Names of what puts customers into parts, as many as take no more memory than they may."""
        most = max(MOST_BYTES // max(len(self.leaves.known), 1), 1)
        taken: list[str] = []
        whole: set[str] = set()
        for name, node in nodes.items():
            own = self._whole(node) if isinstance(node, Condition) else set()
            if taken and len(taken) + 1 + len(whole | own) > most:
                yield taken
                taken, whole = [], set()
            taken.append(name)
            whole |= own
        if taken:
            yield taken

    def _whole(self, rule: Condition) -> set[str]:
        """The conditions that are held of everybody."""
        wanted = self.leaves.leaves([rule])
        return wanted.keys() - self._inside(wanted).keys()

    def _inside(self, wanted: Mapping[str, Condition]) -> dict[str, Expression]:
        """Conditions that columns decide which are there."""
        said = {text: self.leaves.compiled.expression(leaf) for text, leaf in wanted.items()}
        return {
            text: each
            for text, each in said.items()
            if each is not None and all(one.name in self._there for one in columns_of([each]))
        }

    @cached_property
    def _there(self) -> frozenset[str]:
        return frozenset(self.leaves.customers.source.columns or ())

    def _decide(
        self, algebra: Algebra, inside: Mapping[str, Expression], start: int, end: int
    ) -> list[str]:
        """Decide conditions of a block of customers; gives those that arrays refuse."""
        there = self.leaves.customers.source.columns or {}
        refused = []
        for names, some in by_columns(inside):
            columns = {name: there[name].slice(start, end - start) for name in names}
            found, others = decided(columns, some, end - start)
            algebra.held |= {text: bits & algebra.known for text, bits in found.items()}
            refused += others
        return refused
