"""Order lines, and the orders that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from segmentry.data.amounts import classified
from segmentry.data.changes import note_rows
from segmentry.data.classify import Classification
from segmentry.data.customers import merge_seen
from segmentry.data.heads import (
    HEADS,
    make_heads,
    natural_key,
    order_values,
    put_copies_aside,
    repeated_lines,
    settle_heads,
)
from segmentry.data.merge import Merged
from segmentry.data.occurrence import Occurrences
from segmentry.data.records import AMOUNT, NUMBER, TABLE, times
from segmentry.data.tables import LOAD
from segmentry.data.work import EntityCounts, Work
from segmentry.engines.duckdb import quote

FINAL = "order_headers"
"""Temporary table: customer and time that each order of the file has once the file is in."""

KEYS = "line_keys"
"""Temporary table: keys of the lines of the file."""

LEFT_OVER = "orders_with_other_lines"
"""Temporary table: orders of the file that have lines which the file does not tell about."""

NTH_MARK = "chr(31)"
"""Stands between a line's key and its place among lines with the same key; in no real key."""


def load_lines(work: Work) -> None:
    """Bring lines in, and make or update the orders they belong to.

    The customer and time of an order are those of its first line by time and customer id; lines
    without a customer give way to lines with one.
    """
    if not any(work.plan.column("order_lines", name) for name in ("amount", "unit_price")):
        _price_from_catalogue(work)
    kinds, books = classified(work)
    work.progress("orders")
    make_heads(work, kinds)
    repeated = put_copies_aside(work)
    if repeated:
        make_heads(work, kinds)
    settle_heads(work)
    found = repeated_lines(work)
    _merge_customers(work)
    lines = _lines(work, kinds, found)
    work.progress("order lines")
    if _are_new(work):
        merged, orders = _insert_lines(work, lines), _insert_orders(work)
    else:
        merged, orders = _merge_lines(work, lines)
    work.sums |= books.settle(work.records, merged, kinds.net)
    work.counts["order_lines"] = EntityCounts.of(
        merged, repeated=repeated, rejected=work.records.rejected()
    )
    if "orders" in work.plan.entities:
        work.counts["orders"] = EntityCounts.of(orders)
    for table in (HEADS, FINAL, KEYS, LEFT_OVER):
        work.session.drop(table)


def _are_new(work: Work) -> bool:
    """Whether nothing is known yet of any order of the file: so in most files after the first."""
    return not any(
        work.session.rows(f"SELECT 1 FROM {table} SEMI JOIN {HEADS} USING (order_id) LIMIT 1")
        for table in ("orders", "order_lines")
    )


def _price_from_catalogue(work: Work) -> None:
    """Amounts of lines that say none: quantity times the product's list price."""
    quantity = work.plan.column("order_lines", "quantity")
    amount = times(quantity, "p.price") if quantity else "p.price"
    work.session.execute(
        f"UPDATE {TABLE} SET {AMOUNT} = {amount}"
        f" FROM products p WHERE p.product_id = {TABLE}.product_id"
    )
    work.notices.append("Lines say no amount; it is the quantity times the product's list price.")


def _merge_customers(work: Work) -> None:
    if work.plan.column("orders", "customer_id") is None:
        return
    instant = work.plan.or_null("orders", "ordered_at")
    seen = (
        "SELECT customer_id, min(seen_at) AS seen_at FROM"
        f" (SELECT customer_id, ordered_at AS seen_at FROM {HEADS} WHERE NOT mixed UNION ALL"
        f" SELECT customer_id, {instant} FROM {TABLE} WHERE {work.records.good()}"
        f" AND order_id IN (SELECT order_id FROM {HEADS} WHERE mixed))"
        " WHERE customer_id IS NOT NULL GROUP BY customer_id"
    )
    work.counts["customers"] = EntityCounts.of(merge_seen(work.records, seen, instant))


def _line_values(work: Work, kinds: Classification) -> dict[str, str]:
    """Columns of lines that need no order, as SQL over typed records."""
    plan = work.plan
    values = {"order_id": "order_id", "line_key": natural_key(work)}
    for name in ("product_id", "quantity", "unit_price", "discount_amount"):
        column = plan.column("order_lines", name)
        if column:
            values[name] = column
    values |= {
        "gross_amount": kinds.gross,
        "returned_amount": kinds.returned,
        "net_amount": kinds.net,
        "kind": kinds.kind,
        "is_product": kinds.is_product,
    }
    extras = (cell for cell in plan.of("order_lines") if cell.extra)
    return values | {cell.attribute: quote(cell.name) for cell in extras}


@dataclass(frozen=True, slots=True)
class Lines:
    """The good records as lines `t`, with `told_customer` and `told_at` as the record has them.

    Args:
        values: Column of the lines' table → SQL over `t` and, where keys repeat, occurrences `o`.
        source: SQL from FROM on.
    """

    values: Mapping[str, str]
    source: str


def _lines(work: Work, kinds: Classification, found: Occurrences) -> Lines:
    inner = _line_values(work, kinds) | {
        "#": NUMBER,
        "told_customer": work.plan.or_null("orders", "customer_id"),
        "told_at": f"CAST({work.plan.or_null('orders', 'ordered_at')} AS TIMESTAMP)",
    }
    listed = ", ".join(f"{sql} AS {quote(name)}" for name, sql in inner.items())
    values = {name: f"t.{quote(name)}" for name in _line_values(work, kinds)}
    if found.records:
        key = values["line_key"]
        values["line_key"] = f"CASE WHEN o.nth > 1 THEN {key} || {NTH_MARK} || o.nth ELSE {key} END"
    source = f"FROM (SELECT {listed} FROM {TABLE} WHERE {work.records.good()}) t{found.join()}"
    return Lines(values, source)


def _insert_lines(work: Work, lines: Lines) -> Merged:
    """Lines of orders that are all new, straight from the records."""
    customer, instant, source = "t.told_customer", "t.told_at", lines.source
    if work.session.rows(f"SELECT 1 FROM {HEADS} WHERE mixed LIMIT 1"):
        source += f" LEFT JOIN (SELECT * FROM {HEADS} WHERE mixed) m USING (order_id)"
        customer = f"CASE WHEN m.mixed THEN m.customer_id ELSE {customer} END"
        instant = f"coalesce(m.ordered_at, {instant})"
    source += f" LEFT JOIN customers c ON c.customer_id = {customer}"
    values = {**lines.values, "customer_no": "c.customer_no", "ordered_at": instant}
    return work.merge_facts("order_lines", "ordered_at", values, source)


def _insert_orders(work: Work) -> Merged:
    if work.plan.column("orders", "ordered_at") is None:
        return Merged()
    sums = {"gross": "h.gross", "returned": "h.returned", "discount": "h.discount"}
    values = {
        "order_id": "h.order_id",
        "customer_no": "c.customer_no",
        "ordered_at": "h.ordered_at",
        **order_values(work, sums),
    }
    source = f"FROM {HEADS} h LEFT JOIN customers c ON c.customer_id = h.customer_id"
    return work.merge_facts("orders", "ordered_at", values, source)


# into tables that hold orders already


def _merge_lines(work: Work, lines: Lines) -> tuple[Merged, Merged]:
    _make_final(work, lines)
    head = {"customer_no": "h.customer_no", "ordered_at": "h.ordered_at"}
    source = f"{lines.source} LEFT JOIN {FINAL} h USING (order_id)"
    merged = work.merge_facts("order_lines", "ordered_at", {**lines.values, **head}, source)
    return merged, _merge_orders(work)


def _make_final(work: Work, lines: Lines) -> None:
    """Settle customer and time of the orders at hand with what is known of them.

    A file of orders decides. Otherwise lines that the file does not tell about still count: the
    earlier line wins. An order whose lines all stand in the file is as the file says.
    """
    session = work.session
    session.create(
        KEYS,
        f"SELECT t.order_id, {lines.values['line_key']} AS line_key {lines.source}",
        temporary=True,
    )
    session.create(
        LEFT_OVER,
        f"SELECT DISTINCT order_id FROM (SELECT order_id, line_key FROM order_lines"
        f" SEMI JOIN {HEADS} USING (order_id)) ANTI JOIN {KEYS} USING (order_id, line_key)",
        temporary=True,
    )
    earlier = (
        "h.customer_id IS NULL OR (c.customer_id IS NOT NULL AND (o.ordered_at, c.customer_id)"
    )
    session.create(
        FINAL,
        "SELECT h.order_id,"
        " CASE WHEN stays THEN o.customer_no WHEN NOT joint THEN n.customer_no"
        f" WHEN {earlier} < (h.ordered_at, h.customer_id)) THEN o.customer_no"
        " ELSE n.customer_no END AS customer_no,"
        " CASE WHEN stays THEN o.ordered_at WHEN joint THEN least(o.ordered_at, h.ordered_at)"
        " ELSE h.ordered_at END AS ordered_at"
        " FROM (SELECT h.*, o.order_id IS NOT NULL AND (h.ordered_at IS NULL OR"
        " coalesce(o.amount_stated, FALSE)) AS stays,"
        " l.order_id IS NOT NULL AND o.order_id IS NOT NULL AS joint"
        f" FROM {HEADS} h LEFT JOIN orders o USING (order_id)"
        f" LEFT JOIN {LEFT_OVER} l USING (order_id)) h"
        " LEFT JOIN orders o USING (order_id)"
        " LEFT JOIN customers c ON c.customer_no = o.customer_no"
        " LEFT JOIN customers n ON n.customer_id = h.customer_id",
        temporary=True,
    )


def _merge_orders(work: Work) -> Merged:
    """Orders of the file anew: sums of all their lines, unless a file of orders states them."""
    sums = {name: f"s.{name}" for name in ("gross", "returned", "discount")}
    values = order_values(work, sums)
    held = {name: f"o.{quote(name)}" for name in values}
    chosen = {
        name: f"CASE WHEN coalesce(o.amount_stated, FALSE) THEN {held[name]} ELSE {sql} END"
        if name in DECIDED
        else f"coalesce({sql}, {held[name]})"
        for name, sql in values.items()
    }
    head = {"order_id": "f.order_id", "customer_no": "f.customer_no", "ordered_at": "f.ordered_at"}
    every = head | chosen
    totals = (
        "SELECT order_id, sum(gross_amount) AS gross, sum(returned_amount) AS returned,"
        f" sum(discount_amount) AS discount FROM order_lines SEMI JOIN {FINAL} USING (order_id)"
        " GROUP BY order_id"
    )
    source = (
        f"FROM {FINAL} f JOIN {HEADS} h USING (order_id) JOIN ({totals}) s USING (order_id)"
        " LEFT JOIN orders o USING (order_id) WHERE f.ordered_at IS NOT NULL"
    )
    merged = work.merge_facts("orders", "ordered_at", every, source)
    spread_headers(work, f"SELECT order_id FROM {FINAL}")
    return merged


MOVED = "whose_lines_moved"
DECIDED = frozenset(
    {
        "is_purchase", "gross_amount", "returned_amount", "net_amount", "discount_amount",
        "amount_stated",
    }
)  # fmt: skip
"""What a file of orders decides for ever."""


def spread_headers(work: Work, orders: str) -> None:
    """Let lines stand under the customer and time of their order.

    Args:
        orders: Query of the order ids to look at.
    """
    columns = ("customer_no", "ordered_at", "ordered_on", "ordered_hour")
    differs = " OR ".join(f"l.{name} IS DISTINCT FROM o.{name}" for name in columns[:2])
    moved = f"l.order_id = o.order_id AND o.order_id IN ({orders}) AND ({differs})"
    [(count, before)] = work.session.rows(
        f"SELECT count(*), min(l.ordered_at) FROM order_lines l, orders o WHERE {moved}"
    )
    if not count:
        return
    both = f"FROM order_lines l, orders o WHERE {moved}"
    work.session.create(
        MOVED,
        f"SELECT unnest([l.customer_no, o.customer_no]) AS customer_no {both}",
        temporary=True,
    )
    assigned = ", ".join(f"{name} = o.{name}" for name in columns)
    load_id = work.records.load_id
    work.session.execute(
        f"UPDATE order_lines AS l SET {assigned}, {LOAD} = {load_id} FROM orders o WHERE {moved}"
    )
    note_rows(work.session, "order_lines", load_id, 0, count, before, f"FROM {MOVED}")
    work.session.drop(MOVED)


__all__ = ["load_lines", "spread_headers"]
