"""Links between records of customers, and the units that follow from them.

A link says that a record is the same customer as another one, into which it goes; records that hang
together through links are one person. Who survives is the one that goes into no other; of several
such that of the latest merge. Where the company is the unit, a person counts for its company.
Nothing that was loaded is changed: a link that is removed leaves everything as it was. Links hold
for all times.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from segmentry.data.changes import note_units
from segmentry.data.identity.components import components
from segmentry.data.identity.counted import Unit, make_views, outdated
from segmentry.engines.duckdb import DuckDB

PERSONS = "customer_persons"
"""Records that are linked, each with the one that survives; of others nothing is said."""

NEXT_NUMBER = """(SELECT coalesce(max(customer_no) + 1, 0)
    FROM (SELECT customer_no FROM customers UNION ALL SELECT customer_no FROM company_units))"""
"""The lowest number that neither a customer nor a company has had; customers and companies share
numbers, so that a number is a place in arrays and in sets of bits."""

RENUMBERED = f"""UPDATE company_units SET customer_no = {NEXT_NUMBER} - customer_no - 1
    WHERE customer_no < 0"""
"""Earlier versions gave companies numbers below zero."""

BEFORE = "units_before"
"""Temporary table: who counted for whom."""

MOVED = f"""SELECT count(*) FROM customer_units u FULL JOIN {BEFORE} b USING (customer_no)
    WHERE u.unit_no IS DISTINCT FROM b.unit_no"""
"""Customers who count for others than before."""


def unit_of(session: DuckDB) -> Unit:
    """Who is one customer in this warehouse; a person where nothing else was chosen."""
    if "counting" not in session.tables():
        return Unit.PERSON
    query = "SELECT unit FROM counting"
    return Unit(session.remembered("unit", lambda: session.value(query)) or Unit.PERSON)


def choose_unit(session: DuckDB, unit: Unit) -> None:
    """Make sure that customers are counted by this unit; quick when they are already."""
    below = session.value("SELECT 1 FROM company_units WHERE customer_no < 0 LIMIT 1")
    if session.value("SELECT unit FROM counting") != unit or below or outdated(session):
        with session.transaction():
            session.execute("DELETE FROM counting")
            session.execute("INSERT INTO counting VALUES (?)", [unit])
            settle(session)


def settle(session: DuckDB) -> None:
    """Work out anew who counts for whom, after links, customers or companies have changed."""
    with session.transaction():
        _find_persons(session)
        session.execute(RENUMBERED)
        session.create(BEFORE, "FROM customer_units", temporary=True)
        session.execute("DELETE FROM customer_units")
        unit = unit_of(session)
        if unit is Unit.COMPANY:
            _name_companies(session)
            session.execute(f"INSERT INTO customer_units {OF_COMPANIES}")
        session.execute(f"INSERT INTO customer_units {OF_PERSONS}")
        note_units(session, session.value(MOVED))
        session.drop(BEFORE)
        make_views(session, unit)


def _find_persons(session: DuckDB) -> None:
    """Fill `customer_persons`."""
    links = session.fetch(
        "SELECT customer_no::BIGINT AS one, into_no::BIGINT AS other FROM customer_links"
    )
    ends = [np.asarray(links.column(name), dtype=np.int64) for name in ("one", "other")]
    numbers, roots = components(ends[0], ends[1])
    with session.registered("hanging", pa.table({"customer_no": numbers, "root": roots})):
        session.execute(f"DELETE FROM {PERSONS}")
        session.execute(
            f"INSERT INTO {PERSONS} SELECT h.customer_no, arg_min(h.customer_no,"
            " row(s.customer_no IS NOT NULL, -coalesce(i.merge_id, 0), NOT c.registered,"
            " h.customer_no))"
            " OVER (PARTITION BY h.root)::INTEGER AS person_no"
            " FROM hanging h JOIN customers c USING (customer_no)"
            " LEFT JOIN (SELECT DISTINCT customer_no FROM customer_links) s USING (customer_no)"
            " LEFT JOIN (SELECT into_no AS customer_no, max(merge_id) AS merge_id"
            " FROM customer_links GROUP BY into_no) i USING (customer_no)"
        )


OF_PERSONS = f"""SELECT customer_no, person_no, person_no FROM {PERSONS}
    WHERE customer_no <> person_no AND customer_no NOT IN (SELECT customer_no FROM customer_units)
"""

NAMED = """SELECT c.customer_no, coalesce(c.company_id, k.company_id) AS company_id
    FROM customers c
    LEFT JOIN companies k ON k.company_id = c.customer_id AND NOT c.registered
    WHERE c.company_id IS NOT NULL OR k.company_id IS NOT NULL"""
"""Customers with their company; one known only by facts may be the company itself, by its id."""

OF_COMPANIES = f"""WITH named AS ({NAMED}),
    persons AS (SELECT c.customer_no, coalesce(p.person_no, c.customer_no) AS person_no
                FROM customers c LEFT JOIN {PERSONS} p USING (customer_no)),
    employed AS (
        SELECT p.person_no,
               arg_min(n.company_id, row(n.customer_no <> p.person_no, n.customer_no)) AS company_id
        FROM persons p JOIN named n USING (customer_no) GROUP BY p.person_no)
    SELECT p.customer_no, u.customer_no, p.person_no
    FROM persons p JOIN employed USING (person_no) JOIN company_units u USING (company_id)"""
"""Records, the company of their person (its own before that of a linked record), their person."""


def _name_companies(session: DuckDB) -> None:
    """Give each company that is new a number that no customer has, and the id it is known by.

    It keeps the number for good.
    """
    session.execute(
        f"""INSERT INTO company_units
        WITH known AS (SELECT company_id FROM companies UNION SELECT company_id FROM ({NAMED})),
             fresh AS (SELECT company_id FROM known ANTI JOIN company_units USING (company_id))
        SELECT company_id, {NEXT_NUMBER} - 1 + row_number() OVER (ORDER BY company_id), company_id
        FROM fresh"""
    )
    # A customer who counts for itself keeps its id; a company of the same id is called otherwise.
    session.execute(
        f"""UPDATE company_units SET customer_id = CASE WHEN company_id IN (
            SELECT customer_id FROM customers ANTI JOIN ({NAMED}) USING (customer_no))
        THEN 'company ' || company_id ELSE company_id END"""
    )


__all__ = ["choose_unit", "settle", "unit_of"]
