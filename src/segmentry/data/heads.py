"""The orders that the lines of a file make: for each its customer, time, sums and attributes."""

from __future__ import annotations

from segmentry.data.classify import Classification
from segmentry.data.occurrence import Occurrences
from segmentry.data.records import TABLE, Refusal
from segmentry.data.tables import MONEY
from segmentry.data.work import Work
from segmentry.engines.duckdb import quote

HEADS = "order_heads"
"""Temporary table, one row for each order of the file."""


def make_heads(work: Work, kinds: Classification) -> None:
    """Group the good records by order, in one scan.

    `mixed`: its lines differ in customer or time. `may_repeat`: two of its lines may share a key.
    """
    plan = work.plan
    customer = plan.or_null("orders", "customer_id")
    instant = plan.or_null("orders", "ordered_at")
    columns = {
        "customer_id": f"CAST(min({customer}) AS VARCHAR)",
        "ordered_at": f"CAST(min({instant}) AS TIMESTAMP)",
        "lines": "count(*)",
        "mixed": _mixed(customer, instant),
        "may_repeat": f"bit_count(bit_or(1::UBIGINT << ({_slot(work)}))) IS DISTINCT FROM count(*)",
        "gross": f"sum({kinds.gross})",
        "returned": f"sum({kinds.returned})",
    }
    discount = plan.column("order_lines", "discount_amount")
    if discount:
        columns["discount"] = f"sum({discount})"
    for cell in plan.of("orders"):
        if cell.attribute != "ordered_at":
            columns[f"orders.{cell.attribute}"] = f"min({quote(cell.name)})"
    listed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in columns.items())
    work.session.create(
        HEADS,
        f"SELECT order_id, {listed} FROM {TABLE} WHERE {work.records.good()} GROUP BY order_id",
        temporary=True,
    )


def _mixed(customer: str, instant: str) -> str:
    """Whether the lines of an order differ in customer or time; missing ones differ too."""
    tests = [
        f"min({each}) <> max({each}) OR count({each}) NOT IN (0, count(*))"
        for each in (customer, instant)
        if each != "NULL"
    ]
    return f"coalesce({' OR '.join(tests)}, FALSE)" if tests else "FALSE"


def natural_key(work: Work) -> str:
    """SQL of what tells the lines of an order apart: the number of the line, else the product.

    A line of a file of returns is never that of what was sold.
    """
    parts = [work.plan.column("order_lines", name) for name in ("line_no", "product_id")]
    key = f"coalesce({', '.join([*filter(None, parts), repr('')])})"
    return f"('return ' || {key})" if work.plan.returned else key


def _slot(work: Work) -> str:
    """One of 64 places for a line: lines in different places have different keys for sure.

    The number of the line leads to a place of its own where the lines are counted up.
    """
    line_no = work.plan.column("order_lines", "line_no")
    if line_no is not None:
        return f"TRY_CAST({line_no} AS UBIGINT) % 64"
    return f"hash({natural_key(work)}) % 64"


def settle_heads(work: Work) -> None:
    """Make good orders whose lines differ; refuse what has no time, or by policy no customer."""
    plan, session = work.plan, work.session
    differing = session.value(f"SELECT count(*) FILTER (mixed) FROM {HEADS}")
    if differing:
        _settle_mixed(work)
    if plan.column("orders", "ordered_at"):
        _refuse_orders(work, "ordered_at", "the order's time is missing")
    if plan.column("orders", "customer_id") or not plan.column("order_lines", "order_id"):
        policy = work.mapping.policies.missing_customer
        guests = session.value(f"SELECT sum(lines) FROM {HEADS} WHERE customer_id IS NULL")
        work.treat("order_lines", "missing_customer", int(guests or 0), policy)
        if policy == "reject":
            _refuse_orders(work, "customer_id", "the customer is missing")


def _settle_mixed(work: Work) -> None:
    customer = work.plan.or_null("orders", "customer_id")
    instant = work.plan.or_null("orders", "ordered_at")
    session = work.session
    session.execute(
        f"UPDATE {HEADS} AS h SET customer_id = f.customer_id FROM (SELECT order_id,"
        f" CAST(first({customer} ORDER BY {customer} IS NULL, {instant} NULLS LAST, {customer})"
        f" AS VARCHAR) AS customer_id FROM {TABLE} WHERE {work.records.good()}"
        f" AND order_id IN (SELECT order_id FROM {HEADS} WHERE mixed) GROUP BY order_id) f"
        " WHERE h.order_id = f.order_id"
    )
    contradicting = " OR ".join(
        f"count(DISTINCT {each}) > 1" for each in (customer, instant) if each != "NULL"
    )
    orders = session.value(
        f"SELECT count(*) FROM (SELECT order_id FROM {TABLE} WHERE {work.records.good()} AND"
        f" order_id IN (SELECT order_id FROM {HEADS} WHERE mixed)"
        f" GROUP BY order_id HAVING {contradicting})"
    )
    work.treat("orders", "mixed_orders", int(orders), "first line")
    if orders:
        work.notices.append(
            f"{orders:,} orders have lines of different customers or times; the first line counts."
        )


def _refuse_orders(work: Work, column: str, reason: str) -> None:
    missing = f"{quote(column)} IS NULL"
    if not work.session.rows(f"SELECT 1 FROM {HEADS} WHERE {missing} LIMIT 1"):
        return
    cell = work.plan.cell("orders", column)
    sources = cell.sources if cell else ()
    chosen = f"order_id IN (SELECT order_id FROM {HEADS} WHERE {missing})"
    fix = "Fill it in on at least one line of the order, or leave the order out."
    work.records.refuse(Refusal(chosen, sources, reason, fix))
    work.session.execute(f"DELETE FROM {HEADS} WHERE {missing}")


def put_copies_aside(work: Work) -> int:
    """Leave one of the lines that have an order, a number and every column in common.

    A line's number is its own: a copy tells the line again. Lines without one may be sold twice.
    """
    line_no = work.plan.column("order_lines", "line_no")
    suspects = _suspects(work)
    if line_no is None or suspects == "FALSE":
        return 0
    candidates = f"{suspects} AND {line_no} IS NOT NULL"
    found = work.occurrences(("order_id", natural_key(work)), candidates=candidates)
    return work.put_aside("copy > 1") if found.records else 0


def repeated_lines(work: Work) -> Occurrences:
    """Lines that share order and natural key; looked for only where the heads allow it."""
    return work.occurrences(("order_id", natural_key(work)), candidates=_suspects(work))


def _suspects(work: Work) -> str:
    if not work.session.rows(f"SELECT 1 FROM {HEADS} WHERE may_repeat LIMIT 1"):
        return "FALSE"
    return f"order_id IN (SELECT order_id FROM {HEADS} WHERE may_repeat)"


def order_values(work: Work, sums: dict[str, str]) -> dict[str, str]:
    """Sums and attributes of orders, as SQL over heads `h` and sums of lines."""
    stated = work.plan.cell("orders", "amount") is not None
    gross, returned = sums["gross"], sums["returned"]
    if stated:
        total = quote("orders.amount")
        gross = f"coalesce(greatest(h.{total}, 0), {gross})"
        returned = f"CASE WHEN h.{total} IS NULL THEN {returned} ELSE greatest(-h.{total}, 0) END"
    values = {
        "is_purchase": f"{gross} > 0",
        "gross_amount": f"CAST({gross} AS {MONEY})",
        "returned_amount": f"CAST({returned} AS {MONEY})",
        "net_amount": f"CAST({gross} - {returned} AS {MONEY})",
        "amount_stated": f"h.{quote('orders.amount')} IS NOT NULL" if stated else "FALSE",
    }
    if work.plan.column("order_lines", "discount_amount"):
        values["discount_amount"] = f"CAST({sums['discount']} AS {MONEY})"
    for cell in work.plan.of("orders"):
        if cell.attribute not in ("ordered_at", "amount"):
            values[cell.attribute] = f"h.{quote(f'orders.{cell.attribute}')}"
    return values
