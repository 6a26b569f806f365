"""Whether there is enough history to predict from; what is missing is said, nothing is guessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from segmentry.models.prediction.rows import Rows
from segmentry.models.prediction.target import Target

ASKED, OF_EACH, CUTS = 500, 50, 2


@dataclass(frozen=True)
class Need:
    """One thing that is needed, and how much of it there is."""

    name: str
    needed: float
    there: float

    @property
    def met(self) -> bool:
        """Whether there is enough."""
        return self.there >= self.needed


@dataclass(frozen=True)
class Gate:
    """What predicting needs: one horizon to learn from, a later one to be checked on.

    Args:
        needs: Customers asked, those with a yes, those with a no, at the newest cut with known
            labels; and cuts that have as many of each.
    """

    needs: tuple[Need, ...]

    @property
    def open(self) -> bool:
        """Whether everything that is needed is there."""
        return all(each.met for each in self.needs)

    @property
    def missing(self) -> tuple[Need, ...]:
        """What there is too little of."""
        return tuple(each for each in self.needs if not each.met)


def needs(target: Target, rows: Rows) -> tuple[Need, ...]:
    """What one cut needs: customers asked, and enough of both answers; an amount has no no."""
    yes = int(np.count_nonzero(rows.label > 0))
    found = (Need("asked", ASKED, len(rows)), Need("positives", OF_EACH, yes))
    return found if target.is_amount else (*found, Need("negatives", OF_EACH, len(rows) - yes))


__all__ = ["CUTS", "Gate", "Need", "needs"]
