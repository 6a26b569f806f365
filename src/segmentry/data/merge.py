"""Rows into a table by key: new ones are added, changed ones updated, equal ones left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from segmentry.data.changes import note_rows
from segmentry.data.tables import HELD, LOAD, is_empty
from segmentry.engines.duckdb import DuckDB, quote

ARRIVING = "arriving_rows"
CHANGED = "changed_rows"
NAMED = "whose_rows_changed"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows were new, changed and equal.

    Args:
        replaced: Sum of the net amounts that the changed rows held before, where rows have one.
        equal: Sum of the net amounts of the equal rows.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    replaced: Decimal = ZERO
    equal: Decimal = ZERO

    @property
    def accepted(self) -> int:
        """Rows that changed the table."""
        return self.added + self.updated

    @property
    def rows(self) -> int:
        """All rows that arrived."""
        return self.accepted + self.unchanged


def merge(session: DuckDB, table: str, columns: Sequence[str], query: str, load_id: int) -> Merged:
    """Bring the rows of a query into an entity's table; columns not named keep what they hold.

    What was done is noted in the ledger of changes.

    Args:
        table: Name of the entity and of its table.
        columns: Columns of the query, those of the table's key among them. No key twice.
        query: The rows, as they shall stand in the table.
        load_id: The load; facts that are new or changed bear its number.
    """
    listed = ", ".join(map(quote, columns))
    if is_empty(session, table):
        added = _insert(session, table, load_id, listed, query)
        note_rows(session, table, load_id, added, 0, None)
        return Merged(added=added)
    session.create(ARRIVING, query, temporary=True)
    key = HELD[table].key
    matched = " AND ".join(f"t.{quote(name)} = a.{quote(name)}" for name in key)
    if not session.rows(
        f"SELECT 1 FROM {quote(table)} t SEMI JOIN {ARRIVING} a ON {matched} LIMIT 1"
    ):
        added = _insert(session, table, load_id, listed, f"SELECT {listed} FROM {ARRIVING}")
        session.drop(ARRIVING)
        note_rows(session, table, load_id, added, 0, None)
        return Merged(added=added)
    rows = int(session.value(f"SELECT count(*) FROM {ARRIVING}"))
    _find_changed(session, table, [each for each in columns if each not in key], matched)
    replaced, equal = ZERO, ZERO
    if "net_amount" in columns:
        replaced, equal = _sums(session, table, matched)
    before, named = _earliest_changed(session, table, matched), _named(session, table, matched)
    updated = _update(session, table, load_id, columns, matched)
    missing = f"SELECT {listed} FROM {ARRIVING} a ANTI JOIN {quote(table)} t ON {matched}"
    added = _insert(session, table, load_id, listed, missing)
    note_rows(session, table, load_id, added, updated, before, named)
    for each in (CHANGED, ARRIVING, NAMED):
        session.drop(each)
    return Merged(added, updated, rows - added - updated, replaced, equal)


def _insert(session: DuckDB, table: str, load_id: int, listed: str, query: str) -> int:
    if LOAD in HELD[table].columns:
        listed, query = f"{listed}, {LOAD}", f"SELECT *, {load_id} FROM ({query})"
    return session.changed(f"INSERT INTO {quote(table)} ({listed}) {query}")


def _find_changed(session: DuckDB, table: str, columns: Sequence[str], matched: str) -> None:
    differs = [f"t.{quote(name)} IS DISTINCT FROM a.{quote(name)}" for name in columns]
    session.create(
        CHANGED,
        f"SELECT a.* FROM {ARRIVING} a JOIN {quote(table)} t ON {matched}"
        f" WHERE {' OR '.join(differs) or 'FALSE'}",
        temporary=True,
    )


def _sums(session: DuckDB, table: str, matched: str) -> tuple[Decimal, Decimal]:
    """What the changed rows held before, and what the equal rows hold."""
    held = f"SELECT sum(t.net_amount) FROM {quote(table)} t SEMI JOIN"
    replaced = Decimal(session.value(f"{held} {CHANGED} a ON {matched}") or 0)
    return replaced, Decimal(session.value(f"{held} {ARRIVING} a ON {matched}") or 0) - replaced


def _earliest_changed(session: DuckDB, table: str, matched: str) -> datetime | None:
    """The earliest instant that the changed rows held before; `None` for things."""
    instant = HELD[table].instant
    if instant is None:
        return None
    held = f"SELECT min(t.{quote(instant)}) FROM {quote(table)} t"
    found: datetime | None = session.value(f"{held} SEMI JOIN {CHANGED} a ON {matched}")
    return found


def _named(session: DuckDB, table: str, matched: str) -> str | None:
    """Keep whose the changed rows of a fact were; gives a query of whose they were and are."""
    if LOAD not in HELD[table].columns:
        return None
    held = f"SELECT t.customer_no FROM {quote(table)} t SEMI JOIN {CHANGED} a ON {matched}"
    session.create(NAMED, held, temporary=True)
    return f"FROM {NAMED} UNION ALL {held}"


def _update(session: DuckDB, table: str, load_id: int, columns: Sequence[str], matched: str) -> int:
    if not session.rows(f"SELECT 1 FROM {CHANGED} LIMIT 1"):
        return 0
    assigned = [
        f"{quote(each)} = a.{quote(each)}" for each in columns if each not in HELD[table].key
    ]
    if LOAD in HELD[table].columns:
        assigned.append(f"{LOAD} = {load_id}")
    return session.changed(
        f"UPDATE {quote(table)} AS t SET {', '.join(assigned)} FROM {CHANGED} a WHERE {matched}"
    )


__all__ = ["Merged", "merge"]
