"""The history of memberships: brought up to an instant, month by month where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime

from segmentry.core.time import AsOf, start_of_day, to_local
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.language.listed import ENTRIES
from segmentry.segments import membership
from segmentry.segments.membership import Divided
from segmentry.workspace.warehouse import Warehouse

LISTED = (counted(ENTRIES.table), ENTRIES.instant)
"""Being put on a list is something that happened, but no ground to compute a history anew."""
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


def remember(
    warehouse: Warehouse, customers: Customers, divided: Sequence[Divided], progress: Progress
) -> tuple[int, bool]:
    """Bring the history of memberships up to an instant; month by month where there is none.

    A history is computed anew when data came in that reach back before its last point, or when the
    instant lies before it. Returns the number of points computed, and whether that happened.
    """
    engine, as_of = customers.desk, customers.as_of
    membership.prepare(engine)
    activity = list(_activity(customers.features))
    rebuilt = _restated(engine, activity, as_of)
    if rebuilt:
        membership.forget(engine, [each.name for each in divided])
    due: dict[datetime, list[Divided]] = {}
    months = list(_month_starts(engine, activity, as_of))
    for each in divided:
        past = membership.points(engine, each.name)
        for instant in [*([] if past else months), as_of.instant]:
            due.setdefault(instant, []).append(each)
    for number, instant in enumerate(sorted(due)):
        progress("memberships", number, len(due))
        moment = AsOf(instant, as_of.timezone)
        here = warehouse.at(customers, moment)
        membership.record(here, due[instant], activity=[*activity, LISTED])
    progress("memberships", len(due), len(due))
    _note_basis(engine, activity, as_of)
    return len(due), rebuilt


def _activity(features: Features) -> Iterator[tuple[str, str]]:
    facts = (each for each in features.schema.facts.values() if each.name != ENTRIES.name)
    yield from sorted({(fact.source, fact.instant) for fact in facts})


def _month_starts(
    engine: DuckDB, activity: Iterable[tuple[str, str]], as_of: AsOf
) -> Iterator[datetime]:
    """The first moments of the months between the first order and the instant, both left out."""
    tables = dict(activity)
    orders = counted("orders")
    table = orders if orders in tables else next(iter(tables), None)
    first = engine.value(f"SELECT min({tables[table]}) FROM {table}") if table else None
    if first is None:
        return
    day = to_local(first, as_of.timezone).date().replace(day=1)
    while True:
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        instant = start_of_day(day, as_of.timezone)
        if instant >= as_of.instant:
            return
        yield instant


def _basis(
    engine: DuckDB, activity: Iterable[tuple[str, str]], before: datetime
) -> Iterator[tuple[str, int, str]]:
    for table, instant in activity:
        rows, content = engine.rows(
            f"SELECT count(*), coalesce(bit_xor(hash(t)), 0)::VARCHAR FROM {table} AS t"
            f" WHERE {instant} < ?",
            [before],
        )[0]
        yield table, rows, content
    # Who counts for whom decides about customers without facts too.
    for table in ("customer_links", "counting"):
        rows, content = engine.rows(
            f"SELECT count(*), coalesce(bit_xor(hash(t)), 0)::VARCHAR FROM {table} AS t"
        )[0]
        yield table, rows, content


def _note_basis(engine: DuckDB, activity: Iterable[tuple[str, str]], as_of: AsOf) -> None:
    engine.execute(
        "CREATE OR REPLACE TABLE history_basis"
        " (fact VARCHAR, as_of TIMESTAMP, facts BIGINT, content VARCHAR)"
    )
    for table, rows, content in _basis(engine, activity, as_of.instant):
        engine.execute(
            "INSERT INTO history_basis VALUES (?, ?, ?, ?)", [table, as_of.instant, rows, content]
        )


def _restated(
    engine: DuckDB,
    activity: Iterable[tuple[str, str]],
    as_of: AsOf,
) -> bool:
    """Whether the history rests on data that are no longer what they were, or lies ahead."""
    if "history_basis" not in engine.tables():
        return False
    last = engine.value("SELECT max(as_of) FROM history_basis")
    if last is None:
        return False
    if last > as_of.instant:
        return True
    known = {
        (fact, rows, content)
        for fact, rows, content in engine.rows(
            "SELECT fact, facts, content FROM history_basis WHERE facts > 0"
        )
    }
    return known != {row for row in _basis(engine, activity, last) if row[1] > 0}
