"""The recorded history of a segment: its size over time, who came and went, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from segmentry.engines.duckdb import DuckDB


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
    if "membership_point" not in engine.tables():
        return []
    sizes = engine.rows(
        "SELECT p.as_of, coalesce(s.customers, 0), s.of_customers, s.revenue_amount"
        " FROM membership_point AS p LEFT JOIN membership_size AS s"
        "  ON s.segment = p.segment AND s.as_of = p.as_of AND s.part = $part"
        " WHERE p.segment = $segment ORDER BY p.as_of",
        {"segment": segment, "part": part},
    )
    changes: dict[tuple[str, datetime], dict[str, int]] = {}
    for side in ("entered", "left"):
        for instant, cause, count in engine.rows(
            f"SELECT {side}_at, {side}_cause, count(*) FROM membership"
            f" WHERE segment = $segment AND part = $part AND {side}_at IS NOT NULL"
            " GROUP BY ALL ORDER BY ALL",
            {"segment": segment, "part": part},
        ):
            changes.setdefault((side, instant), {})[cause] = count
    return [
        Point(
            as_of=instant,
            customers=count,
            of=of or 0,
            revenue_amount=revenue,
            entered=changes.get(("entered", instant), {}),
            left=changes.get(("left", instant), {}),
        )
        for instant, count, of, revenue in sizes
    ]


def sizes(engine: DuckDB, segment: str) -> dict[str, list[tuple[datetime, int]]]:
    """Sizes of all groups of a segmentation at its recorded points, oldest first.

    A segment that is no segmentation is one group, `""`; a group that was empty at a point has 0.
    """
    if "membership_point" not in engine.tables():
        return {}
    found: dict[str, list[tuple[datetime, int]]] = {}
    for part, instant, customers in engine.rows(
        "WITH parts AS (SELECT DISTINCT part FROM membership_size WHERE segment = $segment)"
        " SELECT part, p.as_of, coalesce(s.customers, 0)"
        " FROM membership_point AS p CROSS JOIN parts LEFT JOIN membership_size AS s"
        " USING (segment, as_of, part)"
        " WHERE p.segment = $segment ORDER BY part, p.as_of",
        {"segment": segment},
    ):
        found.setdefault(part, []).append((instant, customers))
    return found
