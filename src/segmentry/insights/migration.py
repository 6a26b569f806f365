"""How customers move between the groups of a segmentation from one recorded point to the next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from segmentry.engines.duckdb import DuckDB


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


STEP = """
    WITH here AS (SELECT customer_no, part FROM membership WHERE segment = $segment
                  AND entered_at <= $start AND (left_at IS NULL OR left_at > $start)),
         there AS (SELECT customer_no, part FROM membership WHERE segment = $segment
                   AND entered_at <= $end AND (left_at IS NULL OR left_at > $end))
    SELECT here.part, there.part, count(*)
    FROM here FULL JOIN there USING (customer_no) GROUP BY ALL ORDER BY ALL"""


MONTH = timedelta(days=27)
"""Points nearer to one another than this say little about moves from month to month."""


def migration(engine: DuckDB, segment: str, until: datetime, steps: int = 6) -> Migration:
    """Moves between recorded points about a month apart, the last one at or before `until`.

    None with fewer than two points.
    """
    if "membership_point" not in engine.tables():
        return Migration((), ())
    points: list[datetime] = []
    for (instant,) in engine.rows(
        "SELECT as_of FROM membership_point WHERE segment = $segment AND as_of <= $until"
        " ORDER BY as_of DESC",
        {"segment": segment, "until": until},
    ):
        if len(points) <= steps and (not points or points[0] - instant >= MONTH):
            points.insert(0, instant)
    moves = [
        Moves(step, before, after, customers)
        for step, (start, end) in enumerate(pairwise(points))
        for before, after, customers in engine.rows(
            STEP, {"segment": segment, "start": start, "end": end}
        )
    ]
    return Migration(tuple(points), tuple(moves))
