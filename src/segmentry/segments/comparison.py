"""For whom conditions are no longer what they were, found from the columns of two instants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from segmentry.core.types import Type
from segmentry.engines.held import Held, narrow
from segmentry.features.compile import KNOWN
from segmentry.features.moved import Moved
from segmentry.language.node import Condition
from segmentry.language.value import Name
from segmentry.segments.algebra import Algebra
from segmentry.segments.bits import NOBODY, Flags, Numbers, numbers
from segmentry.segments.decided import Compiled, decided
from segmentry.sql.expression import Expression, columns_of


@dataclass(frozen=True)
class Side:
    """Customers at one of the two instants.

    Args:
        columns: Arrays by name, a customer's number the place.
        known: For each number, whether a customer with it is known.
    """

    columns: Mapping[str, Any]
    known: Flags
    compiled: Compiled

    @classmethod
    def of(cls, columns: Mapping[str, Any], said: Compiled) -> Side:
        """The customers with these columns, and what conditions on them say."""
        return cls(columns, columns[KNOWN].to_numpy(zero_copy_only=False), said)

    def expressions(self, leaves: Mapping[str, Condition]) -> dict[str, Expression]:
        """What conditions say, by their texts; those that columns cannot decide are left out."""
        found = {text: self.compiled.expression(leaf) for text, leaf in leaves.items()}
        return {text: each for text, each in found.items() if each is not None}

    def reads(self, node: Condition | Name) -> set[str]:
        """The columns that a rule reads, those of segments in it too."""
        if isinstance(node, Name):
            return {node.name}
        leaves = Algebra(self.compiled.scope.rules, NOBODY).leaves([node])
        return {each.name for each in columns_of(self.expressions(leaves).values())}

    def index(self, places: Numbers) -> Any:
        """Numbers of customers as `at` takes them, ascending."""
        beyond = places >= len(self.known)
        return pa.array(places, mask=beyond if beyond.any() else None)

    def at(self, name: str, index: Any) -> Any:
        """A column of some customers; missing where there is no such place."""
        return pc.take(self.columns[name], index, boundscheck=False)

    def known_at(self, places: Numbers) -> Flags:
        """Which of the customers with these numbers are known."""
        found = np.zeros(len(places), np.bool_)
        inside = places < len(self.known)
        found[inside] = self.known[places[inside]]
        return found


@dataclass
class Comparison:
    """Finds the customers for whom something is no longer what it was.

    Of columns whose changes are known only those customers are looked at; of others, everybody.
    Who is known at one instant only is always looked at, and found.

    Args:
        moved: Whose columns may have changed since `before`.
        changed: For whom each condition, by its text, is not what it was; numbers ascending.
        refused: Texts of the conditions that arrays turned out not to decide.
    """

    before: Side
    now: Side
    moved: Moved
    changed: dict[str, Numbers] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        one, other = self.before.known, self.now.known
        self._shared = min(len(one), len(other))
        self._found = np.ones(max(len(one), len(other)), np.bool_)
        np.not_equal(one[: self._shared], other[: self._shared], out=self._found[: self._shared])
        self._came_or_went = np.flatnonzero(self._found[: self._shared])
        self._beyond = np.arange(self._shared, len(self._found))

    @property
    def places(self) -> Numbers:
        """Numbers of the customers found so far."""
        return np.flatnonzero(self._found)

    def conditions(self, leaves: Mapping[str, Condition]) -> None:
        """Find for whom one of the conditions, by their texts, is not what it was."""
        before, now = self.before.expressions(leaves), self.now.expressions(leaves)
        alike: dict[tuple[str, ...], list[str]] = {}
        for text, each in now.items():
            read = sorted({column.name for column in columns_of([each, before[text]])})
            same = "" if before[text] == each else text
            alike.setdefault((same, *read), []).append(text)
        for (same, *names), texts in alike.items():
            one, other = ({text: side[text] for text in texts} for side in (before, now))
            found = [
                self._changed(names, places, one, other)
                for places in self._looked_at(None if same else self.moved.of(names))
            ]
            for text in set(texts) - self.refused:
                self.changed[text] = np.concatenate([each[text] for each in found])
                self._found[self.changed[text]] = True

    def column(self, name: str, kind: Type) -> None:
        """Find for whom the value of a column is not what it was."""
        for places in self._looked_at(self.moved.of([name])):
            both = (narrow(each[name], kind) for each in self._both([name], places))
            self._found[_numbers(places, np.flatnonzero(_different(*both)))] = True

    def _looked_at(self, moved: Numbers | None) -> Iterator[Numbers | None]:
        """Ascending numbers of those to look at; `None` for all who have one at both instants."""
        if moved is None:
            yield None
            yield self._beyond
        else:
            inside = moved[: np.searchsorted(moved, self._shared)]
            if len(self._came_or_went):
                inside = np.union1d(inside, self._came_or_went)
            yield np.concatenate([inside, self._beyond])

    def _both(self, names: Iterable[str], places: Numbers | None) -> Iterator[dict[str, Any]]:
        """Columns at both instants, of the same customers."""
        for side in (self.before, self.now):
            index = None if places is None else side.index(places)
            yield {
                name: side.columns[name][: self._shared] if index is None else side.at(name, index)
                for name in names
            }

    def _changed(
        self,
        names: Iterable[str],
        places: Numbers | None,
        before: Mapping[str, Expression],
        now: Mapping[str, Expression],
    ) -> dict[str, Numbers]:
        """For whom each condition is not what it was, of those looked at."""
        size = self._shared if places is None else len(places)
        said = zip(self._both(names, places), (before, now), strict=True)
        (one, refused), (other, too) = (decided(here, each, size) for here, each in said)
        self.refused |= {*refused, *too}
        return {
            text: _numbers(places, numbers(one[text] ^ other[text]))
            for text in one.keys() & other.keys()
        }


def _numbers(places: Numbers | None, which: Numbers) -> Numbers:
    return which if places is None else places[which]


def _different(one: Held, other: Held) -> Flags:
    """Where values are not the same, or there is one on one side only."""
    here = [np.True_ if each.known is None else each.known for each in (one, other)]
    values = other.values
    if one.words is not None and other.words is not None:
        known = {word: code for code, word in enumerate(one.words.to_pylist())}
        codes = [known.get(word, -1) for word in other.words.to_pylist()]
        values = np.array([*codes, -1], np.int64)[np.where(here[1], values, -1)]
    same = (one.values == values) & here[0] & here[1]
    neither = ~here[0] & ~here[1]
    found: Flags = ~(same | neither)
    return found
