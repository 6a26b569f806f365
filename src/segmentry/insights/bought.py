"""Who bought what on which day, and what follows from that alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.basket import Places
from segmentry.insights.estimate import Numbers

MOST_ITEMS = 2_000
"""Things that are looked at: those that most customers bought."""


@dataclass(frozen=True)
class Bought:
    """Who bought what on which day; rows in the order of customers, things and days.

    Args:
        who: Places in `numbers`.
        day: Days since 1970.
        end: The first day that is not known.
    """

    numbers: Places
    items: tuple[str, ...]
    who: Places
    what: Places
    day: Places
    end: int

    def part(self, customers: Places) -> Bought:
        """What some customers bought, given by places in rising order; theirs begin with 0."""
        place = np.full(len(self.numbers), -1)
        place[customers] = np.arange(len(customers))
        theirs = place[self.who]
        inside = theirs >= 0
        return replace(
            self,
            numbers=self.numbers[customers],
            who=theirs[inside],
            what=self.what[inside],
            day=self.day[inside],
        )


def bought(engine: DuckDB, as_of: AsOf, column: str, most: int = MOST_ITEMS) -> Bought:
    """What customers bought before an instant, of the things that most of them bought.

    Args:
        column: `product_id`, or a column of products.
        most: How many things.
    """
    joined = "" if column == "product_id" else " JOIN products AS p USING (product_id)"
    item = f"{'p' if joined else 'l'}.{quote(column)}::VARCHAR"
    rows = engine.fetch(
        f"""WITH sold AS (
            SELECT DISTINCT l.customer_no, {item} AS item, l.ordered_on - DATE '1970-01-01' AS day
            FROM {counted("order_lines")} AS l{joined}
            WHERE l.kind = 'purchase' AND l.is_product AND l.ordered_at < $as_of
              AND {item} <> '' AND l.customer_no IS NOT NULL),
        known AS (
            SELECT item FROM sold GROUP BY item
            ORDER BY count(DISTINCT customer_no) DESC, item LIMIT {most})
        SELECT customer_no, item, day FROM sold JOIN known USING (item) ORDER BY ALL""",
        {"as_of": as_of.instant},
    )
    encoded: Any = rows.column("item").combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    place = np.empty(len(names), np.int64)
    place[order] = np.arange(len(names))
    numbers, who = np.unique(rows.column("customer_no").to_numpy(), return_inverse=True)
    day = rows.column("day").to_numpy().astype(np.int64)
    return Bought(
        numbers=numbers.astype(np.int64),
        items=tuple(names[each] for each in order.tolist()),
        who=who.astype(np.int64),
        what=place[encoded.indices.to_numpy().astype(np.int64)],
        day=day,
        end=int(day.max(initial=0)) + 1,
    )


def matrix(history: Bought, chosen: Any) -> Any:
    """Days on which customers bought things, as a sparse table."""
    from scipy.sparse import csr_array

    rows = (history.who[chosen], history.what[chosen])
    shape = (len(history.numbers), len(history.items))
    return csr_array((np.ones(int(chosen.sum())), rows), shape=shape)


def last_days(history: Bought, cut: int) -> Any:
    """The last day on which each customer bought each thing."""
    from scipy.sparse import csr_array

    chosen = history.day < cut
    pair = history.who[chosen] * len(history.items) + history.what[chosen]
    day = history.day[chosen]
    final = np.append(pair[1:] != pair[:-1], True) if len(pair) else np.zeros(0, bool)
    rows = np.divmod(pair[final], max(len(history.items), 1))
    return csr_array(
        (day[final].astype(float), rows), shape=(len(history.numbers), len(history.items))
    )


def usual_gaps(history: Bought, cut: int) -> Numbers:
    """Median days between two purchases of a thing by one customer."""
    chosen = history.day < cut
    who, what, day = (each[chosen] for each in (history.who, history.what, history.day))
    again = (who[1:] == who[:-1]) & (what[1:] == what[:-1])
    gap, item = (day[1:] - day[:-1])[again], what[1:][again]
    longest = int(gap.max(initial=0)) + 1
    counts = np.bincount(item * longest + gap, minlength=len(history.items) * longest)
    up_to = counts.reshape(-1, longest).cumsum(axis=1)
    middle = (up_to > up_to[:, -1:] // 2).argmax(axis=1)
    return np.where(up_to[:, -1] > 0, np.maximum(middle, 1), np.nan)
