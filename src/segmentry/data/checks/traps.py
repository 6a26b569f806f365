"""Does one record contradict another? Twins, other clocks, parents and products of no list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from segmentry.core.types import Type
from segmentry.data.available import Loaded
from segmentry.data.checks.check import AnyCheck, Check, Severity, Tally
from segmentry.data.checks.counts import ROWS, SIDE, Count
from segmentry.data.checks.orders import FIRST, FIRST_ORDER, LAST, LAST_ORDER
from segmentry.data.lines import NTH_MARK
from segmentry.data.tables import TABLES
from segmentry.engines.duckdb import quote

BIRTH_YEARS = (
    "year_birth", "birth_year", "year_of_birth", "born", "rik_narodzhennia", "god_rozhdeniia",
)  # fmt: skip
ENOUGH_TRAITS = 8
"""Customers with fewer traits are often equal by chance."""
APART = 0.5
"""Share of rows outside the time of orders from which on another clock is likely."""


def checks(loaded: Loaded) -> Iterator[AnyCheck]:
    """Equal customers, returns before sales, tables on other clocks, orphans by spelling."""
    yield from _customers(loaded)
    yield from _orders()
    yield from _clocks(loaded)
    yield from _names(loaded)


def _customers(loaded: Loaded) -> Iterator[Check]:
    traits = sorted(name for name in loaded.get("customers", {}) if name != "customer_id")
    if len(traits) >= ENOUGH_TRAITS:
        listed = ", ".join(map(quote, traits))
        same = (
            f"(SELECT {SIDE} count(*) AS n FROM {ROWS} WHERE registered GROUP BY {SIDE} {listed})"
        )
        twins = Count("customers", "sum(n - 1)", rows=same, group=(f"hash({listed})",))
        registered = Count("customers", "count(*) FILTER (registered)")
        yield Check(
            "equal_but_id",
            "customers",
            Severity.INFO,
            failing="nth > 1",
            source=(
                f"(SELECT customer_id, row_number() OVER (PARTITION BY {listed}"
                " ORDER BY customer_id) AS nth FROM customers WHERE registered)"
            ),
            pair=(twins, registered),
            shown=("customer_id",),
        )
    for name in BIRTH_YEARS:
        if loaded.get("customers", {}).get(name) in (Type.INTEGER, Type.NUMBER):
            yield Check(
                "birth_year",
                "customers",
                Severity.WARNING,
                failing=f"{quote(name)} NOT BETWEEN year({{day}}) - 110 AND year({{day}})",
                among=f"{quote(name)} IS NOT NULL",
                shown=("customer_id", name),
            )


def _orders() -> Iterator[AnyCheck]:
    who = "is_purchase AND customer_no IS NOT NULL"
    same = (
        f"(SELECT {SIDE} count(*) AS n FROM {ROWS} WHERE {who}"
        f" GROUP BY {SIDE} customer_no, ordered_on)"
    )
    further = Count("orders", "sum(n - 1)", rows=same, group=("customer_no", "ordered_on"))
    every = Count("orders", f"count(*) FILTER ({who})")
    yield Check(
        "same_day_orders",
        "orders",
        Severity.INFO,
        failing="nth > 1",
        needs=("orders.ordered_at", "orders.customer_id"),
        source=(
            "(SELECT order_id, ordered_on, row_number() OVER (PARTITION BY customer_no, ordered_on"
            " ORDER BY ordered_at, order_id) AS nth FROM orders SEMI JOIN"
            " (SELECT customer_no, ordered_on FROM orders WHERE is_purchase"
            " AND customer_no IS NOT NULL GROUP BY ALL HAVING count(*) > 1)"
            " USING (customer_no, ordered_on) WHERE is_purchase)"
        ),
        pair=(further, every),
        shown=("order_id", "ordered_on"),
        tolerance=0.05,
    )
    yield Check(
        "repeated_lines",
        "order_lines",
        Severity.INFO,
        failing=f"contains(line_key, {NTH_MARK})",
        needs=("order_lines.line_no",),
        shown=("order_id", "product_id", "net_amount"),
    )
    yield _return_before_sale()
    yield Tally(
        "float_ids",
        "records",
        Severity.INFO,
        _treated("float_ids"),
    )
    yield Tally(
        "blank_values",
        "records",
        Severity.INFO,
        _treated("blank_values"),
    )


def _return_before_sale() -> Check:
    sold = Count(
        "order_lines",
        "min(epoch_us(ordered_at)) FILTER (kind = 'purchase')",
        key="product_id",
        merged="min",
    )
    given = "kind = 'return' AND ordered_at IS NOT NULL AND product_id IS NOT NULL"
    returned = replace(sold, number=f"min(epoch_us(ordered_at)) FILTER ({given})")
    returns = Count("order_lines", f"count(*) FILTER ({given})")
    # Few products were given back before they were sold: of these the time until they were.
    early = (
        "SELECT r.key AS product_id, coalesce(make_timestamp(CAST(s.n AS BIGINT)), 'infinity') AS"
        f" sold_at FROM {returned.by_key} r LEFT JOIN {sold.by_key} s USING (key)"
        " WHERE s.n IS NULL OR r.n < s.n"
    )
    failing = (
        f"SELECT count(*) FROM order_lines JOIN ({early}) USING (product_id) WHERE {given}"
        f" AND ordered_at < sold_at AND ordered_at < (SELECT max(sold_at) FROM ({early}))"
    )
    return Check(
        "return_before_sale",
        "order_lines",
        Severity.WARNING,
        failing="ordered_at < sold_at",
        needs=("order_lines.product_id", "orders.ordered_at"),
        source=(
            "(SELECT l.order_id, l.product_id, l.ordered_at, coalesce(s.sold_at, 'infinity') AS"
            " sold_at FROM order_lines l LEFT JOIN (SELECT key AS product_id,"
            f" make_timestamp(CAST(n AS BIGINT)) AS sold_at FROM {sold.by_key}) s"
            " USING (product_id)"
            " WHERE l.kind = 'return' AND l.ordered_at IS NOT NULL AND l.product_id IS NOT NULL)"
        ),
        query=f"SELECT ({failing}), {returns.all}",
        counts=(sold, returned, returns),
        shown=("order_id", "product_id", "ordered_at"),
        tolerance=0.1,
        called="returns",
        clock="ordered_at",
    )


def _treated(kind: str) -> str:
    changing = "SELECT load_id FROM loads WHERE accepted > 0"
    return (
        f"SELECT coalesce((SELECT sum(records) FROM treatments WHERE kind = '{kind}' AND load_id IN"
        f" ({changing})), 0), coalesce((SELECT sum(records) FROM loads WHERE (load_id, entity) IN"
        f" (SELECT (load_id, entity) FROM treatments WHERE kind = '{kind}')), 0)"
    )


def _clocks(loaded: Loaded) -> Iterator[Check]:
    """Tables, and further columns of orders, whose times lie elsewhere than those of orders."""
    for name, table in TABLES.items():
        if table.instant and name not in ("orders", "order_lines", "consents"):
            yield _clock(name, "other_clock", quote(table.instant), table.key[0], f"{name}.*")
    for entity in ("orders", "order_lines"):
        for name, kind in loaded.get(entity, {}).items():
            if kind.is_temporal and name != TABLES[entity].instant:
                needed = f"{entity}.{name}"
                clock = _clock(entity, f"other_clock_{name}", quote(name), "order_id", needed)
                yield replace(clock, text="other_clock_column", column=name)
    given = "kind = 'return' AND ordered_at IS NOT NULL"
    returns = Count("order_lines", f"count(*) FILTER ({given})")
    far = _far("ordered_at", "1 YEAR")
    yield Check(
        "other_clock_returns",
        "order_lines",
        Severity.WARNING,
        failing=far,
        needs=("order_lines.gross_amount", "orders.ordered_at"),
        among=given,
        query=f"SELECT {_outside('order_lines', 'ordered_at', '1 YEAR', given)}, {returns.all}",
        counts=(returns, FIRST, LAST),
        shown=("order_id", "ordered_at"),
        tolerance=0.1,
        called="returns",
        clock="ordered_at",
    )


def _far(instant: str, later: str) -> str:
    """Whether an instant lies outside the time of purchases."""
    return f"({instant} < {FIRST_ORDER} OR {instant} > {LAST_ORDER} + INTERVAL {later})"


def _outside(table: str, instant: str, later: str, among: str = "TRUE") -> str:
    """How many rows do; earlier and later ones by themselves, so that all others are skipped."""
    rows = f"SELECT count(*) FROM {table} WHERE {among} AND {instant}"
    return f"(({rows} < {FIRST_ORDER}) + ({rows} > {LAST_ORDER} + INTERVAL {later}))"


def _clock(entity: str, check: str, instant: str, key: str, needed: str) -> Check:
    far, filled = _far(instant, "1 DAY"), Count(entity, f"count({instant})")
    return Check(
        check,
        entity,
        Severity.WARNING,
        failing=far,
        needs=(needed, "orders.ordered_at"),
        among=f"{instant} IS NOT NULL AND {FIRST_ORDER} IS NOT NULL",
        query=(
            f"SELECT {_outside(entity, instant, '1 DAY')},"
            f" CASE WHEN {FIRST_ORDER} IS NULL THEN 0 ELSE {filled.all} END"
        ),
        counts=(filled, FIRST, LAST),
        shown=(key, instant.strip('"')),
        tolerance=APART,
    )


def _names(loaded: Loaded) -> Iterator[Check]:
    yield Check(
        "unknown_parents",
        "companies",
        Severity.WARNING,
        failing="parent_id NOT IN (SELECT company_id FROM companies)",
        needs=("companies.parent_id",),
        among="parent_id IS NOT NULL",
        shown=("company_id", "parent_id"),
    )
    for entity, column in (("order_lines", "product_id"), ("orders", "product")):
        if column in loaded.get(entity, {}):
            yield _almost_products(entity, column)


def _almost_products(entity: str, column: str) -> Check:
    def plain(x: str) -> str:
        return rf"regexp_replace(lower({x}), '[^\p{{L}}\p{{N}}]', '', 'g')"

    value, by_product = f"CAST({quote(column)} AS VARCHAR)", Count(entity, key=quote(column))
    known = "SELECT product_id FROM products"
    strange = f"SELECT key AS given FROM {by_product.by_key} WHERE key NOT IN ({known})"
    almost = (
        f"SELECT g.given, p.product_id AS meant FROM ({strange}) g JOIN"
        f" (SELECT {plain('product_id')} AS plain, min(product_id) AS product_id FROM products"
        f" GROUP BY 1) p ON p.plain = {plain('g.given')} WHERE p.plain <> ''"
    )
    return Check(
        "almost_products",
        entity,
        Severity.WARNING,
        failing="TRUE",
        needs=("products.product_id",),
        source=(
            f"(SELECT t.order_id, a.given, a.meant FROM {entity} t"
            f" JOIN ({almost}) a ON a.given = {value})"
        ),
        query=(
            f"SELECT (SELECT coalesce(sum(n), 0) FROM {by_product.by_key}"
            f" SEMI JOIN ({almost}) a ON a.given = key), {by_product.all}"
        ),
        counts=(by_product,),
        shown=("order_id", "given", "meant"),
    )


__all__ = ["checks"]
