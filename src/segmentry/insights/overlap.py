"""How far sets of customers overlap: every pair at once, exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from segmentry.segments.bits import NOBODY, Bits, count, union, without

WORDS = 512
"""Words of 64 customers that are compared at once: of a thousand sets 4 MB, which stay at hand."""
MOST = 16
"""Sets whose combinations are counted."""
SPARSE = 4
"""A set with fewer filled words than one in so many is compared in these only."""


@dataclass(frozen=True, eq=False)
class Overlap:
    """Sets of customers and all their pairs; a set paired with itself is the set.

    Args:
        customers: All there are, in a set or not.
        none: Those who are in no set.
        together: How many are in exactly some sets, by their places; empty of more than 16 sets.
        shared: How many are in both of two sets, by their places in `names`.
    """

    names: tuple[str, ...]
    customers: int
    none: int
    shared: NDArray[np.int64]
    together: Mapping[tuple[int, ...], int]

    def size(self, one: str, other: str | None = None) -> int:
        """Customers in a set, or in both of two."""
        return int(self.shared[self._places[one], self._places[other or one]])

    def share(self, one: str, other: str) -> float | None:
        """Of those in `one`, the share who are in `other` too; `None` when nobody is in `one`."""
        return self.size(one, other) / self.size(one) if self.size(one) else None

    @cached_property
    def _places(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.names)}


def overlap(sets: Mapping[str, Bits], everybody: Bits) -> Overlap:
    """All pairs of sets."""
    return Overlap(
        names=tuple(sets),
        customers=count(everybody),
        none=count(without(everybody, reduce(union, sets.values(), NOBODY))),
        shared=_shared(list(sets.values())),
        together=combinations(list(sets.values())) if len(sets) <= MOST else {},
    )


def combinations(sets: Sequence[Bits]) -> dict[tuple[int, ...], int]:
    """Customers who are in exactly these sets, by their places; those who are in none are left out.

    Ascending by places. Nobody is in a combination that is missing.

    Raises:
        ValueError: There are more than 16 sets.
    """
    if len(sets) > MOST:
        raise ValueError(f"combinations are of {MOST} sets at most")
    counted = np.zeros(1 << len(sets), np.int64)
    for start in range(0, max(map(len, sets), default=0), 8 * WORDS):
        codes = np.zeros(64 * WORDS, np.uint16)
        rows = _slice(sets, start).view(np.uint8)
        for place, row in enumerate(rows):
            codes |= np.unpackbits(row).astype(np.uint16) << np.uint16(place)
        counted += np.bincount(codes, minlength=len(counted))
    return {
        tuple(place for place in range(len(sets)) if code >> place & 1): int(counted[code])
        for code in np.flatnonzero(counted).tolist()
        if code
    }


def _shared(sets: Sequence[Bits]) -> NDArray[np.int64]:
    """How many are in both, for each two sets; slice by slice of the customers.

    From the emptiest set on, so that a set is compared with larger ones only.
    """
    order = np.argsort([count(each) for each in sets], kind="stable")
    found = np.zeros((len(sets), len(sets)), np.int64)
    for start in range(0, max(map(len, sets), default=0), 8 * WORDS):
        words = _slice([sets[place] for place in order], start)
        for place, row in enumerate(words):
            found[place, place:] += _counts(words[place:], row)
    found += np.triu(found, 1).T
    back = np.argsort(order)
    return found[np.ix_(back, back)]


def _slice(sets: Sequence[Bits], start: int) -> NDArray[np.uint64]:
    words = np.zeros((len(sets), WORDS), np.uint64)
    for row, each in zip(words.view(np.uint8), sets, strict=True):
        part = each[start : start + 8 * WORDS]
        row[: len(part)] = part
    return words


def _counts(rows: NDArray[np.uint64], row: NDArray[np.uint64]) -> NDArray[np.int64]:
    """How many bits each of the rows has in common with one."""
    filled = np.flatnonzero(row)
    if len(filled) * SPARSE < len(row):
        rows, row = rows[:, filled], row[filled]
    found: NDArray[np.int64] = np.bitwise_count(rows & row).sum(axis=1, dtype=np.int64)
    return found
