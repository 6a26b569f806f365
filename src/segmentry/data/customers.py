"""Customers: a number for every id ever seen, when each was first known, and their traits."""

from __future__ import annotations

from segmentry.data.identity.links import NEXT_NUMBER
from segmentry.data.merge import Merged, merge
from segmentry.data.plan import Cell
from segmentry.data.records import TABLE, Records
from segmentry.engines.duckdb import quote

FIXED = ("customer_no", "customer_id", "known_at", "registered")

NEXT = (
    f"{NEXT_NUMBER} + row_number() OVER (PARTITION BY c.customer_no IS NULL"
    " ORDER BY s.seen_at NULLS FIRST, s.customer_id) - 1"
)
"""Dense numbers for customers without one, in order of first appearance, then id."""

SINCE_ALWAYS = "(c.customer_no IS NOT NULL AND c.known_at IS NULL)"
EARLIER = "least(c.known_at, s.seen_at)"


def merge_seen(records: Records, seen: str, instant: str) -> Merged:
    """Bring in customers whom records of facts name, with the traits that the records tell.

    Each has a number and is known from the earliest instant. Of a trait that several records tell,
    the latest counts, unless the customer already bought later than that, or a file of customers
    states the trait.

    Args:
        seen: Query of (customer_id, seen_at), an id once.
        instant: SQL of when, over a typed record.
    """
    cells = records.plan.of("customers")
    told, traits = "", [_told(cell) for cell in cells]
    if cells:
        told = (
            f" LEFT JOIN ({_latest(cells, instant, records.good())}) d USING (customer_id)"
            " LEFT JOIN (SELECT customer_no, max(ordered_at) AS last_at FROM orders"
            " GROUP BY customer_no) o ON o.customer_no = c.customer_no"
        )
    columns = [
        f"coalesce(c.customer_no, {NEXT})",
        "s.customer_id",
        f"CASE WHEN {SINCE_ALWAYS} THEN NULL ELSE {EARLIER} END",
        "coalesce(c.registered, FALSE)",
        *traits,
    ]
    query = (
        f"SELECT {', '.join(columns)} FROM ({seen}) s"
        f" LEFT JOIN customers c USING (customer_id){told}"
    )
    return _merge(records, cells, query)


def merge_stated(records: Records) -> Merged:
    """Customers from a file of customers, one good record each: what it states holds.

    Without a time of sign-up a customer is known since always.
    """
    cells = records.plan.of("customers")
    signed_up = records.plan.or_null("customers", "signed_up_at")
    columns = [
        f"coalesce(c.customer_no, {NEXT})",
        "s.customer_id",
        f"CASE WHEN s.seen_at IS NULL OR {SINCE_ALWAYS} THEN NULL ELSE {EARLIER} END",
        "TRUE",
        *(f"s.{quote(cell.name)}" for cell in cells),
    ]
    query = (
        f"SELECT {', '.join(columns)} FROM (SELECT *, {signed_up} AS seen_at FROM {TABLE}"
        f" WHERE {records.good()}) s LEFT JOIN customers c USING (customer_id)"
    )
    return _merge(records, cells, query)


def _merge(records: Records, cells: tuple[Cell, ...], query: str) -> Merged:
    columns = [*FIXED, *(cell.attribute for cell in cells)]
    named = ", ".join(map(quote, columns))
    return merge(
        records.session,
        "customers",
        columns,
        f"SELECT * FROM ({query}) AS arriving({named})",
        records.load_id,
    )


def _latest(cells: tuple[Cell, ...], instant: str, good: str) -> str:
    latest = ", ".join(
        f"arg_max({quote(cell.name)}, row({instant}, {quote(cell.name)}))"
        f" FILTER ({quote(cell.name)} IS NOT NULL) AS {quote(cell.attribute)}"
        for cell in cells
    )
    return (
        f"SELECT customer_id, max({instant}) AS told_at, {latest} FROM {TABLE}"
        f" WHERE {good} AND customer_id IS NOT NULL GROUP BY customer_id"
    )


def _told(cell: Cell) -> str:
    name = quote(cell.attribute)
    return (
        f"CASE WHEN d.{name} IS NULL OR (c.{name} IS NOT NULL AND"
        f" (c.registered OR coalesce(o.last_at > d.told_at, FALSE))) THEN c.{name}"
        f" ELSE d.{name} END"
    )


__all__ = ["merge_seen", "merge_stated"]
