"""What came for one total, and what left it, and what it comes to with them.

`Found.parts` says where the total is another one than before and what it is there; where rows that
are not at hand would decide, the customers are `unsure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from segmentry.core.types import Type
from segmentry.engines.held import EXACT, Held, held
from segmentry.features.aggregates import Aggregate
from segmentry.features.compacted import taken
from segmentry.features.moved import Numbers, together
from segmentry.features.scan import AT
from segmentry.features.slices import SliceRows
from segmentry.features.totals import NOTHING, exact
from segmentry.sql.operators import Op

NO_NUMBERS: Numbers = np.zeros(0, np.int64)


@dataclass(frozen=True)
class Found:
    """What a total comes to.

    Args:
        parts: By what follows its key: places, ascending, and values there.
        unsure: Numbers of customers whose rows have to be read again.
    """

    parts: Mapping[str, tuple[Numbers, Held]]
    unsure: Numbers = field(default_factory=lambda: NO_NUMBERS)


class Came:
    """Rows that came for a total (sign 1), and rows that left it (sign -1).

    Args:
        steady: Flags of the customers whose rows are taken; of others nothing is said.
    """

    def __init__(self, of: Aggregate, steady: Any) -> None:
        self.of = of
        self._steady = steady
        self._numbers: list[Numbers] = []
        self._values: list[Any] = []
        self._instants: list[Numbers] = []
        self._signs: list[Numbers] = []

    def take(self, rows: SliceRows, sign: int) -> None:
        """Take those of the rows that the total is of."""
        values: Any = None
        if self.of.keys:
            numbers, instants, values = rows.in_time(self.of)
        else:
            numbers, values = rows.of(self.of)
            instants = NO_NUMBERS
        inside = numbers < len(self._steady)
        inside[inside] = self._steady[numbers[inside]]
        if not inside.any():
            return
        self._numbers.append(numbers[inside])
        self._signs.append(np.full(len(self._numbers[-1]), sign))
        if self.of.keys:
            self._instants.append(instants[inside])
            self._values.append(values.filter(pa.array(inside)))
        elif values is not None:
            self._values.append(values[inside])

    def found(self, old: Mapping[str, Any]) -> Found:
        """What the total comes to.

        Args:
            old: The earlier column (""), and those of a row's time and of how many rows there are.

        Raises:
            UnsupportedOperationError: A number is too large to be exact.
        """
        if not self._numbers:
            nothing = Held(self.of.type, NO_NUMBERS, None, pa.array([], pa.string()))
            parts = ["", AT] if self.of.keys else [""]
            empty = {AT: Held(Type.INSTANT, NO_NUMBERS), "": nothing}
            return Found({part: (NO_NUMBERS, empty[part]) for part in parts})
        numbers = np.concatenate(self._numbers)
        who = together([numbers], len(self._steady))
        places = np.searchsorted(who, numbers)
        signs = np.concatenate(self._signs)
        match self.of.op:
            case Op.COUNT_ROWS | Op.COUNT:
                return self._counted(who, places, signs, old)
            case Op.SUM:
                return self._summed(who, places, signs, old)
            case Op.MINIMUM | Op.MAXIMUM:
                return self._extreme(who, places, signs, old)
            case _:
                return self._edge(who, places, signs, old)

    def _counted(
        self, who: Numbers, places: Numbers, signs: Numbers, old: Mapping[str, Any]
    ) -> Found:
        counts = taken(old[""], Type.INTEGER, who).values.copy()
        np.add.at(counts, places, signs)
        return Found({"": (who, Held(Type.INTEGER, counts))})

    def _summed(
        self, who: Numbers, places: Numbers, signs: Numbers, old: Mapping[str, Any]
    ) -> Found:
        before = taken(old[""], self.of.type, who)
        sums = before.values.copy()
        np.add.at(sums, places, signs * np.concatenate(self._values))
        exact(sums, EXACT)
        known = ~self._empty(who, places, signs, old)
        return Found({"": (who, Held(self.of.type, sums, known))})

    def _extreme(
        self, who: Numbers, places: Numbers, signs: Numbers, old: Mapping[str, Any]
    ) -> Found:
        sign = -1 if self.of.op is Op.MINIMUM else 1
        before = taken(old[""], self.of.type, who)
        most = before.values.astype(np.int64) * sign
        if before.known is not None:
            most[~before.known] = NOTHING
        values = np.concatenate(self._values) * sign
        came, left = (_greatest(values, places, signs == each, len(who)) for each in (1, -1))
        empty = self._empty(who, places, signs, old)
        unsure = (left != NOTHING) & (left >= most) & (came < most) & ~empty
        most = np.where(empty, NOTHING, np.maximum(most, came))
        return Found({"": (who, Held(self.of.type, most * sign, most != NOTHING))}, who[unsure])

    def _edge(self, who: Numbers, places: Numbers, signs: Numbers, old: Mapping[str, Any]) -> Found:
        sign = 1 if self.of.op is Op.LAST_BY else -1
        held_at = taken(old[AT], Type.INSTANT, who)
        at = held_at.values * sign
        if held_at.known is not None:
            at[~held_at.known] = NOTHING
        instants = np.concatenate(self._instants) * sign
        came, left = (_greatest(instants, places, signs == each, len(who)) for each in (1, -1))
        empty = self._empty(who, places, signs, old)
        wins = came > at
        first = np.flatnonzero((signs == 1) & (instants == came[places]) & wins[places])
        tied = np.bincount(places[first], minlength=len(who)) > 1
        gone = (left != NOTHING) & (left >= at)
        unsure = ~empty & (tied | (~wins & ((came == at) & (came != NOTHING) | gone)))
        rows = np.zeros(len(who), np.int64)
        rows[places[first]] = first
        sure = wins | empty
        given: Any = pa.array(rows[sure], mask=empty[sure])
        values = pa.chunked_array(self._values).combine_chunks().take(given)
        when = Held(Type.INSTANT, came[sure] * sign, ~empty[sure])
        return Found(
            {"": (who[sure], held(values, self.of.type)), AT: (who[sure], when)}, who[unsure]
        )

    def _empty(
        self, who: Numbers, places: Numbers, signs: Numbers, old: Mapping[str, Any]
    ) -> NDArray[np.bool_]:
        """Who has no row left; where rows never leave, nobody."""
        if "count" not in old:
            return np.zeros(len(who), np.bool_)
        counts: Numbers = taken(old["count"], Type.INTEGER, who).values.copy()
        np.add.at(counts, places, signs)
        return counts <= 0


def _greatest(values: Numbers, places: Numbers, chosen: Any, size: int) -> Numbers:
    found = np.full(size, NOTHING)
    np.maximum.at(found, places[chosen], values[chosen])
    return found


__all__ = ["Came", "Found"]
