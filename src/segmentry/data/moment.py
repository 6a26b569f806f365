"""The local day and hour that stand beside every instant."""

from __future__ import annotations

from segmentry.data.tables import day_of, hour_of
from segmentry.data.zone import local_of_utc


def with_local(query: str, instant: str, timezone: str) -> str:
    """The rows of a query, then the local day and the local hour (0–23) of its instant's column."""
    wall = local_of_utc(instant, timezone)
    return (
        f"SELECT *, CAST({wall} AS DATE) AS {day_of(instant)},"
        f" CAST(hour({wall}) AS UTINYINT) AS {hour_of(instant)} FROM ({query})"
    )


def with_local_names(names: list[str], instant: str) -> list[str]:
    """The columns of `with_local`, given those of the query."""
    return [*names, day_of(instant), hour_of(instant)]
