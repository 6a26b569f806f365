"""The trust score beside every result, remembered so that a small question is quick.

A remembered score holds for one instant and until the next load.
"""

from __future__ import annotations

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB

TABLE = "CREATE TABLE IF NOT EXISTS trust_known (as_of TIMESTAMP, load_id BIGINT, score INTEGER)"
NEWEST = "(SELECT coalesce(max(load_id), 0) FROM loads)"


def remember(engine: DuckDB, as_of: AsOf, score: int) -> None:
    """Keep the score of an instant; those from before the last load are let go."""
    engine.execute(TABLE)
    engine.execute(
        f"DELETE FROM trust_known WHERE as_of = ? OR load_id <> {NEWEST}",
        [as_of.instant],
    )
    engine.execute(
        f"INSERT INTO trust_known SELECT ?, {NEWEST}, ?",
        [as_of.instant, score],
    )


def recall(engine: DuckDB, as_of: AsOf) -> int | None:
    """The score of an instant; `None` when it was not asked for since the last load."""
    engine.execute(TABLE)
    score = engine.value(
        f"SELECT score FROM trust_known WHERE as_of = ? AND load_id = {NEWEST}",
        [as_of.instant],
    )
    return None if score is None else int(score)
