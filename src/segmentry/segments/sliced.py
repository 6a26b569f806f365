"""Numbers of customers bit by bit, so that their sum over a set is found by counting bits.

Of a number each binary digit is a set: the customers whose number has it. The sum over any set is
the count of what it has in common with each digit, times what the digit is worth (bit-sliced
indexes: O'Neil and Quass, "Improved query performance with variant indexes", 1997). Some thirty
counts of packed bits take a third of the time of one pass over unpacked ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.segments.bits import Bits, Flags, common, count, numbers, packed

FEW = 64
"""Of sets smaller than one in so many the numbers themselves are added up."""


@dataclass(frozen=True)
class Sliced:
    """Whole numbers by customer number.

    Args:
        known: Who has a number.
        unit: The largest number of which all are multiples.
        least: What was taken off all of them, in units.
        rest: What remains, in units.
        digits: The customers who have each binary digit in it, the lowest digit first.
    """

    known: Bits
    unit: int
    least: int
    rest: NDArray[np.uint64]
    digits: tuple[Bits, ...]

    def sum(self, members: Bits) -> int | None:
        """The exact sum over the members who have a number; `None` where nobody has one.

        >>> from segmentry.segments.bits import of_numbers
        >>> prices = sliced(np.array([700, -300, 5_000]), np.array([True, True, False]))
        >>> prices.sum(of_numbers(np.array([0, 1, 2]))), prices.sum(of_numbers(np.array([2])))
        (400, None)
        """
        valued, total = self.tally(members)
        return total if valued else None

    def tally(self, members: Bits) -> tuple[int, int]:
        """How many of the members have a number, and the exact sum of these; 0 of nobody."""
        those = common(members, self.known)
        found = count(those)
        if found * FEW < len(self.rest):
            total = sum(self.rest[numbers(those)].tolist())
        else:
            total = sum(
                count(common(those, each)) << place for place, each in enumerate(self.digits)
            )
        return found, int(self.unit * (total + self.least * found))


def sliced(values: NDArray[Any], known: Flags) -> Sliced:
    """Numbers by customer number, 64 bits with a sign or without; those not known are left out."""
    given = values[known]
    least = int(given.min()) if len(given) else 0
    # Differences of numbers with a sign are right without one, whatever wraps around.
    rest = np.where(known, values - values.dtype.type(least), 0).astype(np.uint64)
    unit = int(np.gcd.reduce(rest)) or 1
    if least % unit:
        unit = 1
    rest //= np.uint64(unit)
    most = int(rest.max()) if len(rest) else 0
    digits = tuple(
        packed((rest >> np.uint64(place) & np.uint64(1)).astype(np.bool_))
        for place in range(most.bit_length())
    )
    return Sliced(packed(known), unit, least // unit, rest, digits)
