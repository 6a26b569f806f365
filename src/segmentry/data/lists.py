"""Lists of customers: who was put on which list, since when, until when, and why.

Members name customers, so they stand in the warehouse beside them. What was given and matches
nobody is kept, and is tried again whenever something was loaded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from segmentry.core.errors import DuplicateNameError, NotFoundError, UsageError
from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.language.listed import ENTRIES
from segmentry.language.schema import Schema

ALWAYS = datetime(1900, 1, 1)
"""Since when somebody is on a list that holds for all times."""
MOMENT = timedelta(microseconds=1)
"""Entries are added a moment before the instant as of which they count, for that sees the past."""
VIEW = counted(ENTRIES.table)
COUNTED = f"""SELECT e.* REPLACE (coalesce(u.unit_no, e.customer_no) AS customer_no)
    FROM {ENTRIES.table} AS e LEFT JOIN customer_units AS u USING (customer_no)"""


class By(StrEnum):
    """What names a customer on a list."""

    ID = "id"
    EMAIL = "email"
    PHONE = "phone"

    @property
    def column(self) -> str:
        """Column of customers."""
        return "customer_id" if self is By.ID else self.value


PLAIN = {
    By.ID: "trim({})",
    By.EMAIL: "lower(trim({}))",
    By.PHONE: "ltrim(regexp_replace({}, '[^0-9]', '', 'g'), '0')",
}
"""How both sides are made comparable: spaces and case, and of a phone number the digits alone."""


@dataclass(frozen=True)
class CustomerList:
    """A list with its size.

    Args:
        origin: The file, or the segment and the instant.
        members: Entries that match a customer; one entry may match several by e-mail or phone.
        unmatched: Entries that match nobody.
    """

    name: str
    label: str
    origin: str
    matched_by: By
    made_at: datetime
    members: int
    unmatched: int


@dataclass(frozen=True)
class Entry:
    """A customer, or what was given for one, on a list. `None` as `customer_id` is no match."""

    given: str
    customer_id: str | None
    reason: str
    added_at: datetime
    until: datetime | None

    @property
    def since(self) -> datetime | None:
        """The first instant as of which it counts; `None` is always."""
        start = self.added_at + MOMENT
        return None if start <= ALWAYS else start


def prepare(session: DuckDB) -> None:
    """Make the view of the entries if it is not there."""
    if not session.rows("SELECT 1 FROM duckdb_views() WHERE view_name = ?", [VIEW]):
        session.execute(f"CREATE VIEW {VIEW} AS {COUNTED}")


def with_lists(session: DuckDB, schema: Schema) -> Schema:
    """The schema with the lists, and with the entries as a fact."""
    entries = replace(ENTRIES, relation=counted(ENTRIES.table))
    facts = {**schema.facts, ENTRIES.name: entries}
    return replace(schema, facts=facts, lists=names(session))


def names(session: DuckDB) -> frozenset[str]:
    """Names of the lists, with those of segments by hand."""
    query = f"SELECT name FROM lists UNION SELECT list FROM {ENTRIES.table}"
    return session.remembered(query, lambda: frozenset(name for (name,) in session.rows(query)))


# lists


def known(session: DuckDB) -> list[CustomerList]:
    """Every list, by name."""
    rows = session.rows(
        "SELECT l.name, l.label, l.origin, l.matched_by, l.made_at, count(e.customer_no),"
        " count(e.given) FILTER (e.customer_no IS NULL)"
        f" FROM lists AS l LEFT JOIN {ENTRIES.table} AS e ON e.list = l.name"
        " GROUP BY ALL ORDER BY l.name"
    )
    return [
        CustomerList(name, label, origin, By(by), made, members, unmatched)
        for name, label, origin, by, made, members, unmatched in rows
    ]


def named(session: DuckDB, name: str) -> CustomerList:
    """A list.

    Raises:
        NotFoundError: There is none.
    """
    found = {each.name: each for each in known(session)}
    if name not in found:
        there = ", ".join(f"`{each}`" for each in found) or "none yet"
        raise NotFoundError(f"no list `{name}`.", fix=f"There is: {there}.")
    return found[name]


def make(
    session: DuckDB,
    name: str,
    *,
    label: str,
    origin: str,
    by: By,
    made_at: datetime,
) -> None:
    """Make an empty list.

    Raises:
        DuplicateNameError: There is one of that name.
        UsageError: Customers have nothing to be matched by.
    """
    if session.rows("SELECT 1 FROM lists WHERE name = ?", [name]):
        raise DuplicateNameError(
            f"there is a list `{name}` already.",
            fix=f"Choose another name, or remove it: `segmentry lists remove {name}`.",
        )
    if not session.rows(f"SELECT 1 FROM customers WHERE {quote(by.column)} IS NOT NULL LIMIT 1"):
        raise UsageError(f"customers have no {by.value}.", fix="Load it, or match by id.")
    session.execute(
        "INSERT INTO lists VALUES (?, ?, ?, ?, ?)", [name, label, origin, by.value, made_at]
    )


def drop(session: DuckDB, name: str) -> None:
    """Remove a list with its entries."""
    session.execute("DELETE FROM lists WHERE name = ?", [name])
    session.execute(f"DELETE FROM {ENTRIES.table} WHERE list = ?", [name])


def add(
    session: DuckDB,
    name: str,
    given: str,
    *,
    by: By,
    since: AsOf | None,
    until: AsOf | None = None,
    reason: str = "",
) -> None:
    """Put what a query of one text column gives on a list, each text once; nothing is left out.

    Args:
        since: It counts as of this instant and later; `None` is always.
    """
    added = AsOf(ALWAYS, "UTC") if since is None else since
    session.execute(
        f"INSERT INTO {ENTRIES.table} SELECT"
        f" (SELECT coalesce(max(entry_id), 0) FROM {ENTRIES.table}) + row_number() OVER (),"
        " $name, given, NULL, $reason, $added, $day, $hour, $until"
        f" FROM (SELECT DISTINCT trim(given) AS given FROM ({given}) AS t(given)"
        " WHERE trim(given) <> '' ORDER BY given)",
        {
            "name": name,
            "reason": reason,
            "added": added.instant - MOMENT,
            "day": added.local.date(),
            "hour": added.local.hour,
            "until": until.instant if until else None,
        },
    )
    match(session, name, by)


def match(session: DuckDB, name: str, by: By) -> None:
    """Look for the customers of a list's entries that have none; several may match one entry."""
    left, right = PLAIN[by].format("e.given"), PLAIN[by].format(f"c.{quote(by.column)}")
    session.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE matched AS
            SELECT e.* REPLACE (c.customer_no AS customer_no)
            FROM {ENTRIES.table} AS e JOIN customers AS c ON {left} = {right} AND {left} <> ''
            WHERE e.list = ? AND e.customer_no IS NULL""",
        [name],
    )
    session.execute(
        f"DELETE FROM {ENTRIES.table} WHERE list = ? AND customer_no IS NULL"
        " AND entry_id IN (SELECT entry_id FROM matched)",
        [name],
    )
    session.execute(f"INSERT INTO {ENTRIES.table} FROM matched")
    session.drop("matched")


def match_again(session: DuckDB) -> None:
    """Look again for the customers of everything that matched nobody."""
    for each in known(session):
        if each.unmatched:
            match(session, each.name, each.matched_by)


def entries(session: DuckDB, names: Iterable[str]) -> list[tuple[str, Entry]]:
    """The entries of lists, those that match nobody first, then by customer."""
    wanted = list(names)
    marks = ", ".join("?" * len(wanted))
    rows = session.rows(
        "SELECT e.list, e.given, c.customer_id, e.reason, e.added_at, e.until"
        f" FROM {ENTRIES.table} AS e LEFT JOIN customers AS c USING (customer_no)"
        f" WHERE e.list IN ({marks})"
        " ORDER BY e.list, c.customer_id NULLS FIRST, e.given, e.entry_id",
        wanted,
    )
    return [(name, Entry(*values)) for name, *values in rows]


def end(session: DuckDB, name: str, given: str, at: AsOf) -> None:
    """Let what was given count no more as of an instant and later."""
    session.execute(
        f"UPDATE {ENTRIES.table} SET until = $last WHERE list = $name AND given = $given"
        " AND (until IS NULL OR until > $last)",
        {"name": name, "given": given, "last": at.instant - MOMENT},
    )


def take_off(session: DuckDB, name: str, given: str) -> int:
    """Remove what was given from a list; says how many entries that were."""
    [(count,)] = session.rows(
        f"SELECT count(*) FROM {ENTRIES.table} WHERE list = ? AND given = ?", [name, given]
    )
    session.execute(f"DELETE FROM {ENTRIES.table} WHERE list = ? AND given = ?", [name, given])
    return int(count)
