"""Where customers are: countries, their regions, their cities, with what each brings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from segmentry.engines.duckdb import DuckDB, quote

MOST = (12, 8, 5)
"""Places shown of all, of one country, of one region; the smaller ones stand together."""


@dataclass(frozen=True)
class Place:
    """A place, or the smaller places of a larger one together.

    Args:
        path: From the largest to the place itself: `("Ukraine", "Lviv Oblast", "Lviv")`. The last
            is `None` where smaller places stand together.
        places: How many places it stands for.
        customer_share, revenue_share: Of the customers whose largest place is known.
    """

    path: tuple[str | None, ...]
    places: int
    customers: int
    customer_share: float
    orders: int
    revenue_amount: Decimal
    revenue_share: float | None

    @property
    def average_order_amount(self) -> Decimal | None:
        """Revenue over orders; `None` without orders."""
        return self.revenue_amount / self.orders if self.orders else None


@dataclass(frozen=True)
class Geography:
    """Places inside larger ones, each followed by what it holds; most customers first.

    Args:
        levels: The columns, the largest places first.
        known: Customers whose largest place is known.
        unknown: Those for whom it is not.
    """

    levels: tuple[str, ...]
    known: int
    unknown: int
    places: tuple[Place, ...]


Row = tuple[int, int, int, Decimal]
"""How many places, customers, orders; revenue."""


def geography(engine: DuckDB, table: str, levels: Sequence[str]) -> Geography:
    """The places of customers as a tree, one query a level.

    Args:
        table: One row per customer, with the levels, and `frequency` and `monetary` if there are
            orders.
        levels: Up to three columns, the largest places first.
    """
    columns = engine.columns(table)
    sums = ", ".join(
        f"coalesce(sum({name}), 0) AS {name}" if name in columns else f"0 AS {name}"
        for name in ("frequency", "monetary")
    )
    found: dict[tuple[str | None, ...], Row] = {}
    for depth in range(len(levels)):
        found |= dict(_level(engine, table, levels[: depth + 1], sums, MOST[depth]))
    top = [row for path, row in found.items() if len(path) == 1]
    known, revenue = sum(row[1] for row in top), sum((row[3] for row in top), Decimal(0))
    of = engine.value(f"SELECT count(*) FROM {quote(table)}")
    return Geography(
        levels=tuple(levels),
        known=known,
        unknown=of - known,
        places=tuple(
            Place(
                path=path,
                places=row[0],
                customers=row[1],
                customer_share=row[1] / known,
                orders=row[2],
                revenue_amount=row[3],
                revenue_share=float(row[3] / revenue) if revenue else None,
            )
            for path, row in _tree(found, ())
        ),
    )


def _level(
    engine: DuckDB, table: str, levels: Sequence[str], sums: str, most: int
) -> Iterator[tuple[tuple[str | None, ...], Row]]:
    names = [quote(each) for each in levels]
    known = " AND ".join(f"{each} IS NOT NULL" for each in names)
    above = f"PARTITION BY {', '.join(names[:-1])}" if names[1:] else ""
    path = ", ".join([*names[:-1], f"CASE WHEN place <= $most THEN {names[-1]} END AS last"])
    for row in engine.rows(
        f"WITH places AS (SELECT {', '.join(names)}, count(*) AS customers, {sums}"
        f" FROM {quote(table)} WHERE {known} GROUP BY ALL),"
        f" ranked AS (SELECT *, row_number() OVER ({above} ORDER BY customers DESC, {names[-1]})"
        " AS place FROM places)"
        f" SELECT {path}, count(*), sum(customers)::BIGINT, sum(frequency)::BIGINT, sum(monetary)"
        " FROM ranked GROUP BY ALL ORDER BY min(place)",
        {"most": most},
    ):
        places, customers, orders, revenue = row[-4:]
        yield tuple(row[:-4]), (places, customers, orders, Decimal(revenue))


def _tree(
    found: dict[tuple[str | None, ...], Row], above: tuple[str | None, ...]
) -> Iterator[tuple[tuple[str | None, ...], Row]]:
    """Each shown place, then what is inside it."""
    for path, row in found.items():
        if path[:-1] == above and len(path) == len(above) + 1:
            yield path, row
            if path[-1] is not None:
                yield from _tree(found, path)
