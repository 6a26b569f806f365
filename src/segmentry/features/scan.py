"""One reading of a fact for all that is added up from its rows.

The rows are read in slices of time, newest first. An aggregate over the last 30 days is what has
been added up when the slice that begins 30 days ago is done; the one over 90 days goes on from
there. So a row is read once for all windows. A slice is put in order of each field that rows are
chosen by (`category = 'tea'`), once for all values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.arrays import Held, held
from segmentry.engines.duckdb import DuckDB
from segmentry.features.aggregates import Aggregate
from segmentry.features.rows import ROWS, Rows
from segmentry.features.totals import Edge, Numbers, Total, total
from segmentry.language.schema import Fact, Schema
from segmentry.language.window import Window
from segmentry.language.words import Words
from segmentry.sql.expression import Call, Column, Expression, Join, Literal, Select, Table, call
from segmentry.sql.operators import Op

AT_ONCE = 4_000_000
"""Rows of a slice, about; what is in memory at once."""
TIED = "tied_customers"
NO_WORDS: Any = pa.array([], pa.string())
MOST_SMALL = 255
"""Codes that fit one byte, which are sorted in one pass."""


@dataclass(frozen=True)
class Slice(Window):
    """From one instant (`None`: the beginning of time) to another, not included."""

    start: datetime | None
    end: datetime

    def limits(self, as_of: AsOf) -> tuple[datetime | None, datetime | None]:  # noqa: ARG002
        """Both as they are."""
        return self.start, self.end

    def arguments(self) -> dict[str, str]:
        """It has no spelling."""
        return {}

    def sentence(self, words: Words) -> str:  # noqa: ARG002
        """It has no words."""
        return ""


@dataclass
class Run:
    """An aggregate going back in time from where its windows end.

    Args:
        starts: Where windows begin, with the names of what they give; `None` is the beginning.
    """

    of: Aggregate
    end: datetime
    starts: dict[datetime | None, str] = field(default_factory=dict)
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
class Chosen:
    """How rows are chosen: `column` must be `value`, or true."""

    column: Expression
    value: str | None

    @classmethod
    def of(cls, where: Expression) -> Chosen:
        """A comparison of a text with a text, or any condition."""
        match where:
            case Call(Op.MET, (inner,)):
                return cls.of(inner)
            case Call(Op.EQUAL, (Column(_, Type.TEXT) as column, Literal(str(value), _))):
                return cls(column, value)
            case _:
                return cls(where, None)


@dataclass(frozen=True)
class Scan:
    """Everything that is added up from the rows of one fact.

    Args:
        wanted: Aggregates by the names of what they give.
        size: One more than the highest number of a customer.
    """

    engine: DuckDB
    schema: Schema
    as_of: AsOf
    fact: Fact
    wanted: Mapping[str, Aggregate]
    size: int

    def columns(self) -> Iterator[tuple[str, Held]]:
        """The aggregates by name, each as soon as it is there.

        Raises:
            UnsupportedOperationError: A number is too large to be exact.
        """
        runs = self._runs()
        yield from self._of_no_time(runs)
        for part in self._slices(runs):
            active = [each for each in runs if each.covers(part)]
            if active:
                self._add(part, active)
            for run in active:
                if part.start in run.starts:
                    yield run.starts.pop(part.start), self._held(run, part.start)
                    if not run.starts:
                        run.total = run.edge = None

    def _runs(self) -> list[Run]:
        found: dict[object, Run] = {}
        for name, each in self.wanted.items():
            start, end = each.window.bounds(self.as_of)
            key = (each.where, each.op, each.value, end)
            found.setdefault(key, Run(each, end)).starts[start] = name
        return list(found.values())

    def _of_no_time(self, runs: Iterable[Run]) -> Iterator[tuple[str, Held]]:
        """Aggregates of windows that have not begun: of no rows."""
        for run in runs:
            for start in [each for each in run.starts if each is not None and each >= run.end]:
                yield run.starts.pop(start), self._held(Run(run.of, run.end), start)

    def _held(self, run: Run, start: datetime | None) -> Held:
        """What a run has come to at the start of a window."""
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
        rows = Rows(self.schema, self.as_of, self.fact, window)
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
        edges: list[datetime | None] = [*sorted(marks, reverse=True)]
        for end, start in pairwise([*edges, None] if None in starts else edges):
            assert end is not None
            yield from self._pieces(start, end)

    def _pieces(self, start: datetime | None, end: datetime) -> Iterator[Slice]:
        first, pace = self._first_and_pace
        begin = start or first
        while begin is not None and pace and end - begin > pace:
            yield Slice(end - pace, end)
            end -= pace
        yield Slice(start, end)

    @cached_property
    def _first_and_pace(self) -> tuple[datetime | None, timedelta | None]:
        """When the fact begins, and the time in which about `AT_ONCE` rows come."""
        instant = Column(self.fact.instant, Type.INSTANT)
        found = {
            "rows": call(Op.COUNT_ROWS, type=Type.INTEGER),
            "first": call(Op.MINIMUM, instant, type=Type.INSTANT),
            "last": call(Op.MAXIMUM, instant, type=Type.INSTANT),
        }
        rows, first, last = self.engine.rows(Select(Table(self.fact.table), found))[0]
        if rows <= AT_ONCE or first is None:
            return first, None
        return first, (last - first) / (rows / AT_ONCE) + timedelta(seconds=1)

    # rows

    def _add(self, part: Slice, runs: Sequence[Run]) -> None:
        rows = self._read(part, runs)
        if not len(rows.numbers):
            return
        by_choice: dict[Expression | None, list[Run]] = {}
        for run in runs:
            by_choice.setdefault(run.of.where, []).append(run)
        for where, alike in by_choice.items():
            places = rows.places(where)
            numbers = rows.numbers if places is None else rows.numbers[places]
            for run in alike:
                value = run.of.value
                if run.of.keys:
                    self._to_edge(run, rows, places)
                    continue
                if value is None:
                    self._total(run).add(numbers, None)
                    continue
                known, values = rows.known(value, places, numbers)
                if len(known):
                    self._total(run).add(known, values)

    def _to_edge(self, run: Run, rows: SliceRows, places: Numbers | None) -> None:
        assert run.of.value is not None
        values = rows.array(run.of.value)
        if places is not None:
            values = values.take(pa.array(places))
        if values.null_count:
            there = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
            values = values.take(pa.array(there))
            places = there if places is None else places[there]
        if not len(values):
            return
        instants = rows.known(run.of.keys[0], None, rows.numbers)[1]
        if run.edge is None:
            run.edge = Edge(self.size, last=run.of.op is Op.LAST_BY)
        if places is None:
            run.edge.add(rows.numbers, instants, values)
        else:
            run.edge.add(rows.numbers[places], instants[places], values)

    def _read(self, part: Slice, runs: Sequence[Run]) -> SliceRows:
        choices = {where: Chosen.of(where) for each in runs if (where := each.of.where) is not None}
        words: dict[Expression, list[str]] = {each.column: [] for each in choices.values()}
        for each in choices.values():
            if each.value is not None and each.value not in words[each.column]:
                words[each.column].append(each.value)
        values = dict.fromkeys(value for each in runs if (value := each.of.value) is not None)
        values |= dict.fromkeys(each.of.keys[0] for each in runs if each.of.keys)
        chosen = {each: f"c{place}" for place, each in enumerate(words)}
        valued = {each: f"v{place}" for place, each in enumerate(values)}
        select = Rows(self.schema, self.as_of, self.fact, part).select(
            {name: each for each, name in [*chosen.items(), *valued.items()]}, grouped=False
        )
        coded = {name: words[each] for each, name in chosen.items() if words[each]}
        table = self.engine.fetch_compact(select, coded)
        return SliceRows(table, choices, chosen, valued, coded)


@dataclass
class SliceRows:
    """The rows of a slice, and where among them those are that are chosen.

    Args:
        choices: Conditions, and how they choose.
        chosen: Columns of the table by what is chosen by.
        valued: Columns of the table by what is aggregated.
        words: Words that columns of texts are places among, from 1.
    """

    table: pa.Table
    choices: Mapping[Expression, Chosen]
    chosen: Mapping[Expression, str]
    valued: Mapping[Expression, str]
    words: Mapping[str, Sequence[str]]
    _orders: dict[str, tuple[Numbers, Numbers]] = field(default_factory=dict)
    _values: dict[Expression, Held] = field(default_factory=dict)

    @cached_property
    def numbers(self) -> Numbers:
        """Number of the customer of each row."""
        numbers: Numbers = self._array("customer_no").to_numpy().astype(np.int64)
        return numbers

    def places(self, where: Expression | None) -> Numbers | None:
        """Rows that meet a condition; `None` for all."""
        if where is None:
            return None
        chosen = self.choices[where]
        name = self.chosen[chosen.column]
        if chosen.value is None:
            met = held(self._array(name), Type.BOOLEAN)
            return np.flatnonzero(met.values if met.known is None else met.values & met.known)
        order, limits = self._order(name)
        code = self.words[name].index(chosen.value) + 1
        return order[limits[code] : limits[code + 1]]

    def known(
        self, value: Expression, places: Numbers | None, numbers: Numbers
    ) -> tuple[Numbers, Numbers]:
        """Numbers and values of the chosen rows that have a value."""
        if value not in self._values:
            self._values[value] = _whole(self._array(self.valued[value]), value.type)
        each = self._values[value]
        values = each.values if places is None else each.values[places]
        if each.known is None:
            return numbers, values
        known = each.known if places is None else each.known[places]
        return numbers[known], values[known]

    def array(self, value: Expression) -> Any:
        """What is aggregated, as Arrow."""
        return self._array(self.valued[value])

    def _order(self, name: str) -> tuple[Numbers, Numbers]:
        """Rows in order of a coded text, and where each word begins."""
        if name not in self._orders:
            codes = self._array(name).fill_null(0).to_numpy()
            small = codes.astype(np.uint8) if len(self.words[name]) < MOST_SMALL else codes
            counts = np.bincount(small, minlength=len(self.words[name]) + 1)
            limits = np.concatenate(([0], np.cumsum(counts)))
            self._orders[name] = (np.argsort(small, kind="stable"), limits)
        return self._orders[name]

    def _array(self, name: str) -> Any:
        return self.table.column(name).combine_chunks()


def _whole(array: Any, kind: Type) -> Held:
    """Values as whole numbers of 64 bits."""
    if pa.types.is_decimal64(array.type):
        array, kind = array.view(pa.int64()), Type.INTEGER
    each = held(array, kind)
    return replace(each, values=each.values.astype(np.int64, copy=False))
