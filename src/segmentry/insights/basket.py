"""Which things are in one order together, and how often.

Only what is in enough orders by itself can be in enough orders with something else (Agrawal and
Srikant 1994, VLDB: 487). So the engine leaves lines of rare things aside, and three things are only
counted where each two of them are frequent. A fiftieth of the customers is in memory at a time, one
bit for an order and a frequent thing; of these there are no more than the mean number of things in
an order over the least share.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from segmentry.core.errors import UsageError
from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.estimate import Numbers

BUCKETS = 50
"""Parts of customers that are left out in turn to see how far a figure varies."""
FEWEST = 10
"""Fewer orders than this are never frequent."""
MOST_SETS = 50_000
AT_ONCE = 4096
"""Sets that are counted together."""
LINES, ORDERS, ITEMS, BOUGHT = "basket_lines", "basket_orders", "basket_items", "basket_bought"
SIDES = (True, False)
"""Orders of members, and of everyone else."""

Places = NDArray[np.int64]
Bits = NDArray[np.uint8]


@dataclass(frozen=True)
class Baskets:
    """Counts of orders by side (members, everyone else) and by bucket of customers.

    Args:
        items: Frequent things, by name.
        sets: For each frequent set the places of its things, ascending; pairs before threes.
        orders: Orders with anything, `[side, bucket]`.
        with_item: `[item, side, bucket]`.
        with_set: `[set, side, bucket]`.
        least: Orders of members that something must be in to be frequent.
    """

    items: tuple[str, ...]
    sets: tuple[tuple[int, ...], ...]
    orders: Numbers
    with_item: Numbers
    with_set: Numbers
    least: int


def baskets(
    engine: DuckDB, as_of: AsOf, column: str, *, members: str = "", least: float, size: int = 2
) -> Baskets:
    """Count the orders that hold each frequent thing and set of things.

    A thing counts once in an order, however many were bought; returns and fees do not count.

    Args:
        column: `product_id`, or a column of products.
        members: Table of `customer_no, member`; orders of others, guests among them, are the other
            side. Without it all orders are on the first side.
        least: Share of the members' orders that a set must be in, and never fewer than 10.
        size: 2 for pairs, 3 for pairs and threes.

    Raises:
        UsageError: There are too many frequent sets to be of use.
    """
    with _lines(engine, as_of, column, members):
        orders = _orders(engine)
        enough = max(int(np.ceil(least * float(orders[0].sum()))), FEWEST)
        items = _frequent(engine, enough)
        together = _together(engine, len(items))
        sets = _pairs(together, enough)
        if size > 2:
            sets += _threes(sets)
        if len(sets) > MOST_SETS:
            raise UsageError(
                f"{len(sets):,} sets are bought together that often.", fix="Raise the least share."
            )
        single: list[tuple[int, ...]] = [(each,) for each in range(len(items))]
        with_item, with_set = np.split(_counts(engine, single + sets, len(items)), [len(items)])
    often = with_set[:, 0].sum(axis=1) >= enough
    kept = tuple(each for each, there in zip(sets, often.tolist(), strict=True) if there)
    return Baskets(items, kept, orders, with_item, with_set[often], enough)


@contextmanager
def _lines(engine: DuckDB, as_of: AsOf, column: str, members: str) -> Iterator[None]:
    """Every thing of an order once, and every order with its side and bucket."""
    joined = "" if column == "product_id" else " JOIN products AS p USING (product_id)"
    item = f"{'p' if joined else 'l'}.{quote(column)}::VARCHAR"
    engine.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE {LINES} AS
        SELECT l.order_id, {item} AS item, any_value(l.customer_no) AS customer_no
        FROM {counted("order_lines")} AS l{joined}
        WHERE l.kind = 'purchase' AND l.is_product AND l.ordered_at < $as_of AND {item} <> ''
        GROUP BY ALL""",
        {"as_of": as_of.instant},
    )
    inside = "coalesce(member, FALSE)" if members else "TRUE"
    member = f" LEFT JOIN {quote(members)} USING (customer_no)" if members else ""
    try:
        engine.create(
            ORDERS,
            f"""SELECT order_id, order_no, {inside} AS inside,
                   (coalesce(customer_no, order_no) % {BUCKETS})::UTINYINT AS bucket
            FROM (
                SELECT order_id, any_value(customer_no) AS customer_no,
                       row_number() OVER (ORDER BY order_id)::INTEGER AS order_no
                FROM {LINES} GROUP BY order_id){member}""",
            temporary=True,
        )
        yield
    finally:
        for each in (LINES, ORDERS, ITEMS, BOUGHT):
            engine.drop(each)


def _orders(engine: DuckDB) -> Numbers:
    found = np.zeros((len(SIDES), BUCKETS))
    for inside, bucket, orders in engine.rows(
        f"SELECT inside, bucket, count(*) FROM {ORDERS} GROUP BY ALL"
    ):
        found[SIDES.index(inside), bucket] = orders
    return found


def _frequent(engine: DuckDB, enough: int) -> tuple[str, ...]:
    """Things in enough orders of members, by name; of the lines, only theirs are kept."""
    engine.create(
        ITEMS,
        f"""SELECT item, (row_number() OVER (ORDER BY item) - 1)::INTEGER AS code
        FROM {LINES} JOIN {ORDERS} USING (order_id) WHERE inside
        GROUP BY item HAVING count(*) >= {enough}""",
        temporary=True,
    )
    engine.create(
        BOUGHT,
        f"""SELECT bucket, inside, order_no, code
        FROM {LINES} JOIN {ITEMS} USING (item) JOIN {ORDERS} USING (order_id)
        ORDER BY bucket, inside""",
        temporary=True,
    )
    return tuple(name for (name,) in engine.rows(f"SELECT item FROM {ITEMS} ORDER BY code"))


def _read(engine: DuckDB, bucket: int, *, inside: bool) -> tuple[Places, Places]:
    """Orders, numbered from 0, and the things in them."""
    rows = engine.fetch(
        f"SELECT order_no, code FROM {BOUGHT} WHERE bucket = {bucket} AND inside = {inside}"
    )
    _, order = np.unique(rows.column("order_no").to_numpy(), return_inverse=True)
    return order.astype(np.int64), rows.column("code").to_numpy().astype(np.int64)


def _together(engine: DuckDB, items: int) -> Places:
    """How many orders of members hold each two things."""
    from scipy.sparse import csr_array

    found = np.zeros((items, items), np.int64)
    for bucket in range(BUCKETS):
        order, code = _read(engine, bucket, inside=True)
        held = csr_array(
            (np.ones(len(code), np.int32), (order, code)),
            shape=(int(order.max(initial=-1)) + 1, items),
        )
        both = (held.T @ held).tocoo()
        found[both.row, both.col] += both.data
    return found


def _pairs(together: Places, enough: int) -> list[tuple[int, ...]]:
    first, second = np.nonzero(np.triu(together >= enough, 1))
    return list(zip(first.tolist(), second.tolist(), strict=True))


def _threes(pairs: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Threes of which each two are frequent."""
    after: dict[int, set[int]] = {}
    for first, second in pairs:
        after.setdefault(first, set()).add(second)
    return [
        (first, second, third)
        for first, second in pairs
        for third in sorted(after[first] & after.get(second, set()))
    ]


def _counts(engine: DuckDB, sets: list[tuple[int, ...]], items: int) -> Numbers:
    """Orders that hold all things of a set, by set, side and bucket."""
    found = np.zeros((len(sets), len(SIDES), BUCKETS))
    # a smaller set is as three things of which some are the same
    places = np.array([(*each, *each[-1:] * (3 - len(each))) for each in sets], np.int64)
    places = places.reshape(-1, 3)
    for bucket in range(BUCKETS):
        for side, inside in enumerate(SIDES):
            order, code = _read(engine, bucket, inside=inside)
            if not len(order):
                continue
            held = np.zeros((items, int(order.max()) + 1), np.bool_)
            held[code, order] = True
            bits = np.packbits(held, axis=1)
            for start in range(0, len(sets), AT_ONCE):
                part = slice(start, start + AT_ONCE)
                found[part, side, bucket] = _held(bits, places[part])
    return found


def _held(bits: Bits, places: Places) -> Places:
    first, second, third = (bits[each] for each in places.T)
    found: Places = np.bitwise_count(first & second & third).sum(axis=1, dtype=np.int64)
    return found
