"""Aggregates of all customers at once: an array whose place is the customer's number.

A customer's number says where its value stands, so that nothing has to be grouped, sorted or looked
up: a row is added where it belongs, in one step. Sums are of whole numbers (money in 1/10,000) and
exact, whatever the order of the rows.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.types import Type
from segmentry.engines.arrays import refused
from segmentry.engines.held import EXACT, Held
from segmentry.features.aggregates import Aggregate
from segmentry.sql.operators import Op

Numbers = NDArray[np.int64]
NOTHING = np.iinfo(np.int64).min


class Total(Protocol):
    """An aggregate that takes rows in, some at a time."""

    def add(self, numbers: Numbers, values: Any) -> None:
        """Take in rows of the customers with these numbers; the values are known."""

    def held(self) -> Held:
        """The aggregate of the rows taken in, missing for customers who had none with a value.

        Raises:
            UnsupportedOperationError: A number is too large to be exact.
        """


class Count:
    """How many rows; 0 without any."""

    def __init__(self, size: int) -> None:
        self.counts = np.zeros(size, np.int32)

    def add(self, numbers: Numbers, values: Any) -> None:  # noqa: ARG002
        """Count them."""
        np.add.at(self.counts, numbers, np.int32(1))

    def held(self) -> Held:
        """The counts."""
        return Held(Type.INTEGER, self.counts.copy())


class Sum:
    """The sum of whole numbers."""

    def __init__(self, size: int, kind: Type) -> None:
        self.kind = kind
        self.sums = np.zeros(size, np.int64)
        self.seen = np.zeros(size, np.bool_)
        self.most = 0

    def add(self, numbers: Numbers, values: Any) -> None:
        """Add them up."""
        self.most += len(values) * max(abs(int(values.min())), abs(int(values.max())))
        np.add.at(self.sums, numbers, values)
        self.seen[numbers] = True

    def held(self) -> Held:
        """The sums."""
        exact(self.sums, self.most)
        return Held(self.kind, self.sums.copy(), self.seen.copy())


class Extreme:
    """The least or greatest value."""

    def __init__(self, size: int, kind: Type, *, least: bool) -> None:
        self.kind = kind
        self.sign = -1 if least else 1
        self.most = np.full(size, NOTHING)

    def add(self, numbers: Numbers, values: Any) -> None:
        """Keep what is beyond what there is."""
        np.maximum.at(self.most, numbers, values if self.sign > 0 else -values)

    def held(self) -> Held:
        """The extremes."""
        return Held(self.kind, self.most * self.sign, self.most != NOTHING)


class Edge:
    """The value of the first or last row in time; slices of rows come newest first.

    Rows of one moment are in no order here: customers for whom they decide are `tied`.
    """

    def __init__(self, size: int, *, last: bool) -> None:
        self.last = last
        self.at = np.full(size, NOTHING)
        self.tied = np.zeros(size, np.bool_)
        self.chosen = np.full(size, -1, np.int64)
        self.values: list[Any] = []
        self.kept = 0

    def add(self, numbers: Numbers, instants: Numbers, values: Any) -> None:
        """Take in rows that have a value; `values` is an Arrow array."""
        places = np.arange(len(numbers))
        if self.last:
            places = places[self.at[numbers] == NOTHING]
        if np.any(np.diff(instants[places]) < 0):
            places = places[np.argsort(instants[places], kind="stable")]
        in_order = places if self.last else places[::-1]
        found = np.full(len(self.at), -1, np.int64)
        found[numbers[in_order]] = in_order  # the last that is assigned stays
        who = np.flatnonzero(found >= 0)
        rows = found[who]
        self.at[who] = instants[rows]
        same = numbers[places[instants[places] == self.at[numbers[places]]]]
        self.tied[who] = False
        if len(same) > len(who):
            self.tied |= np.bincount(same, minlength=len(self.at)) > 1
        self.chosen[who] = self.kept + np.arange(len(who))
        self.values.append(values.take(pa.array(rows)))
        self.kept += len(who)

    def array(self) -> Any:
        """The values as Arrow, missing for customers without; those who are tied have any."""
        values = pa.concat_arrays(self.values)
        return values.take(pa.array(self.chosen, mask=self.chosen < 0))


def exact(sums: Numbers, most: int) -> None:
    """Make sure that sums are exact as doubles too; `most` bounds all that was ever added."""
    if most >= EXACT and (most >= 2**63 or int(np.abs(sums).max()) >= EXACT):
        raise refused("sums as large as these")


def total(of: Aggregate, size: int) -> Total:
    """The aggregate of no rows yet, for `size` customers."""
    match of.op, of.value:
        case ((Op.COUNT_ROWS | Op.COUNT), _):
            return Count(size)
        case Op.SUM, value if value is not None:
            return Sum(size, value.type)
        case _, value:
            assert value is not None
            return Extreme(size, value.type, least=of.op is Op.MINIMUM)
