"""Conditions decided on columns in memory, a slice of the customers after the other.

A slice is short enough that what is compared and joined in between stays in the processor's
caches; in one piece the same takes three times as long, most of it to get memory and give it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NoReturn

import numpy as np
import pyarrow as pa

from segmentry.core.errors import UnsupportedOperationError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines import arrays
from segmentry.engines.held import Held, narrow
from segmentry.features.customers import Customers
from segmentry.language.condition import InSegment
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Condition, Measure, Statistic
from segmentry.language.schema import Schema
from segmentry.language.text import text_of
from segmentry.language.value import Name
from segmentry.segments.bits import Bits, packed
from segmentry.sql.expression import Column, Expression, columns_of

FEATURES_AT_ONCE = 16
"""Columns that are in memory at once: 8 bytes a customer each."""
SLICE = 2**16
"""Customers of whom conditions are decided at once; a multiple of eight."""


@dataclass(frozen=True)
class ColumnScope:
    """Names are columns in memory; there is nothing else."""

    schema: Schema
    as_of: AsOf
    rules: Mapping[str, Condition]

    def name(self, name: str) -> Expression:
        """The column of a feature or trait; `customer_id` is none."""
        if name not in self.schema.features:
            raise arrays.refused(name)
        return Column(name, self.type(name))

    def type(self, name: str) -> Type:
        """Type of a feature or trait."""
        return Type.TEXT if name == "customer_id" else self.schema.feature(name).type

    def measure(self, measure: Measure) -> NoReturn:
        """Not here: there are no rows."""
        raise arrays.refused(measure.text())

    def statistic(self, statistic: Statistic) -> NoReturn:
        """Not here: it takes all customers to compute."""
        raise arrays.refused(f"statistic of {statistic.feature}")

    def segment(self, name: str) -> Expression:
        """Another segment's rule, in place."""
        return self.rules[name].compile(self)


@dataclass(frozen=True)
class Compiled:
    """Conditions as expressions over columns at an instant, each compiled once."""

    scope: ColumnScope
    _expressions: dict[str, Expression | None] = field(default_factory=dict)
    _leaves: dict[str, str | None] = field(default_factory=dict)
    _segments: dict[str, str | None] = field(default_factory=dict)

    def expression(self, leaf: Condition) -> Expression | None:
        """A condition without AND, OR, NOT; `None` if columns alone cannot decide it."""
        text = text_of(leaf)
        if text not in self._expressions:
            try:
                self._expressions[text] = leaf.compile(self.scope)
            except UnsupportedOperationError:
                self._expressions[text] = None
        return self._expressions[text]

    def meaning(self, rule: Condition | Name) -> str | None:
        """A text that is another one whenever the same columns might give other members.

        It follows the segments that the rule uses, and all that the instant, the zone and the
        schema say. `None` if columns alone cannot decide the rule.
        """
        match rule:
            case And(parts) | Or(parts):
                return self._joined(type(rule).__name__, parts)
            case Not(part):
                return self._joined("Not", (part,))
            case Name(name) if not isinstance(rule, Condition):
                return f"= {name}"
            case InSegment(name=name):
                if name not in self._segments:
                    self._segments[name] = self.meaning(self.scope.rules[name])
                return self._segments[name]
            case _:
                if (text := text_of(rule)) not in self._leaves:
                    self._leaves[text] = _digest(self.expression(rule))
                return self._leaves[text]

    def _joined(self, name: str, parts: Iterable[Condition]) -> str | None:
        found = [self.meaning(each) for each in parts]
        return None if None in found else _digest((name, found))


def compiled(customers: Customers) -> Compiled:
    """Conditions on customers as expressions over columns, nothing compiled yet."""
    schema = customers.features.schema
    return Compiled(ColumnScope(schema, customers.as_of, customers.rules))


def _digest(said: object) -> str | None:
    return None if said is None else sha256(repr(said).encode()).hexdigest()[:32]


def decided(
    columns: Mapping[str, pa.Array[Any]], leaves: Mapping[str, Expression], size: int
) -> tuple[dict[str, Bits], list[str]]:
    """The bits of conditions over columns, and the texts of those that arrays refuse."""
    kinds = {each.name: each.type for each in columns_of(leaves.values())}
    found = {text: np.zeros(-(-size // 8), np.uint8) for text in leaves}
    for start in range(0, max(size, 1), SLICE):
        inside = min(SLICE, size - start)
        here = {
            name: narrow(columns[name].slice(start, inside), kind) for name, kind in kinds.items()
        }
        for text in [*found]:
            try:
                flags = arrays.truth(leaves[text], here, inside)
            except UnsupportedOperationError:
                del found[text]
            else:
                found[text][start // 8 : -(-(start + inside) // 8)] = packed(flags)
    return found, [text for text in leaves if text not in found]


def groups_of(texts: Held) -> Iterator[tuple[str, Bits]]:
    """The members of each value of a text, by value; missing is no group."""
    assert texts.words is not None
    words = [str(each) for each in texts.words.to_pylist()]
    for word, code in sorted((word, code) for code, word in enumerate(words)):
        here = texts.values == code
        yield word, packed(here if texts.known is None else here & texts.known)


def by_columns(
    leaves: Mapping[str, Expression],
) -> Iterator[tuple[list[str], dict[str, Expression]]]:
    """Leaves together with the few columns that they read."""
    reads = {
        text: sorted({each.name for each in columns_of([leaf])}) for text, leaf in leaves.items()
    }
    names: set[str] = set()
    some: dict[str, Expression] = {}
    for text in sorted(leaves, key=lambda text: (reads[text], text)):
        if some and len(names | set(reads[text])) > FEATURES_AT_ONCE:
            yield sorted(names), some
            names, some = set(), {}
        names |= set(reads[text])
        some[text] = leaves[text]
    if some:
        yield sorted(names), some
