"""A refresh: check, compute every feature as of an instant, take memberships into the history.

All of it is one transaction: either the whole run becomes visible or nothing does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from segmentry.core.errors import DeclarationError
from segmentry.core.time import AsOf, start_of_day, to_local
from segmentry.data import checks, lists
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.compile import CUSTOMERS, CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.language.check import check
from segmentry.language.listed import ENTRIES
from segmentry.language.text import segments as segments_used
from segmentry.segments import membership, usage
from segmentry.segments.membership import Divided
from segmentry.segments.segment import RECORDED
from segmentry.sql.expression import Table
from segmentry.workspace import trust

if TYPE_CHECKING:
    from segmentry.workspace.workspace import Workspace

SNAPSHOT = "customer_features"
LISTED = (counted(ENTRIES.table), ENTRIES.instant)
"""Being put on a list is something that happened, but no ground to compute a history anew."""
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did.

    Args:
        points: For how many instants memberships were computed.
        rebuilt: Whether the history was computed anew.
        left_out: Segments that could not be computed, and why.
    """

    as_of: str
    customers: int
    features: int
    points: int
    rebuilt: bool
    left_out: Mapping[str, str]


def perform(workspace: Workspace, as_of: AsOf, progress: Progress) -> Refreshed:
    """Check, compute every feature, take memberships into the history; all or nothing."""
    engine = workspace.engine
    with (
        workspace.catalogue.run("refresh", str(as_of), workspace.clock) as run,
        engine.transaction(),
    ):
        with run.step("check"):
            progress("checks", 0, 1)
            lists.match_again(engine)
            score, found = workspace.check(as_of)
            checks.remember(engine, found, workspace.clock())
            trust.remember(engine, as_of, score.score)
        with run.step("features"):
            progress("features", 0, 1)
            known = snapshot(replace(workspace.customers(as_of), source=CUSTOMERS))
        with run.step("memberships"):
            customers = workspace.customers(as_of)
            left_out = _left_out(customers)
            divided = list(_divided(workspace, customers, left_out))
            points, rebuilt = remember(customers, divided, progress)
    shown = len(customers.features.shown)
    return Refreshed(str(as_of), known, shown, points, rebuilt, left_out)


def _left_out(customers: Customers) -> dict[str, str]:
    """Segments whose rule no longer holds on this workspace, and why; they block no other."""
    schema = replace(customers.features.schema, segments=frozenset(customers.rules))
    found: dict[str, str] = {}
    for name in usage.in_order(customers.rules):
        tree = customers.rules[name]
        try:
            check(tree, schema)
        except DeclarationError as error:
            found[name] = str(error)
        if blocked := [each for each in segments_used(tree) if each in found]:
            found.setdefault(name, f"it uses {', '.join(blocked)}.")
    return found


def _divided(
    workspace: Workspace, customers: Customers, left_out: Collection[str]
) -> Iterator[Divided]:
    """The groups and segments whose members are taken into the history."""
    known, rules = customers.features.known, customers.rules
    for each in workspace.segmentations():
        if each.feature in known and each.family in RECORDED:
            yield Divided(each.feature, known[each.feature].node, each.expression())
    named = {each.name: each.rule for each in workspace.saved()}
    for name in usage.in_order(rules):
        if name not in left_out:
            yield Divided(name, rules[name], named[name])


def fingerprint(engine: DuckDB, features: Features) -> str:
    """Changes whenever a load or a declaration could change a feature."""
    load = engine.value("SELECT max(load_id) FROM loads") or 0
    counting = engine.rows("SELECT max(decision_id), (FROM counting) FROM customer_decisions")
    listed = engine.rows(f"SELECT count(*), bit_xor(hash(t)) FROM {ENTRIES.table} AS t")
    declared = "\n".join(f"{each.name}={each.node.text()}" for each in features)
    declared += f"\n{sorted(features.schema.features)} {features.schema.sensitive}"
    return hashlib.sha256(f"{load}\n{counting}\n{listed}\n{declared}".encode()).hexdigest()


def snapshot(customers: Customers) -> int:
    """Compute every feature as of an instant into a table; returns the number of customers."""
    engine, features = customers.engine, customers.features
    engine.create(SNAPSHOT, customers.query(customers.named(features.schema.features)))
    engine.execute("CREATE OR REPLACE TABLE snapshot_of (as_of TIMESTAMP, fingerprint VARCHAR)")
    engine.execute(
        "INSERT INTO snapshot_of VALUES (?, ?)",
        [customers.as_of.instant, fingerprint(engine, features)],
    )
    return int(engine.value(f"SELECT count(*) FROM {quote(SNAPSHOT)}"))


def forget(engine: DuckDB) -> None:
    """Let the computed features go; they are computed anew when asked for."""
    engine.drop(SNAPSHOT)


def source(engine: DuckDB, features: Features, as_of: AsOf) -> CustomerSource:
    """The snapshot, if it is of this instant and still true; else the customers themselves."""
    if SNAPSHOT not in engine.tables():
        return CUSTOMERS
    [(instant, mark)] = engine.rows("SELECT as_of, fingerprint FROM snapshot_of")
    if instant != as_of.instant or mark != fingerprint(engine, features):
        return CUSTOMERS
    return CustomerSource(Table(SNAPSHOT), known_at=None, ready=frozenset(features.known))


def remember(
    customers: Customers, divided: Sequence[Divided], progress: Progress
) -> tuple[int, bool]:
    """Bring the history of memberships up to an instant; month by month where there is none.

    A history is computed anew when data came in that reach back before its last point, or when the
    instant lies before it. Returns the number of points computed, and whether that happened.
    """
    engine, as_of = customers.engine, customers.as_of
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
        here = replace(customers, as_of=moment, source=source(engine, customers.features, moment))
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
