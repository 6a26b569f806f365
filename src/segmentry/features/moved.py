"""What became of columns since an earlier snapshot: whose value may be another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]


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
        return reduce(np.union1d, here)


__all__ = ["Moved", "Numbers"]
