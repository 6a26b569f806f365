"""One reading of a fact for all that is added up from its rows.

The rows are read in slices of time, newest first. An aggregate over the last 30 days is what has
been added up when the slice that begins 30 days ago is done; the one over 90 days goes on from
there. So a row is read once for all windows. A slice is put in order of each field that rows are
chosen by (`category = 'tea'`), once for all values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.held import Held, held
from segmentry.features.aggregates import Aggregate
from segmentry.features.rows import ROWS, Rows
from segmentry.features.slices import Pace, Slice, SliceRows, read
from segmentry.features.totals import NOTHING, Edge, Numbers, Total, total
from segmentry.language.schema import Fact, Schema
from segmentry.sql.expression import Call, Column, Expression, Join, Table, call
from segmentry.sql.operators import Op

TIED = "tied_customers"
NO_WORDS: Any = pa.array([], pa.string())
AT_ONCE = 2 * 2**30
"""Bytes that running aggregates take at most; where they are more, rows are read again for them."""
TOTAL, EDGE = 9, 25
"""Bytes of a customer in a total, and in a first or last value."""
AT = ".at"
"""Follows the key of a first or last value: the instant of its row."""


@dataclass
class Run:
    """An aggregate going back in time from where its windows end.

    Args:
        starts: Where windows begin, with the keys of what they give; `None` is the beginning. Two
            ways to tell a window may mean the same stretch of time.
    """

    of: Aggregate
    end: datetime
    starts: dict[datetime | None, list[str]] = field(default_factory=dict)
    total: Total | None = None
    edge: Edge | None = None

    def covers(self, part: Slice) -> bool:
        """Whether rows of a slice are wanted."""
        if not self.starts or part.end > self.end:
            return False
        if None in self.starts:
            return True
        return part.start is not None and part.start >= min(filter(None, self.starts))


@dataclass(frozen=True)
class Scan:
    """Everything that is added up from the rows of one fact.

    Args:
        wanted: Aggregates, none of them put together from others.
        size: One more than the highest number of a customer.
    """

    engine: DuckDB
    schema: Schema
    as_of: AsOf
    fact: Fact
    wanted: Iterable[Aggregate]
    size: int

    def columns(self) -> Iterator[tuple[str, Held]]:
        """The aggregates by key, each as soon as it is there; first and last ones with their time.

        Raises:
            UnsupportedOperationError: A number is too large to be exact.
        """
        for runs in self._together():
            yield from self._of_no_time(runs)
            yield from self._read(runs)

    def _read(self, runs: Sequence[Run]) -> Iterator[tuple[str, Held]]:
        for part in self._slices(runs):
            active = [each for each in runs if each.covers(part)]
            if active:
                self._add(part, active)
            for run in active:
                if part.start in run.starts:
                    yield from self._given(run, part.start)
                    if not run.starts:
                        run.total = run.edge = None

    def _runs(self) -> list[Run]:
        found: dict[object, Run] = {}
        for each in self.wanted:
            start, end = each.window.bounds(self.as_of)
            run = found.setdefault((each.where, each.op, each.value, end), Run(each, end))
            run.starts.setdefault(start, []).append(each.key)
        return list(found.values())

    def _together(self) -> Iterator[list[Run]]:
        """Runs whose arrays are in memory at once: all, unless there are very many customers.

        Those over the same rows come one after the other, and those over all rows first, for others
        are divided by them.
        """
        runs = sorted(self._runs(), key=lambda each: repr(each.of.where or ""))
        most, held, first = AT_ONCE // max(self.size, 1), 0, 0
        for place, run in enumerate(runs):
            width = EDGE if run.of.keys else TOTAL
            if held and held + width > most:
                yield runs[first:place]
                held, first = 0, place
            held += width
        yield runs[first:]

    def _of_no_time(self, runs: Iterable[Run]) -> Iterator[tuple[str, Held]]:
        """Aggregates of windows that have not begun: of no rows."""
        for run in runs:
            for start in [each for each in run.starts if each is not None and each >= run.end]:
                nothing = Run(run.of, run.end, {start: run.starts.pop(start)})
                yield from self._given(nothing, start)

    def _given(self, run: Run, start: datetime | None) -> Iterator[tuple[str, Held]]:
        """What a run has come to at the start of a window, which it is done with."""
        found = {"": self._held(run, start)}
        if run.of.keys:
            found[AT] = self._instants(run.edge)
        for key in run.starts.pop(start):
            yield from ((key + part, each) for part, each in found.items())

    def _instants(self, edge: Edge | None) -> Held:
        at = np.full(self.size, NOTHING) if edge is None else edge.at.copy()
        return Held(Type.INSTANT, at, at != NOTHING)

    def _held(self, run: Run, start: datetime | None) -> Held:
        if not run.of.keys:
            return self._total(run).held()
        edge, kind = run.edge, run.of.type
        if edge is None or not edge.values:
            return Held(
                kind, np.zeros(self.size, np.int64), np.zeros(self.size, np.bool_), NO_WORDS
            )
        array = edge.array()
        if edge.tied.any():
            array = self._decided(run.of, Slice(start, run.end), array, np.flatnonzero(edge.tied))
        return held(array, kind)

    def _decided(self, of: Aggregate, window: Slice, array: Any, tied: Numbers) -> Any:
        """The array with the values of customers for whom not time, but the next key decides."""
        assert of.value is not None
        rows = self._rows(window)
        value = Call(of.op, (of.value, *of.keys), of.type)
        select = rows.select({"value": value}, where=of.where)
        own = Column("customer_no", Type.INTEGER, ROWS)
        same = call(Op.EQUAL, own, replace(own, relation=TIED))
        select = replace(select, joins=(*select.joins, Join(Table(TIED), TIED, same, left=False)))
        with self.engine.registered(TIED, pa.table({"customer_no": tied})):
            found = self.engine.fetch_compact(select, {})
        numbers, values = found.column("customer_no").to_numpy(), found.column("value")
        places = np.arange(self.size)
        places[numbers] = self.size + np.arange(len(numbers))
        both = pa.concat_arrays([array, values.combine_chunks().cast(array.type)])
        return both.take(pa.array(places))

    def _total(self, run: Run) -> Total:
        if run.total is None:
            run.total = total(run.of, self.size)
        return run.total

    # slices

    def _slices(self, runs: Sequence[Run]) -> Iterator[Slice]:
        """The time up to as_of between all starts and ends, newest first, none too long."""
        lasting = [each for each in runs if each.starts]
        starts = {start for each in lasting for start in each.starts}
        marks = {each.end for each in lasting} | {each for each in starts if each is not None}
        pace = Pace(self.engine, self.fact)
        edges: list[datetime | None] = [*sorted(marks, reverse=True)]
        for end, start in pairwise([*edges, None] if None in starts else edges):
            assert end is not None
            yield from pace.pieces(start, end)

    # rows

    def _add(self, part: Slice, runs: Sequence[Run]) -> None:
        rows = read(self.engine, self._rows(part), [each.of for each in runs])
        if not len(rows):
            return
        alike: dict[Expression | None, list[Run]] = {}
        for run in runs:
            alike.setdefault(run.of.where, []).append(run)
        for run in chain.from_iterable(alike.values()):  # rows are chosen once for all of them
            if run.of.keys:
                self._to_edge(run, rows)
            else:
                numbers, values = rows.of(run.of)
                if len(numbers):
                    self._total(run).add(numbers, values)

    def _to_edge(self, run: Run, rows: SliceRows) -> None:
        numbers, instants, values = rows.in_time(run.of)
        if not len(values):
            return
        if run.edge is None:
            run.edge = Edge(self.size, last=run.of.op is Op.LAST_BY)
        run.edge.add(numbers, instants, values)

    def _rows(self, part: Slice) -> Rows:
        return Rows(self.schema, self.as_of, self.fact, part)
