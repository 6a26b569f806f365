"""The local day and hour that stand beside every instant."""

from __future__ import annotations

from segmentry.data.tables import day_of, hour_of
from segmentry.data.zone import local_of_utc

WALL = '"#wall"'


def with_local(query: str, instant: str, timezone: str) -> str:
    """The rows of a query, then the local day and the local hour (0–23) of its instant's column."""
    local = local_of_utc(instant, timezone)
    return (
        f"SELECT * EXCLUDE {WALL}, CAST({WALL} AS DATE) AS {day_of(instant)},"
        f" CAST(hour({WALL}) AS UTINYINT) AS {hour_of(instant)}"
        f" FROM (SELECT *, {local} AS {WALL} FROM ({query}))"
    )


def with_local_names(names: list[str], instant: str) -> list[str]:
    """The columns of `with_local`, given those of the query."""
    return [*names, day_of(instant), hour_of(instant)]
