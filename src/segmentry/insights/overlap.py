"""How far sets of customers overlap: every pair at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations_with_replacement

from segmentry.engines.duckdb import DuckDB, quote


@dataclass(frozen=True)
class Pair:
    """The customers who are in both of two sets, and what they have brought."""

    one: str
    other: str
    customers: int
    revenue_amount: Decimal


@dataclass(frozen=True)
class Overlap:
    """Sets of customers and all their pairs; a set paired with itself is the set.

    Args:
        customers: All there are, in a set or not.
        none: Those who are in no set.
    """

    names: tuple[str, ...]
    customers: int
    none: int
    pairs: tuple[Pair, ...]

    def size(self, one: str, other: str | None = None) -> int:
        """Customers in a set, or in both of two."""
        wanted = {one, one if other is None else other}
        return next(each.customers for each in self.pairs if {each.one, each.other} == wanted)

    def share(self, one: str, other: str) -> float | None:
        """Of those in `one`, the share who are in `other` too; `None` when nobody is in `one`."""
        return self.size(one, other) / self.size(one) if self.size(one) else None


def overlap(engine: DuckDB, table: str, names: Sequence[str]) -> Overlap:
    """All pairs of sets in one query.

    Customers in exactly the same sets are first counted together, so pairs cost next to nothing.

    Args:
        table: One row per customer, with a yes-or-no column for each set and, if there are orders,
            `monetary`.
    """
    pairs = list(combinations_with_replacement(names, 2))
    revenue = "sum(monetary)" if "monetary" in engine.columns(table) else "0"
    flags = "".join(f", {quote(each)}" for each in names)
    either = " OR ".join(map(quote, names)) or "FALSE"
    sums = "".join(
        f", coalesce(sum(customers) FILTER (WHERE {quote(one)} AND {quote(other)}), 0)::BIGINT"
        f", coalesce(sum(revenue) FILTER (WHERE {quote(one)} AND {quote(other)}), 0)"
        for one, other in pairs
    )
    [(customers, none, *counts)] = engine.rows(
        f"WITH alike AS (SELECT count(*) AS customers, {revenue} AS revenue{flags}"
        f" FROM {quote(table)} GROUP BY ALL)"
        " SELECT coalesce(sum(customers), 0)::BIGINT,"
        f" coalesce(sum(customers) FILTER (WHERE NOT ({either})), 0)::BIGINT{sums} FROM alike"
    )
    return Overlap(
        names=tuple(names),
        customers=customers,
        none=none,
        pairs=tuple(
            Pair(*pair, counts[2 * place], Decimal(counts[2 * place + 1]))
            for place, pair in enumerate(pairs)
        ),
    )
