"""Columns of times of day in a suggestion: never taken for instants, joined to their day."""

from __future__ import annotations

from segmentry.data.clock import is_clock
from segmentry.data.entity import ENTITIES
from segmentry.data.matching import Match
from segmentry.data.staged import Staged
from segmentry.data.suggestion import Findings
from segmentry.data.synonym import plain_name, synonyms
from segmentry.engines.duckdb import DuckDB, quote


def owner_of_instant(found: Match) -> tuple[str, str | None]:
    """The entity that says when the records happened, and by which attribute."""
    owner = "orders" if found.record in {"orders", "order_lines"} else found.record
    return owner, ENTITIES[owner].instant


def leave_clock(session: DuckDB, staged: Staged, found: Match) -> None:
    """A time of day is no instant: leave it, and take the next column that is called like one."""
    owner, instant = owner_of_instant(found)
    if not instant or not found.has(owner, instant):
        return
    [column, *_] = found.attributes[owner][instant]
    if not is_clock(session, staged, column):
        return
    found.leave(column)
    named = {plain_name(name): name for name in reversed(staged.names) if name not in found.taken}
    for name in synonyms()[owner][instant].everywhere:
        if name in named and named[name] != column:
            found.take(owner, instant, (named[name],), f"called `{named[name]}`")
            return


def join_clock(session: DuckDB, staged: Staged, found: Match, findings: Findings) -> None:
    """Join the time of day to an instant whose column holds days only."""
    owner, instant = owner_of_instant(found)
    if not instant or len(found.attributes.get(owner, {}).get(instant, ())) != 1:
        return
    free = [name for name in staged.names if name not in {*found.taken, *findings.ignored}]
    clocks = [name for name in free if is_clock(session, staged, name)]
    [day] = found.attributes[owner][instant]
    if len(clocks) == 1 and _holds_days(session, staged, day):
        found.attributes[owner][instant] = (day, clocks[0])
        found.why[clocks[0]] = (f"{owner}.{instant}", f"the time of day of `{day}`")
        findings.clocks.add(clocks[0])


def _holds_days(session: DuckDB, staged: Staged, name: str) -> bool:
    """Whether a column of dates says no time of day in any record."""
    x, held = quote(name), staged.column(name).type_name
    if held.startswith("TIMESTAMP"):
        timed = f"CAST({x} AS TIME) <> TIME '00:00:00'"
    else:
        timed = f"contains(CAST({x} AS VARCHAR), ':')"
    return not session.value(f"SELECT bool_or({timed}) FROM {quote(staged.table)}")


__all__ = ["join_clock", "leave_clock", "owner_of_instant"]
