"""Wall-clock time to UTC and back, as SQL, by the rules of `segmentry.core.time`.

The engine's own conversion takes the second of two equal wall-clock times; ours takes the first.
The changes of a zone are few, so a small search tree of comparisons is also faster than a call.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from segmentry.core.time import zone

FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2050, 1, 1, tzinfo=UTC)
STEP = timedelta(days=7)

Changes = tuple[int, tuple[tuple[datetime, int, int], ...]]
"""The offset in seconds at the start; then each change: when (naive UTC), from, to."""


@cache
def changes(timezone: str) -> Changes:
    """All changes of a zone's offset from 1900 to 2050, to the second."""
    rules = zone(timezone)
    start = _offset(FIRST, rules)
    found, before, known = [], FIRST, start
    while before < LAST:
        after = before + STEP
        offset = _offset(after, rules)
        if offset != known:
            found.append((_moment(before, after, rules).replace(tzinfo=None), known, offset))
        before, known = after, offset
    return start, tuple(found)


def _offset(instant: datetime, rules: ZoneInfo) -> int:
    offset = instant.astimezone(rules).utcoffset()
    return int(offset.total_seconds()) if offset else 0


def _moment(before: datetime, after: datetime, rules: ZoneInfo) -> datetime:
    known = _offset(before, rules)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        middle = middle.replace(microsecond=0)
        before, after = (middle, after) if _offset(middle, rules) == known else (before, middle)
    return after


def utc_of_local(local: str, timezone: str) -> str:
    """SQL of the naive UTC instant of a wall-clock TIMESTAMP; exact from 1900 to 2050.

    A time that the clocks skip moves forward by the gap; one that happens twice is the first.
    `local` should be short: it stands in the text once for each change of the zone.
    """
    start, found = changes(timezone)
    # until the clock shows the later of both offsets' times, the old offset holds
    limits = [(when + timedelta(seconds=max(old, new)), -new) for when, old, new in found]
    return _shifted(local, -start, limits)


def local_of_utc(instant: str, timezone: str) -> str:
    """SQL of the wall-clock TIMESTAMP of a naive UTC instant."""
    start, found = changes(timezone)
    return _shifted(instant, start, [(when, new) for when, _, new in found])


def _shifted(value: str, first: int, limits: Sequence[tuple[datetime, int]]) -> str:
    if not limits and not first:
        return value
    return f"({value} + to_seconds({_tree(value, first, limits)}))"


def _tree(value: str, below: int, limits: Sequence[tuple[datetime, int]]) -> str:
    """Seconds to add: `below` before the first limit, then each limit's own."""
    if not limits:
        return str(below)
    middle = len(limits) // 2
    when, seconds = limits[middle]
    left = _tree(value, below, limits[:middle])
    right = _tree(value, seconds, limits[middle + 1 :])
    return f"CASE WHEN {value} < TIMESTAMP '{when}' THEN {left} ELSE {right} END"
