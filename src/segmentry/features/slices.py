"""Rows of a fact between two instants, in arrays, with all that is asked of them.

Each column that rows are chosen by, or that is aggregated, is read once, however many aggregates
ask for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.held import Held, held
from segmentry.features.aggregates import Aggregate
from segmentry.features.rows import Rows
from segmentry.features.totals import Numbers
from segmentry.language.schema import Fact
from segmentry.language.window import Window
from segmentry.language.words import Words
from segmentry.sql.expression import Call, Column, Expression, Literal, Select, Table, call
from segmentry.sql.operators import Op

AT_ONCE = 4_000_000
"""Rows of a slice, about; what is in memory at once."""
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

    def plainly(self, words: Words) -> str:  # noqa: ARG002
        """It has no words."""
        return ""


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
class Pace:
    """Stretches of time in which not too many rows come."""

    engine: DuckDB
    fact: Fact

    def pieces(self, start: datetime | None, end: datetime) -> Iterator[Slice]:
        """The time from `start` (`None`: the beginning) to `end`, newest first."""
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


def read(
    engine: DuckDB,
    rows: Rows,
    aggregates: Iterable[Aggregate],
    where: Expression | None = None,
) -> SliceRows:
    """The rows with what aggregates need of them.

    Args:
        where: Only these of the rows.
    """
    asked = list(aggregates)
    choices = {each.where: Chosen.of(each.where) for each in asked if each.where is not None}
    words: dict[Expression, list[str]] = {each.column: [] for each in choices.values()}
    for each in choices.values():
        if each.value is not None and each.value not in words[each.column]:
            words[each.column].append(each.value)
    values = dict.fromkeys(each.value for each in asked if each.value is not None)
    values |= dict.fromkeys(each.keys[0] for each in asked if each.keys)
    chosen = {each: f"c{place}" for place, each in enumerate(words)}
    valued = {each: f"v{place}" for place, each in enumerate(values)}
    select = rows.select(
        {name: each for each, name in [*chosen.items(), *valued.items()]},
        grouped=False,
        where=where,
    )
    coded = {name: words[each] for each, name in chosen.items() if words[each]}
    table = engine.fetch_compact(select, coded)
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
    _last: tuple[Expression | None, Numbers | None, Numbers] | None = None

    def __len__(self) -> int:
        return len(self.table)

    def of(self, each: Aggregate) -> tuple[Numbers, Numbers | None]:
        """Numbers of customers and values, of the rows that an aggregate is of and has values in.

        The values are whole numbers; `None` where rows are counted.
        """
        places, numbers = self._chosen(each.where)
        if each.value is None:
            return numbers, None
        return self.known(each.value, places, numbers)

    def in_time(self, each: Aggregate) -> tuple[Numbers, Numbers, Any]:
        """The same for a first or last value: numbers, instants, and values as Arrow."""
        assert each.value is not None
        places, numbers = self._chosen(each.where)
        values = self._array(self.valued[each.value])
        if places is not None:
            values = values.take(pa.array(places))
        if values.null_count:
            there = np.flatnonzero(values.is_valid().to_numpy(zero_copy_only=False))
            values, numbers = values.take(pa.array(there)), numbers[there]
            places = there if places is None else places[there]
        instants = self.known(each.keys[0], None, self.numbers)[1]
        return numbers, instants if places is None else instants[places], values

    @cached_property
    def numbers(self) -> Numbers:
        """Number of the customer of each row."""
        numbers: Numbers = self._array("customer_no").to_numpy().astype(np.int64)
        return numbers

    def _chosen(self, where: Expression | None) -> tuple[Numbers | None, Numbers]:
        """Which rows meet a condition (`None`: all), and numbers of their customers."""
        if self._last is None or self._last[0] != where:
            places = self.places(where)
            numbers = self.numbers if places is None else self.numbers[places]
            self._last = (where, places, numbers)
        return self._last[1:]

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
