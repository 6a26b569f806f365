"""Scores: what a model said of customers as of an instant, held as a fact that rules can read.

A score as of an instant rests on everything before it, so it bears the last moment that it knows
of: a table as of that instant or later sees it, an earlier one does not. The scores of earlier
instants stay, so that every past day has those that were known then.
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from segmentry.core.time import AsOf, to_local
from segmentry.core.types import Type
from segmentry.data.changes import last_load, note_rows
from segmentry.data.merge import Merged, merge
from segmentry.data.tables import MOMENT, SCORES, is_empty
from segmentry.engines.duckdb import DuckDB, literal, quote
from segmentry.language.schema import Fact, Field

NAME = SCORES.name
GIVEN, GONE = "given_scores", "gone_scores"

FACT = Fact(
    NAME,
    NAME,
    "scored_at",
    SCORES.day,
    SCORES.hour,
    ("scored_at", "name"),
    {"name": Field("name", Type.TEXT), "value": Field("value", Type.NUMBER)},
)
"""Scores count for the customer that was scored, whoever that one counts for later."""

TO_UNLOCK = "scores (`segmentry models add` makes them)"


def known(session: DuckDB) -> bool:
    """Whether there are any scores."""
    return NAME in session.tables() and not is_empty(session, NAME)


def keep(session: DuckDB, model: str, as_of: AsOf, scores: pa.Table, now: datetime) -> Merged:
    """Keep what a model says as of an instant, in place of what it said as of then before.

    Equal scores change nothing. What was done is in the ledgers of loads and of changes.

    Args:
        model: Name of the model, under which the ledger shows it.
        scores: `customer_no`, each once, and a column of numbers for each score; where a number is
            missing there is no score.
        now: When this happens, naive UTC; it decides nothing.
    """
    names = [each for each in scores.column_names if each != "customer_no"]
    columns = ("customer_no", "scored_at", SCORES.day, SCORES.hour, "name", "value")
    load_id = last_load(session) + 1
    with session.registered(GIVEN, scores):
        query = _rows(names, as_of)
        if _there(session, names, as_of):
            gone = _remove_gone(session, names, as_of, load_id)
            merged = merge(session, NAME, columns, query, load_id)
        else:
            gone = 0
            merged = Merged(added=_insert(session, columns, query, load_id))
    if merged.accepted or gone:
        session.execute(
            "INSERT INTO loads VALUES (?, ?, '', '', ?, ?, ?, ?, ?, 0, ?, NULL)",
            [
                load_id, f"model {model}", NAME, merged.rows, merged.accepted, merged.updated,
                merged.unchanged, now,
            ],
        )  # fmt: skip
    return merged


def scored_at(session: DuckDB, name: str, before: AsOf) -> datetime | None:
    """The instant as of which customers were scored last, not after another; `None` if never."""
    found = session.value(
        f"SELECT max(scored_at) FROM {NAME} WHERE name = ? AND scored_at < ?",
        [name, before.instant],
    )
    return found + MOMENT if isinstance(found, datetime) else None


def _rows(names: list[str], as_of: AsOf) -> str:
    at = as_of.instant - MOMENT
    local = to_local(at, as_of.timezone)
    listed = ", ".join(map(quote, names))
    return (
        f"SELECT customer_no::INTEGER AS customer_no, TIMESTAMP {literal(str(at))} AS scored_at,"
        f" DATE {literal(str(local.date()))} AS {SCORES.day},"
        f" {local.hour}::UTINYINT AS {SCORES.hour}, name, value::DOUBLE AS value"
        f" FROM (UNPIVOT (SELECT * REPLACE ({_numbers(names)}) FROM {GIVEN})"
        f" ON {listed} INTO NAME name VALUE value)"
    )


def _numbers(names: list[str]) -> str:
    return ", ".join(f"{quote(each)}::DOUBLE AS {quote(each)}" for each in names)


def _of(names: list[str], as_of: AsOf) -> str:
    listed = ", ".join(map(literal, names))
    at = literal(str(as_of.instant - MOMENT))
    return f"scored_at = TIMESTAMP {at} AND name IN ({listed})"


def _there(session: DuckDB, names: list[str], as_of: AsOf) -> bool:
    return bool(session.rows(f"SELECT 1 FROM {NAME} WHERE {_of(names, as_of)} LIMIT 1"))


def _insert(session: DuckDB, columns: tuple[str, ...], query: str, load_id: int) -> int:
    listed = ", ".join(columns)
    added = session.changed(
        f"INSERT INTO {NAME} ({listed}, load_id) SELECT *, {load_id} FROM ({query})"
    )
    note_rows(session, NAME, load_id, added, 0, None)
    return added


def _remove_gone(session: DuckDB, names: list[str], as_of: AsOf, load_id: int) -> int:
    """Remove scores of that instant that are not given any more; how many there were."""
    query = _rows(names, as_of)
    session.create(
        GONE,
        f"SELECT s.customer_no, s.name FROM {NAME} s ANTI JOIN ({query}) g"
        f" USING (customer_no, name) WHERE {_of(names, as_of)}",
        temporary=True,
    )
    gone = session.changed(
        f"DELETE FROM {NAME} WHERE {_of(names, as_of)}"
        f" AND (customer_no, name) IN (SELECT (customer_no, name) FROM {GONE})"
    )
    note_rows(session, NAME, load_id, 0, gone, as_of.instant, f"SELECT customer_no FROM {GONE}")
    session.drop(GONE)
    return gone
