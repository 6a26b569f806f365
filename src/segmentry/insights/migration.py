"""How customers move between the groups of a segmentation from one recorded point to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from segmentry.engines.duckdb import DuckDB
from segmentry.segments import past
from segmentry.segments.bits import Bits, numbers


@dataclass(frozen=True)
class Moves:
    """Customers in `before` at one point and in `after` at the next; `None` is in no group."""

    step: int
    before: str | None
    after: str | None
    customers: int


@dataclass(frozen=True)
class Migration:
    """Moves over successive points, oldest first; those who stayed are moves too."""

    points: tuple[datetime, ...]
    moves: tuple[Moves, ...]


MONTH = timedelta(days=27)
"""Points nearer to one another than this say little about moves from month to month."""


def migration(engine: DuckDB, segment: str, until: datetime, steps: int = 6) -> Migration:
    """Moves between recorded points about a month apart, the last one at or before `until`.

    None with fewer than two points.
    """
    if not past.is_recorded(engine):
        return Migration((), ())
    points: list[datetime] = []
    for instant in reversed(past.points(engine, segment)):
        near = points and points[0] - instant < MONTH
        if instant <= until and len(points) <= steps and not near:
            points.insert(0, instant)
    groups = [past.parts(engine, segment, each) for each in points]
    moves = [
        Moves(step, before, after, customers)
        for step, (here, there) in enumerate(pairwise(groups))
        for before, after, customers in _between(here, there)
    ]
    return Migration(tuple(points), tuple(moves))


Groups = Mapping[str, Bits]


def _between(here: Groups, there: Groups) -> Iterator[tuple[str | None, str | None, int]]:
    """Every pair of groups that somebody is in, one before and one after; no group comes last."""
    size = 8 * max((len(each) for each in (*here.values(), *there.values())), default=0)
    (before, one), (after, other) = _labels(here, size), _labels(there, size)
    pairs, counts = np.unique(one * len(after) + other, return_counts=True)
    for pair, customers in zip(pairs.tolist(), counts.tolist(), strict=True):
        start, end = before[pair // len(after)], after[pair % len(after)]
        if start is not None or end is not None:
            yield start, end, customers


def _labels(groups: Groups, size: int) -> tuple[list[str | None], NDArray[np.int64]]:
    """Names of the groups, `None` at the end, and the place of each customer's among them."""
    names = [*sorted(groups), None]
    found = np.full(size, len(groups), np.int64)
    for place, name in enumerate(sorted(groups)):
        found[numbers(groups[name])] = place
    return names, found
