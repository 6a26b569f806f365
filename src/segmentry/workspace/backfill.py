"""The history of memberships: brought up to an instant, month by month where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from functools import cache, partial

from segmentry.core.progress import Progress
from segmentry.core.time import AsOf, start_of_day, to_local
from segmentry.data.changes import UNITS, changed_before, last_change
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.language.listed import ENTRIES
from segmentry.segments import membership
from segmentry.segments.marks import marks_of
from segmentry.segments.old_intervals import bring_over
from segmentry.segments.point import Divided
from segmentry.workspace.warehouse import Warehouse

LISTED = (counted(ENTRIES.table), ENTRIES.instant)
"""Being put on a list is something that happened, but no ground to compute a history anew."""
BASIS = "history_through"
"""What the history rests on: the instant of its last point, and the last change known then."""
OLD_BASIS = "history_basis"
"""Where an earlier version kept this as hashes of all rows."""


def remember(
    warehouse: Warehouse, customers: Customers, divided: Sequence[Divided], progress: Progress
) -> tuple[int, bool]:
    """Bring the history of memberships up to an instant; month by month where there is none.

    A history is computed anew when data came in that reach back before its last point, or when the
    instant lies before it. Returns the number of points computed, and whether that happened.
    """
    engine, as_of = customers.desk, customers.as_of
    _prepare(engine)
    activity = list(_activity(customers.features))
    rebuilt = _restated(engine, activity, as_of)
    if rebuilt:
        membership.forget(engine, [each.name for each in divided])
    due = _due(engine, divided, list(_month_starts(engine, activity, as_of)), as_of)
    marks = cache(partial(marks_of, engine))
    for number, instant in enumerate(sorted(due)):
        past = AsOf(instant, as_of.timezone)
        here = customers if past == as_of else warehouse.at(customers, past)
        watched = _part_of(progress, number, len(due))
        membership.record(
            here, due[instant], activity=[*activity, LISTED], marks=marks, progress=watched
        )
    progress("memberships", 100 * len(due), 100 * len(due))
    _note_basis(engine, as_of)
    return len(due), rebuilt


def _prepare(engine: DuckDB) -> None:
    """Make the tables if they are not there, and bring over what an earlier version kept."""
    membership.prepare(engine)
    bring_over(engine)
    if OLD_BASIS in engine.tables():
        engine.create(BASIS, f"SELECT max(as_of) AS as_of, 0::BIGINT AS change_id FROM {OLD_BASIS}")
        engine.drop(OLD_BASIS)


def _due(
    engine: DuckDB, divided: Sequence[Divided], months: Sequence[datetime], as_of: AsOf
) -> dict[datetime, list[Divided]]:
    """What is to be computed at which instant: at the months since its last point, and now."""
    last = dict(engine.rows("SELECT segment, max(as_of) FROM membership_point GROUP BY segment"))
    since = {
        month: [each for each in divided if each.name not in last or last[each.name] < month]
        for month in months
    }
    return {month: due for month, due in since.items() if due} | {as_of.instant: list(divided)}


def _part_of(progress: Progress, number: int, of: int) -> Callable[[int, int], None]:
    """Progress inside of one point as progress in all of them, in hundredths of a point."""

    def watched(done: int, wanted: int) -> None:
        progress("memberships", 100 * number + 100 * done // max(wanted, 1), 100 * of)

    return watched


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


def _note_basis(engine: DuckDB, as_of: AsOf) -> None:
    """Keep up to which change the data were known when the history was last brought up."""
    engine.execute(f"CREATE OR REPLACE TABLE {BASIS} (as_of TIMESTAMP, change_id BIGINT)")
    engine.execute(f"INSERT INTO {BASIS} VALUES (?, ?)", [as_of.instant, last_change(engine)])


def _restated(engine: DuckDB, activity: Iterable[tuple[str, str]], as_of: AsOf) -> bool:
    """Whether the history rests on data that are no longer what they were, or lies ahead."""
    if BASIS not in engine.tables():
        return False
    [(last, known)] = engine.rows(f"SELECT as_of, change_id FROM {BASIS}")
    if last > as_of.instant:
        return True
    facts = {table for table, _ in activity}
    changed = changed_before(engine, last, since=known)
    return any(each == UNITS or {each, counted(each)} & facts for each in changed)
