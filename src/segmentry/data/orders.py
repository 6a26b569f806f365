"""Orders from a file of orders."""

from __future__ import annotations

from segmentry.data.amounts import classified
from segmentry.data.classify import Classification
from segmentry.data.customers import merge_seen
from segmentry.data.lines import spread_headers
from segmentry.data.records import AMOUNT, BAD, TABLE, Refusal
from segmentry.data.tables import is_empty
from segmentry.data.work import EntityCounts, Work
from segmentry.engines.duckdb import quote

INSTANT = quote("orders.ordered_at")
MADE = f"concat_ws('|', coalesce(customer_id, ''), CAST({INSTANT} AS VARCHAR))"
"""What an order without an id is called, before it is counted up."""
MADE_OF_RETURN = f"'return|' || {MADE}"
"""The same for something given back, which is never taken for a purchase of that moment."""


def load_orders(work: Work) -> None:
    """Bring orders in, one for each good record; their amounts win over sums of lines.

    An order without an id is called after its customer, time and place among the orders of that
    customer and time, the smallest amount first.
    """
    records = work.records
    kinds, books = classified(work)
    _treat_guests(work)
    work.progress("orders")
    given = work.plan.or_null("orders", "order_id")
    made = MADE_OF_RETURN if work.plan.returned else MADE
    name = (f"coalesce({given}, {made})",)
    repeated = work.settle_repeats(name, (INSTANT,), f"{given} IS NOT NULL")
    found = work.occurrences(name, (f"-{AMOUNT}",), f"{given} IS NULL")
    _merge_customers(work)
    values = _values(work, kinds) | {
        "order_id": f"coalesce({given}, {made} || '|' || {found.nth()})"
    }
    source = (
        f"FROM {TABLE} t LEFT JOIN customers c USING (customer_id){found.join()} WHERE NOT t.{BAD}"
    )
    merged = work.merge_facts("orders", "ordered_at", values, source)
    work.sums |= books.settle(records, merged, kinds.net)
    work.counts["orders"] = EntityCounts.of(merged, repeated=repeated, rejected=records.rejected())
    if not is_empty(work.session, "order_lines"):
        spread_headers(work, f"SELECT {given} FROM {TABLE} WHERE {records.good()}")


def _values(work: Work, kinds: Classification) -> dict[str, str]:
    """Columns of orders but their id, as SQL over typed records and customers `c`."""
    values = {
        "customer_no": "c.customer_no",
        "ordered_at": INSTANT,
        "is_purchase": f"{kinds.gross} > 0",
        "gross_amount": kinds.gross,
        "returned_amount": kinds.returned,
        "net_amount": kinds.net,
        "amount_stated": "TRUE",
    }
    for cell in work.plan.of("orders"):
        if cell.attribute not in ("ordered_at", "amount"):
            values[cell.attribute] = quote(cell.name)
    return values


def _merge_customers(work: Work) -> None:
    seen = (
        f"SELECT customer_id, min({INSTANT}) AS seen_at FROM {TABLE}"
        f" WHERE {work.records.good()} AND customer_id IS NOT NULL GROUP BY customer_id"
    )
    work.counts["customers"] = EntityCounts.of(merge_seen(work.records, seen, INSTANT))


def _treat_guests(work: Work) -> None:
    policy = work.mapping.policies.missing_customer
    work.treat("orders", "missing_customer", work.records.count("customer_id IS NULL"), policy)
    if policy == "reject":
        cell = work.plan.cell("orders", "customer_id")
        fix = "To keep such orders as those of guests, change the policy for `missing_customer`."
        sources = cell.sources if cell else ()
        work.records.refuse(Refusal("customer_id IS NULL", sources, "the customer is missing", fix))


__all__ = ["load_orders"]
