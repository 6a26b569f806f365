"""Who meets which conditions: each distinct leaf of many rules once, as bits, and then algebra.

A *leaf* is a condition that AND, OR and NOT join; `in_segment` is followed into the rule it names.
Conditions are two-valued, so a rule's members follow from the bits of its leaves exactly, whatever
was missing. A leaf over features alone is decided on columns in memory (`engines.arrays`); one that
needs rows of facts, statistics of the base or an operator that arrays lack is computed by the
engine, many in one query, and fetched as true or false.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pyarrow as pa

from segmentry.core.types import Type
from segmentry.engines import arrays
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.held import held
from segmentry.features.column_files import ColumnFiles
from segmentry.features.columns import columns, computed, dense
from segmentry.features.compile import CUSTOMERS, KNOWN, CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.known import names_in
from segmentry.language.node import Condition, Node
from segmentry.language.text import measures, segments, text_of
from segmentry.segments.algebra import Algebra
from segmentry.segments.bits import Bits, packed
from segmentry.segments.decided import Compiled, by_columns, compiled, decided, groups_of
from segmentry.sql.expression import Column, Expression, Table

LEAVES_AT_ONCE = 32
"""Conditions that the engine computes in one query."""
READY = "ready_features"
"""How names of temporary tables begin; one may be made from another."""

Progress = Callable[[int, int], None]
"""Called with how many leaves are done, and how many there are."""


def unwatched(done: int, of: int) -> None:
    """Progress that nobody watches."""


@contextmanager
def ready(customers: Customers, nodes: Iterable[Node]) -> Iterator[Customers]:
    """The same customers with every feature that the nodes read computed once, and no other.

    On the desk they are columns in files, beside what it spills; elsewhere a temporary table. What
    a refresh kept is not computed again.
    """
    names = {name for node in nodes for name in _read(customers, node)}
    source, engine = customers.source, customers.engine
    if all(name in source.ready for name in names if name in customers.features):
        yield customers
    elif engine is customers.desk and (source == CUSTOMERS or source.columns is not None):
        with _spilled(customers.desk) as files:
            yield replace(customers, source=_kept(customers, names, files))
    else:
        table = f"{READY}_{uuid4().hex[:8]}"
        engine.create(table, customers.query(customers.named(sorted(names))), temporary=True)
        yield replace(customers, source=CustomerSource(Table(table), None, frozenset(names)))
        # After an error it stays: a transaction that failed takes no more statements.
        engine.drop(table)


def _kept(
    customers: Customers, names: Iterable[str], files: MutableMapping[str, Any]
) -> CustomerSource:
    """Features and traits as columns: those that are there, and the others computed into files."""
    found = dense(customers, files)
    assert found is not None
    found.keep(sorted(name for name in names if name not in found.columns))
    if KNOWN not in found.columns:
        files[KNOWN] = pa.array(found.known)
    return replace(CUSTOMERS, columns=found.columns)


@contextmanager
def _spilled(desk: DuckDB) -> Iterator[MutableMapping[str, Any]]:
    """Columns that are gone when the context ends: in files where the desk spills, if it does."""
    if desk.path is None:
        yield {}
        return
    folder = desk.path.with_name(f"{desk.path.name}.tmp")
    folder.mkdir(exist_ok=True)
    try:
        with TemporaryDirectory(dir=folder) as inside:
            yield ColumnFiles(Path(inside))
    finally:
        with suppress(OSError):  # DuckDB may have spilled there too
            folder.rmdir()


def _read(customers: Customers, node: Node) -> Iterator[str]:
    """Names of the features that a node reads, and those that the segments in it read."""
    yield from names_in(node)
    for name in segments(node):
        yield from _read(customers, customers.rules[name])


@dataclass
class Leaves:
    """The bits of conditions at an instant, computed when first asked for and then kept.

    Args:
        known: Everybody who is known at the instant; NOT is the complement in it.
    """

    customers: Customers
    known: Bits
    size: int
    algebra: Algebra = field(init=False)

    def __post_init__(self) -> None:
        self.algebra = Algebra(self.customers.rules, self.known)

    @classmethod
    def of(cls, customers: Customers) -> Leaves:
        """Nothing computed yet but who is known."""
        everybody = columns(customers, ())
        return cls(customers, packed(everybody.known), everybody.size)

    @cached_property
    def compiled(self) -> Compiled:
        """What conditions say, as expressions over columns."""
        return compiled(self.customers)

    def members(self, rule: Condition) -> Bits:
        """Who meets a rule; what of it is not computed yet is computed now."""
        self.compute([rule])
        return self.algebra.members(rule)

    def compute(self, rules: Iterable[Condition], progress: Progress = unwatched) -> None:
        """Compute the leaves of rules, each once, those that are there already left alone."""
        held = self.algebra.held
        wanted = {text: leaf for text, leaf in self.leaves(rules).items() if text not in held}
        done = 0
        for found in self._computed(wanted):
            held |= found
            done += len(found)
            progress(done, len(wanted))

    def forget(self) -> None:
        """Let all bits go."""
        self.algebra.forget()

    def leaves(self, rules: Iterable[Condition]) -> dict[str, Condition]:
        """The distinct leaves by their text, `in_segment` followed."""
        return self.algebra.leaves(rules)

    def groups(self, feature: str) -> Iterator[tuple[str, Bits]]:
        """The members of each value of a text feature, by value; missing is no group."""
        column = columns(self.customers, [feature]).column(feature)
        yield from groups_of(held(column, Type.TEXT))

    # leaves

    def _computed(self, wanted: Mapping[str, Condition]) -> Iterator[dict[str, Bits]]:
        """Bits by text, some at a time."""
        inside, outside = self._sorted(wanted)
        for names, some in by_columns(inside):
            here = columns(self.customers, names)
            found, refused = decided(here.values, some, self.size)
            outside += [wanted[text] for text in refused]
            yield {text: each & self.known for text, each in found.items()}
        outside.sort(key=lambda leaf: [each.text() for each in measures(leaf)])
        remaining = iter(outside)
        while asked := list(islice(remaining, LEAVES_AT_ONCE)):
            yield self._asked(asked)

    def _sorted(
        self, wanted: Mapping[str, Condition]
    ) -> tuple[dict[str, Expression], list[Condition]]:
        """What columns in memory can decide, as expressions, and what only the engine can."""
        if self.customers.engine is not self.customers.desk:  # a bit is less to carry than a value
            return {}, list(wanted.values())
        expressions = {text: self.compiled.expression(leaf) for text, leaf in wanted.items()}
        inside = {text: each for text, each in expressions.items() if each is not None}
        return inside, [leaf for text, leaf in wanted.items() if text not in inside]

    def _asked(self, leaves: Sequence[Condition]) -> dict[str, Bits]:
        """Leaves that the engine computes, in one query."""
        named = {f"leaf_{number}": leaf for number, leaf in enumerate(leaves)}
        answers = computed(self.customers, named)
        return {
            text_of(leaf): packed(
                arrays.truth(
                    Column(name, Type.BOOLEAN),
                    {name: held(answers.column(name), Type.BOOLEAN)},
                    self.size,
                )
            )
            for name, leaf in named.items()
        }
