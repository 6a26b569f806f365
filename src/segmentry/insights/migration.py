"""How customers move between the groups of a segmentation from one recorded point to the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from itertools import pairwise

from segmentry.engines.duckdb import DuckDB
from segmentry.segments import past
from segmentry.segments.bits import NOBODY, Bits, common, count, union, without


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


def movers(engine: DuckDB, segment: str, step: tuple[datetime, datetime], groups: Move) -> Bits:
    """Who was in one group at a recorded point and in another at a later one, both as recorded."""
    found = [
        _of(past.parts(engine, segment, at), each) for at, each in zip(step, groups, strict=True)
    ]
    (inside, one), (within, other) = found
    if inside and within:
        return common(one, other)
    return without(one, other) if inside else without(other, one)


Move = tuple[str | None, str | None]
"""The group before and after; `None` is in no group, and one of them is a group."""
Groups = Mapping[str, Bits]


def _of(groups: Groups, name: str | None) -> tuple[bool, Bits]:
    """Whether it is a group, and its members; without one, those of all groups."""
    if name is None:
        return False, reduce(union, groups.values(), NOBODY)
    return True, groups.get(name, NOBODY)


def _between(here: Groups, there: Groups) -> Iterator[tuple[str | None, str | None, int]]:
    """Every pair of groups that somebody is in, one before and one after; no group comes last.

    A customer is in one group at most.
    """
    came = {name: count(there[name]) for name in sorted(there)}
    for before in sorted(here):
        left = count(here[before])
        for after in sorted(there):
            moved = count(common(here[before], there[after]))
            left, came[after] = left - moved, came[after] - moved
            if moved:
                yield before, after, moved
        if left:
            yield before, None, left
    yield from ((None, after, customers) for after, customers in came.items() if customers)
