"""Facts and customers as they count: the views through which all analyses read them.

A record that is linked counts for another customer; the view of a fact gives that customer's
number, the view of customers has one row for each who counts. Where nothing is linked, a view is
its table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum

from segmentry.data.tables import TABLES, is_empty
from segmentry.engines.duckdb import DuckDB, quote

FIXED = ("customer_no", "customer_id")
CONTACTS = "contact_count"
OF_COMPANY = "company_"
"""Begins the names of the traits that customers have from their company."""


class Unit(StrEnum):
    """Who is one customer."""

    PERSON = "person"
    """Every customer by itself."""
    COMPANY = "company"
    """A company with all its contacts; a customer without a company by itself."""


def counted(table: str) -> str:
    """The view through which a table of facts, or `customers`, is read as that of customers.

    >>> counted("orders")
    'counted_orders'
    """
    return f"counted_{table}"


def make_views(session: DuckDB, unit: Unit) -> None:
    """Make every view anew, after links, companies or columns have changed."""
    linked = bool(session.rows("SELECT 1 FROM customer_units LIMIT 1"))
    for name, table in TABLES.items():
        if table.instant and "customer_no" in table.columns:
            _make(session, name, _facts(name) if linked else f"SELECT * FROM {quote(name)}")
    _make(session, "customers", _customers(session, unit, linked=linked))


def outdated(session: DuckDB) -> bool:
    """Whether a table of facts has got columns that its view does not show."""
    return bool(
        session.rows(
            "SELECT 1 FROM duckdb_columns() t JOIN duckdb_views() v"
            " ON v.view_name = 'counted_' || t.table_name"
            " WHERE t.table_name <> 'customers' GROUP BY v.view_name, v.column_count"
            " HAVING count(*) <> v.column_count"
        )
    )


def _make(session: DuckDB, name: str, query: str) -> None:
    session.execute(f"CREATE OR REPLACE VIEW {quote(counted(name))} AS {query}")


def _facts(name: str) -> str:
    return (
        "SELECT f.* REPLACE (coalesce(u.unit_no, f.customer_no) AS customer_no)"
        f" FROM {quote(name)} f LEFT JOIN customer_units u USING (customer_no)"
    )


def traits_of_companies(
    customers: Collection[str], companies: Iterable[str], unit: Unit
) -> Iterator[tuple[str, str]]:
    """Traits that customers have from companies, as (name, column of companies).

    What customers have themselves goes before what their company has under that name.

    >>> dict(traits_of_companies(["email"], ["company_id", "industry"], Unit.PERSON))
    {'company_industry': 'industry'}
    """
    for column in companies:
        if column == "company_id":
            continue
        if unit is Unit.COMPANY:
            yield column, column
        if OF_COMPANY + column not in customers:
            yield OF_COMPANY + column, column


def _columns(session: DuckDB, unit: Unit) -> Iterator[tuple[str, tuple[str, str]]]:
    """Column of the view → SQL for a person `p` of the company `k`, and for the company itself."""
    own = session.columns("customers")
    companies = {} if is_empty(session, "companies") else session.columns("companies")
    shared = dict(traits_of_companies(own, companies, unit))
    for name, kind in own.items():
        same = companies.get(shared.get(name, "")) == kind
        yield name, (f"p.{quote(name)}", f"k.{quote(name)}" if same else f"NULL::{kind}")
    for name, column in shared.items():
        if name not in own:
            held = f"k.{quote(column)}"
            yield name, (f"NULL::{companies[column]}" if name == column else held, held)
    if unit is Unit.COMPANY and CONTACTS not in own:
        yield CONTACTS, ("NULL::INTEGER", "coalesce(n.contacts, 0)::INTEGER")


OF_UNITS = {
    "customer_no": "m.customer_no",
    "customer_id": "m.customer_id",
    "company_id": "m.company_id",
    "known_at": "n.known_at",
    "registered": "TRUE",
}
"""Columns that a company has as a customer."""


def _customers(session: DuckDB, unit: Unit, *, linked: bool) -> str:
    columns = dict(_columns(session, unit))
    own = [name for name, (sql, _) in columns.items() if sql.startswith("p.")]
    source = f"{_completed(own) if linked else 'customers'} p"
    if not is_empty(session, "companies"):
        source += " LEFT JOIN companies k ON k.company_id = p.company_id"
    persons = ", ".join(f"{sql} AS {quote(name)}" for name, (sql, _) in columns.items())
    if unit is Unit.PERSON:
        return f"SELECT {persons} FROM {source}"
    companies = ", ".join(
        f"{OF_UNITS.get(name, sql)} AS {quote(name)}" for name, (_, sql) in columns.items()
    )
    return f"SELECT {persons} FROM {source} UNION ALL SELECT {companies} FROM {COMPANIES}"


COMPANIES = """company_units m LEFT JOIN (
    SELECT u.unit_no AS customer_no,
           CASE WHEN count(c.known_at) = count(*) THEN min(c.known_at) END AS known_at,
           count(DISTINCT u.person_no) FILTER (c.company_id IS NOT NULL) AS contacts
    FROM customer_units u JOIN customers c USING (customer_no) GROUP BY u.unit_no
) n USING (customer_no) LEFT JOIN companies k ON k.company_id = m.company_id
WHERE k.company_id IS NOT NULL OR n.customer_no IS NOT NULL"""
"""A row for each company that is there; one whose contacts are known since always is so too."""


def _completed(columns: list[str]) -> str:
    """Those who count for themselves, completed from the records that count for them."""
    filled = ", ".join(f"{_filled(name)} AS {quote(name)}" for name in columns)
    told = ", ".join(
        f"arg_min(t.{quote(name)}, t.customer_no) FILTER (t.{quote(name)} IS NOT NULL)"
        f" AS {quote(name)}"
        for name in columns
        if name not in (*FIXED, "known_at", "registered")
    )
    told = f", {told}" if told else ""
    return f"""(SELECT {filled} FROM customers c
        ANTI JOIN customer_units u ON u.customer_no = c.customer_no
        LEFT JOIN (
            SELECT v.unit_no AS customer_no, min(t.known_at) AS known_at,
                   count(*) FILTER (t.known_at IS NULL) AS always,
                   bool_or(t.registered) AS registered{told}
            FROM customer_units v JOIN customers t ON t.customer_no = v.customer_no
            GROUP BY v.unit_no) l ON l.customer_no = c.customer_no)"""


def _filled(name: str) -> str:
    """A trait of `c`, or of the records `l` that count for it, where there are any."""
    column = quote(name)
    match name:
        case "known_at":
            both = "c.known_at IS NOT NULL AND l.always = 0"
            earlier = f"CASE WHEN {both} THEN least(c.known_at, l.known_at) END"
            return f"CASE WHEN l.customer_no IS NULL THEN c.known_at ELSE {earlier} END"
        case "registered":
            return "c.registered OR coalesce(l.registered, FALSE)"
        case _:
            return f"c.{column}" if name in FIXED else f"coalesce(c.{column}, l.{column})"


__all__ = [
    "CONTACTS",
    "OF_COMPANY",
    "Unit",
    "counted",
    "make_views",
    "outdated",
    "traits_of_companies",
]
