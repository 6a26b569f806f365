"""Taking into the history who is in which segment at an instant (a *point*).

Memberships are computed for all segments together (`leaves`) and kept as what changed since the
point before (`past`), in tables of the desk and inside its transaction: a point is there for all
segments or for none. Beside the changes each point keeps sizes and revenue of every part, so that
a trend needs no bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import pyarrow as pa

from segmentry.engines.duckdb import DuckDB
from segmentry.features.column_files import ColumnFiles
from segmentry.features.customers import Customers
from segmentry.language.node import Condition
from segmentry.segments.bits import NOBODY, Bits, count, of_numbers, stored, union
from segmentry.segments.blocks import Blocks
from segmentry.segments.decided import Compiled
from segmentry.segments.leaves import Leaves, Progress, ready, unwatched
from segmentry.segments.point import Divided, Point, append
from segmentry.segments.since import Nodes, Since, since
from segmentry.segments.sliced import Sliced
from segmentry.segments.standing import Standing, Standings, histories

TABLES = (
    """CREATE TABLE IF NOT EXISTS membership_point (
        segment VARCHAR, as_of TIMESTAMP, definition VARCHAR)""",
    """CREATE TABLE IF NOT EXISTS membership_change (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP, customers BLOB, mark UBIGINT)""",
    """CREATE TABLE IF NOT EXISTS membership_whole (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP, customers BLOB)""",
    """CREATE TABLE IF NOT EXISTS membership_active (
        before TIMESTAMP, as_of TIMESTAMP, customers BLOB)""",
    """CREATE TABLE IF NOT EXISTS membership_size (
        segment VARCHAR, part VARCHAR, as_of TIMESTAMP,
        customers BIGINT, of_customers BIGINT, revenue_amount DECIMAL(18,4))""",
)
BY_SEGMENT = ("membership_point", "membership_change", "membership_whole", "membership_size")
AT_ONCE = 128
"""Segments whose changes are in memory together."""


def prepare(engine: DuckDB) -> None:
    """Make the tables if they are not there."""
    for statement in TABLES:
        engine.execute(statement)


def record(
    customers: Customers,
    divided: Sequence[Divided],
    *,
    activity: Iterable[tuple[str, str]],
    marks: Callable[[], Sliced] | None = None,
    progress: Progress = unwatched,
) -> None:
    """Compute memberships at an instant and take the changes into the history, all or nothing.

    An instant that is already there is computed anew. It must not lie before the last point.

    Args:
        activity: Tables of facts and their instant columns, to tell data from time.
        marks: The marks of all customers, where several points are recorded of the same ones.
        progress: Told of customers done, of all of them.
    """
    desk, instant = customers.desk, customers.as_of.instant
    nodes = {each.name: each.node for each in divided}
    with (
        desk.transaction(),
        ready(customers, [*nodes.values(), *customers.revenue.values()]) as here,
    ):
        _take_back(desk, [each.name for each in divided], instant)
        _note_points(desk, divided, instant)
        _note_active(desk, instant, activity)
        leaves = Leaves.of(here)
        changed = since(here, nodes, leaves.compiled)
        blocks, point = Blocks(leaves), Point(here, count(leaves.known), changed, marks)
        by_name = {each.name: each for each in divided}
        for names in blocks.rounds(nodes):
            members = _members(blocks, changed, {name: nodes[name] for name in names}, progress)
            for start in range(0, len(names), AT_ONCE):
                some = [by_name[name] for name in names[start : start + AT_ONCE]]
                point.take(leaves, members, some)
            leaves.forget()
        point.finish()
        if here is customers:
            _keep(here, leaves.compiled, point, divided)


def _members(
    blocks: Blocks, changed: Since | None, nodes: Nodes, progress: Progress
) -> dict[str, Bits]:
    """The members of segments that are not brought forward from the few who changed."""
    if changed is not None:
        changed.compute(nodes)
    near = changed.changes if changed is not None else {}
    whole = {name: node for name, node in nodes.items() if name not in near}
    rules = {name: node for name, node in whole.items() if isinstance(node, Condition)}
    return blocks.members(rules, progress)


def _keep(customers: Customers, said: Compiled, point: Point, divided: Sequence[Divided]) -> None:
    """Keep how all stand beside the columns they were computed from, if these are files."""
    columns = customers.source.columns
    if not isinstance(columns, ColumnFiles):
        return
    recorded = histories(customers.desk)
    segments = {
        each.name: Standing(meaning, recorded.get(each.name, ""), point.parts[each.name])
        for each in divided
        if (meaning := said.meaning(each.node)) is not None
    }
    Standings(customers.as_of, bool(customers.revenue), segments).write(columns.folder)


def forget(engine: DuckDB, names: Sequence[str]) -> None:
    """Remove the history of segments."""
    with engine.registered("asked", _names(names)):
        for table in BY_SEGMENT:
            engine.execute(f"DELETE FROM {table} WHERE segment IN (SELECT segment FROM asked)")
    engine.execute(
        "DELETE FROM membership_active WHERE as_of NOT IN (SELECT as_of FROM membership_point)"
    )


def _names(names: Sequence[str]) -> pa.Table:
    return pa.table({"segment": pa.array(names, pa.string())})


def _take_back(engine: DuckDB, names: Sequence[str], instant: datetime) -> None:
    """Undo a point that is computed anew."""
    with engine.registered("asked", _names(names)):
        for table in BY_SEGMENT:
            engine.execute(
                f"DELETE FROM {table} WHERE as_of = ? AND segment IN (SELECT segment FROM asked)",
                [instant],
            )


def _note_points(engine: DuckDB, divided: Sequence[Divided], instant: datetime) -> None:
    rows = [(each.name, instant, each.definition) for each in divided]
    append(engine, "membership_point", rows)


def _note_active(engine: DuckDB, instant: datetime, activity: Iterable[tuple[str, str]]) -> None:
    """Who did something since the point before, once for all segments whose point that was."""
    befores = engine.rows(
        """SELECT DISTINCT before FROM (
               SELECT as_of, lag(as_of) OVER (PARTITION BY segment ORDER BY as_of) AS before
               FROM membership_point)
           WHERE as_of = ? AND before IS NOT NULL""",
        [instant],
    )
    engine.execute("DELETE FROM membership_active WHERE as_of = ?", [instant])
    found = [
        (before, instant, stored(_active(engine, before, instant, activity)))
        for (before,) in befores
    ]
    append(engine, "membership_active", found)


def _active(
    engine: DuckDB, since: datetime, until: datetime, activity: Iterable[tuple[str, str]]
) -> Bits:
    found = NOBODY
    for table, column in activity:
        seen = engine.fetch(
            f"SELECT DISTINCT customer_no FROM {table} WHERE {column} >= $since"
            f" AND {column} < $until AND customer_no IS NOT NULL",
            {"since": since, "until": until},
        )
        found = union(found, of_numbers(seen.column("customer_no").to_numpy()))
    return found
