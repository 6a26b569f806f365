"""The going price of products by week or month, and how much groups bought at it.

Of all lines of a product in a period the median price is the one that goes: so a few who paid less
than the others, because they bought much or had a coupon of their own, do not move it. Prices are
counted in steps of half a percent, so that memory does not grow with the number of lines. A period
in which nobody bought a product has the price of the one before; a product that was not bought in
nearly all periods between its first and its last is left aside, since its prices are not known just
when they kept everyone from buying.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from segmentry.core.time import AsOf
from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.insights.elasticity import FEWEST_PRODUCTS, Cells
from segmentry.insights.estimate import Codes, Numbers

Period = Literal["week", "month"]
PERIODS: tuple[Period, ...] = ("week", "month")
"""The first one in which enough products were bought often enough."""
SOLD_SHARE = 0.9
"""Of the periods between a product's first and last, those in which somebody bought it."""
FEWEST_PERIODS = 10
FEWEST_PRICES = 3
"""Different prices of a product, at least 2 % apart."""
MOST_MIXED = 0.5
"""Of how far lines are from a product's mean price, the part that is within a period: with more,
customers pay different prices at the same time, by how much they take, say, and none goes."""
MOST_PRODUCTS = 2_000
"""Products that most lines are of."""
STEPS, APART = 200, 4
"""Steps of the logarithm of a price in one unit of it, and how many make a different price."""
LEVELS, GOING, CHOSEN, CELLS, SOLD = (
    "price_levels", "price_going", "price_products", "price_cells", "price_sold",
)  # fmt: skip
LINES = "kind = 'purchase' AND is_product AND ordered_at < $as_of"


@dataclass(frozen=True)
class Market:
    """Products at their going prices, while the context of `market` lasts.

    Args:
        cells: Products in periods.
        category: Of each product, a place in `categories`; -1 where it has none.
        periods: How many there are.
    """

    engine: DuckDB
    period: Period
    cells: Cells
    category: Codes
    categories: tuple[str, ...]
    periods: int

    def units(self, parts: str = "") -> Numbers:
        """What was bought in each cell, by part from 0; of everyone, without parts.

        Args:
            parts: Table of `customer_no, part`.
        """
        joined = f" JOIN {quote(parts)} USING (customer_no)" if parts else ""
        rows = self.engine.fetch(
            f"SELECT {'part' if parts else '0'}::INTEGER AS part, cell, sum(units) AS units"
            f" FROM {SOLD}{joined} GROUP BY ALL ORDER BY ALL"
        )
        part, cell = (rows.column(each).to_numpy().astype(np.int64) for each in ("part", "cell"))
        found = np.zeros((int(part.max(initial=0)) + 1, len(self.cells)))
        found[part, cell] = rows.column("units").to_numpy().astype(np.float64)
        return found


@contextmanager
def market(engine: DuckDB, as_of: AsOf, category: str | None) -> Iterator[Market]:
    """Products whose price moved, by week, or by month where weeks are too few.

    Args:
        category: A column of products.
    """
    try:
        for period in PERIODS:
            if _products(engine, as_of, period) >= FEWEST_PRODUCTS:
                break
        yield _market(engine, as_of, period, category)
    finally:
        for name in (LEVELS, GOING, CHOSEN, CELLS, SOLD):
            engine.drop(name)


def _products(engine: DuckDB, as_of: AsOf, period: Period) -> int:
    """Find the going prices, and the products whose price moved; how many of these there are."""
    engine.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE {LEVELS} AS
        SELECT product_id, date_trunc('{period}', ordered_on)::DATE AS period,
               round({STEPS} * ln(gross_amount::DOUBLE / quantity))::INTEGER AS level,
               count(*) AS lines
        FROM {counted("order_lines")}
        WHERE {LINES} AND quantity > 0 AND gross_amount > 0 AND product_id IS NOT NULL
        GROUP BY ALL""",
        {"as_of": as_of.instant},
    )
    engine.create(
        GOING,
        f"""SELECT product_id, period, min(level) FILTER (2 * upto >= whole) AS level,
               any_value(whole) AS lines, sum(lines * level) / any_value(whole) AS mean,
               sum(lines * level * level) / any_value(whole)
                   - (sum(lines * level) / any_value(whole)) ** 2 AS spread
        FROM (SELECT *, sum(lines) OVER (PARTITION BY product_id, period ORDER BY level) AS upto,
                     sum(lines) OVER (PARTITION BY product_id, period) AS whole FROM {LEVELS})
        GROUP BY product_id, period""",
        temporary=True,
    )
    engine.create(
        CHOSEN,
        f"""SELECT product_id, (row_number() OVER (ORDER BY product_id) - 1)::INTEGER AS product,
               first, last
        FROM (SELECT product_id, min(period) AS first, max(period) AS last, sum(lines) AS lines
              FROM {GOING} GROUP BY product_id
              HAVING count(*) >= {FEWEST_PERIODS}
                 AND count(*) >= {SOLD_SHARE}
                     * (date_diff('{period}', min(period), max(period)) + 1)
                 AND count(DISTINCT round(level / {APART})) >= {FEWEST_PRICES}
                 AND sum(lines * spread) <= {MOST_MIXED} * (
                     sum(lines * (spread + mean * mean))
                     - sum(lines * mean) * sum(lines * mean) / sum(lines))
              ORDER BY lines DESC, product_id LIMIT {MOST_PRODUCTS})""",
        temporary=True,
    )
    return int(engine.value(f"SELECT count(*) FROM {CHOSEN}"))


def _market(engine: DuckDB, as_of: AsOf, period: Period, category: str | None) -> Market:
    engine.create(
        CELLS,
        f"""SELECT product, period, (row_number() OVER (ORDER BY product, period) - 1)::INTEGER
               AS cell, (dense_rank() OVER (ORDER BY period) - 1)::INTEGER AS place,
               last_value(level IGNORE NULLS) OVER (
                   PARTITION BY product ORDER BY period
                   ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS level, product_id
        FROM (SELECT product, product_id,
                     unnest(generate_series(first, last, INTERVAL 1 {period}))::DATE AS period
              FROM {CHOSEN}) LEFT JOIN {GOING} USING (product_id, period)""",
        temporary=True,
    )
    engine.execute(
        f"""CREATE OR REPLACE TEMPORARY TABLE {SOLD} AS
        SELECT customer_no, cell, sum(quantity) AS units
        FROM {counted("order_lines")} l
        JOIN {CELLS} c ON c.product_id = l.product_id
            AND c.period = date_trunc('{period}', l.ordered_on)::DATE
        WHERE {LINES} AND quantity > 0 AND gross_amount > 0 AND customer_no IS NOT NULL
        GROUP BY ALL""",
        {"as_of": as_of.instant},
    )
    rows = engine.fetch(f"SELECT product, place, level FROM {CELLS} ORDER BY cell")
    product, place, level = (rows.column(each).to_numpy() for each in ("product", "place", "level"))
    codes, names = _categories(engine, category)
    return Market(
        engine=engine,
        period=period,
        cells=Cells(product.astype(np.int64), place.astype(np.int64), level / STEPS),
        category=codes,
        categories=names,
        periods=int(place.max(initial=-1)) + 1,
    )


def _categories(engine: DuckDB, category: str | None) -> tuple[Codes, tuple[str, ...]]:
    if category is None:
        return np.full(int(engine.value(f"SELECT count(*) FROM {CHOSEN}")), -1), ()
    rows: list[tuple[Any, ...]] = engine.rows(
        f"SELECT p.{quote(category)}::VARCHAR FROM {CHOSEN} LEFT JOIN products p USING (product_id)"
        " ORDER BY product"
    )
    names = sorted({name for (name,) in rows if name})
    place = {name: at for at, name in enumerate(names)}
    return np.array([place.get(name, -1) for (name,) in rows], np.int64), tuple(names)
