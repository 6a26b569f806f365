"""The recorded history of a segment: its size over time, who came and went, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import pyarrow as pa

from segmentry.engines.duckdb import DuckDB
from segmentry.segments import past
from segmentry.segments.bits import NOBODY, Bits, common, count, differing, without
from segmentry.segments.past import Step


@dataclass(frozen=True)
class Point:
    """A segment's size at an instant, and the changes since the point before, by cause."""

    as_of: datetime
    customers: int
    of: int
    revenue_amount: Decimal | None
    entered: Mapping[str, int]
    left: Mapping[str, int]


def points(engine: DuckDB, segment: str, part: str = "") -> list[Point]:
    """The recorded points of a segment, oldest first; none before the first refresh."""
    if not past.is_recorded(engine):
        return []
    sizes = {
        instant: row
        for instant, *row in engine.rows(
            "SELECT as_of, customers, of_customers, revenue_amount FROM membership_size"
            " WHERE segment = $segment AND part = $part",
            {"segment": segment, "part": part},
        )
    }
    found = []
    for step, entered, left in _moves(past.steps(engine, segment), part):
        customers, of, revenue = sizes.get(step.as_of, (0, 0, None))
        found.append(Point(step.as_of, customers, of, revenue, entered, left))
    return found


Counts = dict[str, int]


def _moves(steps: Iterable[Step], part: str) -> Iterator[tuple[Step, Counts, Counts]]:
    """How many entered and left at each point, by cause."""
    members = NOBODY
    for step in steps:
        moved = step.changes.get(part, NOBODY)
        left, entered = common(moved, members), without(moved, members)
        yield step, _counted(step.by_cause(entered)), _counted(step.by_cause(left))
        members = differing(members, moved)


def _counted(causes: Mapping[str, Bits]) -> Counts:
    return {cause: count(each) for cause, each in sorted(causes.items())}


@dataclass(frozen=True)
class Size:
    """How large a segment or group was at an instant, of how many; 0 and no revenue when empty."""

    as_of: datetime
    customers: int
    of: int
    revenue_amount: Decimal | None


Sizes = dict[str, list[Size]]
"""Part → its sizes, oldest first."""


def sizes(engine: DuckDB, segment: str) -> Sizes:
    """Sizes of all groups of a segmentation at its recorded points, oldest first.

    A segment that is no segmentation is one group, `""`; a group that was empty at a point has 0.
    """
    return sizes_of_all(engine, [segment]).get(segment, {})


def sizes_of_all(engine: DuckDB, segments: Iterable[str]) -> dict[str, Sizes]:
    """The same of several segments and segmentations, by name; those never recorded left out."""
    if not past.is_recorded(engine):
        return {}
    asked = pa.table({"segment": pa.array(list(segments), pa.string())})
    found: dict[str, Sizes] = {}
    with engine.registered("asked", asked):
        rows = engine.rows(
            "WITH parts AS (SELECT DISTINCT segment, part FROM membership_size"
            " SEMI JOIN asked USING (segment))"
            " SELECT segment, part, p.as_of, coalesce(s.customers, 0),"
            " coalesce(s.of_customers, 0), s.revenue_amount"
            " FROM membership_point AS p JOIN parts USING (segment)"
            " LEFT JOIN membership_size AS s USING (segment, as_of, part)"
            " ORDER BY segment, part, p.as_of"
        )
    for segment, part, *row in rows:
        found.setdefault(segment, {}).setdefault(part, []).append(Size(*row))
    return found
