"""What became of columns since an earlier snapshot: whose value may be another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
NOBODY: Numbers = np.zeros(0, np.int64)
FEW = 100
"""So many times fewer numbers than places are sorted; else places are marked."""


def together(sets: Iterable[Numbers], size: int) -> Numbers:
    """Numbers below `size` that are in any of the sets, ascending.

    >>> together([np.array([4, 1]), np.array([1, 7])], size=7)
    array([1, 4])
    """
    given = list(sets)
    if sum(map(len, given)) * FEW < size:
        some = np.unique(np.concatenate([NOBODY, *given]))
        return some[: np.searchsorted(some, size)]
    flags = np.zeros(size, np.bool_)
    for each in given:
        flags[each if not len(each) or each.max() < size else each[each < size]] = True
    return np.flatnonzero(flags)


@dataclass(frozen=True)
class Moved:
    """Columns beside those of an earlier snapshot of the same customers, an instant before.

    Customers who have become known since are among the places of every column.

    Args:
        since: Folder of the earlier columns.
        before: How many places there were; numbers from there on are new.
        places: Numbers of the customers whose value may be another one, ascending, by column. Of a
            column that is not here everybody's may be.
    """

    since: Path
    before: int
    places: Mapping[str, Numbers] = field(default_factory=dict)

    def of(self, names: Iterable[str]) -> Numbers | None:
        """Whose value of any of the columns may be another one, ascending; `None` for everybody's.

        >>> moved = Moved(Path("a"), 9, {"x": np.array([1, 4]), "y": np.array([4, 8])})
        >>> moved.of(["x", "y"]), moved.of(["x", "z"])
        (array([1, 4, 8]), None)
        """
        found = [self.places.get(name) for name in names]
        here = [each for each in found if each is not None]
        if len(here) < len(found) or not here:
            return None
        return together(here, max((int(each[-1]) + 1 for each in here if len(each)), default=0))


__all__ = ["Moved", "Numbers", "together"]
