"""Brings over memberships that an earlier version kept as intervals, one row a customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from segmentry.core.types import Value
from segmentry.engines.duckdb import DuckDB
from segmentry.segments.bits import Bits, of_numbers, stored
from segmentry.segments.marks import mark_of, marks_of
from segmentry.segments.point import append, change

OLD = "membership"
MOVED = f"""SELECT part, moved_at, customer_no FROM (
        SELECT part, entered_at AS moved_at, customer_no FROM {OLD} WHERE segment = $segment
        UNION ALL
        SELECT part, left_at, customer_no FROM {OLD}
        WHERE segment = $segment AND left_at IS NOT NULL)
    GROUP BY ALL HAVING count(*) % 2 = 1 ORDER BY part, moved_at, customer_no"""
ACTIVE = f"""SELECT p.before, p.as_of, m.customer_no FROM (
        SELECT segment, as_of, lag(as_of) OVER (PARTITION BY segment ORDER BY as_of) AS before
        FROM membership_point) AS p
    JOIN {OLD} AS m ON m.segment = p.segment
     AND (m.entered_at = p.as_of AND m.entered_cause = 'data'
          OR m.left_at = p.as_of AND m.left_cause = 'data')
    WHERE p.before IS NOT NULL GROUP BY ALL ORDER BY ALL"""


def bring_over(engine: DuckDB) -> None:
    """Turn intervals into changes, and take their table away; nothing where there is none.

    Members of every point, and the causes of all changes, stay what they were.
    """
    if OLD not in engine.tables():
        return
    marks = marks_of(engine)
    with engine.transaction():
        for (segment,) in engine.rows(f"SELECT DISTINCT segment FROM {OLD} ORDER BY segment"):
            moved = _sets(engine, MOVED, {"segment": segment})
            rows = [
                change((segment, part, at), who, mark_of(who, marks)) for (part, at), who in moved
            ]
            append(engine, "membership_change", rows)
        active = [(*key, stored(who)) for key, who in _sets(engine, ACTIVE, {})]
        append(engine, "membership_active", active)
        engine.drop(OLD)


def _sets(
    engine: DuckDB, query: str, asked: Mapping[str, Value]
) -> Iterator[tuple[tuple[Any, ...], Bits]]:
    """Rows of (key, key, customer) as the set of customers of each two keys."""
    rows = engine.fetch(query, dict(asked))
    keys, who = rows.select([0, 1]), rows.column(2).to_numpy()
    starts = keys.append_column("place", pa.array(np.arange(len(who)))).group_by(keys.column_names)
    firsts = starts.aggregate([("place", "min")]).sort_by("place_min")
    places = firsts.column("place_min").to_numpy()
    for key, members in zip(firsts.to_pylist(), np.split(who, places[1:]), strict=True):
        yield tuple(key[name] for name in keys.column_names), of_numbers(members)
