"""The ledger of changes: what each load, and each decision about duplicates, did to what is held.

Every row of a fact says which load brought it or changed it last (`load_id`), so that what came
since is read without reading the rest. What a changed row was before is not kept; the ledger says
how early the oldest row was that a load touched, as it was before or as it became, and whose it was
and is, until a refresh has taken that in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from segmentry.data.tables import HELD, LOAD, MOMENT, SCORES
from segmentry.engines.duckdb import DuckDB, literal, quote

LEDGER = "changes"
NAMED = "changed_customers"
"""Whose rows were replaced, by change."""
UNITS = "customer_units"
"""Who counts for whom; a change of it may move what happened at any time to another customer."""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to one relation at once.

    Args:
        change_id: Counted up from 1.
        load_id: The load that did it; `None` for a decision.
        relation: A table of facts or things, or `UNITS`.
        added: How many rows are new.
        replaced: How many rows say something else than before, or are gone.
        earliest: The earliest instant of these rows, before and after; `None` where rows have none.
        latest: The latest one after it.
    """

    change_id: int
    load_id: int | None
    relation: str
    added: int
    replaced: int
    earliest: datetime | None
    latest: datetime | None


def last_change(session: DuckDB) -> int:
    """The number of the last change; 0 when there was none."""
    return int(session.value(f"SELECT coalesce(max(change_id), 0) FROM {LEDGER}"))


def last_load(session: DuckDB) -> int:
    """The highest number that rows of facts may have as `load_id`; 0 when nothing was loaded."""
    return int(session.value("SELECT coalesce(max(load_id), 0) FROM loads"))


def changes_since(session: DuckDB, change: int) -> list[Change]:
    """Every change after a numbered one, in order."""
    rows = session.rows(f"SELECT * FROM {LEDGER} WHERE change_id > ? ORDER BY change_id", [change])
    return [Change(*row) for row in rows]


def changed_before(session: DuckDB, instant: datetime, *, since: int) -> list[str]:
    """Tables whose rows from before an instant are no longer what they were, sorted.

    `UNITS` is among them when it was decided since who counts for whom. Things without an instant
    (customers, products) are left out.

    Args:
        since: The last change that was known of: `last_change` of that time.
    """
    found = {
        each.relation
        for each in changes_since(session, since)
        if each.relation == UNITS or (each.earliest is not None and each.earliest < instant)
    }
    return sorted(found)


def whose(session: DuckDB, tables: Collection[str], since: int) -> NDArray[np.int64]:
    """Customers of the rows of facts that were replaced since a change, before and after it.

    They are numbered as the tables number them, whoever they count for; in any order.
    """
    listed = ", ".join(map(literal, sorted(tables)))
    if not listed:
        return np.zeros(0, np.int64)
    found = session.fetch(
        f"SELECT DISTINCT customer_no FROM {NAMED} JOIN {LEDGER} USING (change_id)"
        f" WHERE change_id > $since AND relation IN ({listed})",
        {"since": since},
    )
    numbers: NDArray[np.int64] = found.column("customer_no").to_numpy().astype(np.int64)
    return numbers


def taken_in(session: DuckDB) -> None:
    """All changes have been taken in: nobody will ask any more whose rows they were."""
    session.execute(f"DELETE FROM {NAMED}")


def note_rows(
    session: DuckDB,
    table: str,
    load_id: int,
    added: int,
    replaced: int,
    before: datetime | None,
    named: str | None = None,
) -> None:
    """Note what a load did to a table; nothing is nothing to note.

    Scores are noted with the instant as of which they are, so that what was recorded as of then
    need not be computed anew: it was what was known.

    Args:
        before: The earliest instant that a replaced row had before.
        named: Query of the customers of replaced rows, as they were and as they are.
    """
    if not added and not replaced:
        return
    earliest = latest = None
    if instant := HELD[table].instant:
        shift = f" + INTERVAL {MOMENT.microseconds} MICROSECOND" if table == SCORES.name else ""
        first, last = (f"{each}({quote(instant)}){shift}" for each in ("min", "max"))
        earliest, latest = session.rows(
            f"SELECT least({first}, $before), {last} FROM {quote(table)} WHERE {LOAD} = $load",
            {"before": before, "load": load_id},
        )[0]
    _note(session, load_id, table, (added, replaced, earliest, latest))
    if named:
        session.execute(
            f"INSERT INTO {NAMED} SELECT DISTINCT {last_change(session)}, customer_no"
            f" FROM ({named}) WHERE customer_no IS NOT NULL"
        )


def note_units(session: DuckDB, replaced: int) -> None:
    """Note that customers count for others than before; none is nothing to note."""
    if replaced:
        _note(session, None, UNITS, (0, replaced, None, None))


def _note(
    session: DuckDB,
    load_id: int | None,
    relation: str,
    what: Iterable[int | datetime | None],
) -> None:
    session.execute(
        f"INSERT INTO {LEDGER} VALUES (?, ?, ?, ?, ?, ?, ?)",
        [last_change(session) + 1, load_id, relation, *what],
    )


__all__ = [
    "UNITS",
    "Change",
    "changed_before",
    "changes_since",
    "last_change",
    "last_load",
    "note_rows",
    "note_units",
    "taken_in",
    "whose",
]
