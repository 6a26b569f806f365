"""Lifetime value on public data: fitted at a cut, held against what came after it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from tests.validation.prediction import completejourney

from segmentry.core.errors import UsageError
from segmentry.engines.duckdb import DuckDB
from segmentry.models.clv.counts import Holdout, history
from segmentry.models.clv.level import Factor
from segmentry.models.clv.lifetime import fit
from segmentry.models.clv.measures import Measures, measure
from segmentry.workspace.workspace import Workspace

RETAIL = """SELECT InvoiceNo AS order_id, CustomerID::INTEGER::VARCHAR AS customer_id,
    min(InvoiceDate)::TIMESTAMP AS ordered_at, sum(Quantity * UnitPrice)::DECIMAL(12, 2) AS amount
    FROM read_parquet('{}') WHERE CustomerID IS NOT NULL AND Quantity > 0 AND UnitPrice > 0
    GROUP BY ALL"""
ADVENTURE = """SELECT s.OrderNumber || '-' || s.CustomerKey AS order_id,
    s.CustomerKey::VARCHAR AS customer_id,
    min(strptime(s.OrderDate, ['%m/%d/%Y']))::TIMESTAMP AS ordered_at,
    sum(s.OrderQuantity * p.ProductPrice)::DECIMAL(12, 2) AS amount
    FROM read_csv('{0}/Sales.csv', types = {{'OrderDate': 'VARCHAR'}}) s
    JOIN read_csv('{0}/Products.csv') p USING (ProductKey) GROUP BY ALL"""
CDNOW = """SELECT row_number() OVER ()::VARCHAR AS order_id, w[1] AS customer_id,
    strptime(w[2], '%Y%m%d')::TIMESTAMP AS ordered_at, w[4]::DECIMAL(12, 2) AS amount
    FROM (SELECT string_split_regex(trim(line), '\\s+') AS w FROM read_csv('{}', header = false,
    delim = '\\0', columns = {{'line': 'VARCHAR'}})) WHERE w[1] SIMILAR TO '[0-9]+'"""
SETS = {
    "CDNOW": (CDNOW, "cdnow/CDNOW_master.txt"),
    "Online Retail": (RETAIL, "online_retail/online_retail.parquet"),
    "AdventureWorks": (ADVENTURE, "adventureworks"),
}
DAYS, STEP = 90, 30
ONCE = {"CDNOW": (date(1997, 10, 1), 273), "Online Retail": (date(2011, 9, 11), 90)}
"""Days on which others have looked, or on which it is hardest."""


@dataclass(frozen=True)
class Looked:
    """What was said at a cut, held against what came.

    Args:
        ways: Of purchases by way: `used`, `alone`, `frequency`; of spend `clv`, `spend_in_year`.
        right: The factor on purchases that would have been right.
    """

    ways: Mapping[str, Measures]
    factor: Factor
    right: float

    @property
    def inside(self) -> bool | None:
        """Whether it lies in the interval; nothing where there is none."""
        low, high = self.factor.low, self.factor.high
        return None if low is None or high is None else low <= self.right <= high


def looked(shop: Workspace, cut: date, days: int) -> Looked:
    """What was expected at a cut, beside what came, and beside what a spreadsheet has.

    Raises:
        UsageError: There was too little to say anything.
    """
    then = shop.customers(cut)
    fitted = fit(then, days, 0.0)
    scores = fitted.scores(then)
    with history(then) as before, history(shop.customers(cut + timedelta(days))) as end:
        held = before.until(end, 10**9)
    alone = fitted.purchases.model.expected_purchases(held.rows, days)
    ways = {
        "used": measure(scores["clv_orders"].to_numpy(), held.purchases),
        "alone": measure(alone, held.purchases),
        "clv": measure(scores["clv"].to_numpy(), held.paid),
        **_naive(held, days),
    }
    right = float(held.purchases.sum() / alone.sum())
    return Looked(ways, fitted.card.orders_factor, right)


def _naive(held: Holdout, days: int) -> Mapping[str, Measures]:
    life = float(held.rows.age.mean())
    return {
        "frequency": measure((held.rows.frequency + 1) * days / life, held.purchases),
        "spend_in_year": measure(held.spent_in_year * days / min(life, 365), held.paid),
    }


def every_month(shop: Workspace) -> Iterator[Looked]:
    """Every 30 days from the last one with 90 days after it back to when too little was known."""
    [(last,)] = shop.engine.rows("SELECT max(ordered_at)::DATE FROM orders")
    cut = last + timedelta(1 - DAYS)
    while True:
        try:
            yield looked(shop, cut, DAYS)
        except UsageError:
            return
        cut -= timedelta(STEP)


def summary(found: Sequence[Looked]) -> Iterator[tuple[str, float]]:
    """Medians over cuts."""

    def median(way: str, name: str) -> float:
        values = [getattr(each.ways[way], name) for each in found]
        return float(np.median([each for each in values if each is not None]))

    yield "cuts", float(len(found))
    for way in found[0].ways:
        yield f"median bias of {way}", median(way, "bias")
    for way in ("used", "frequency"):
        yield f"median gini of {way}", median(way, "gini")
    yield "median error by tenth of used", median("used", "decile_mape")
    known = [each.inside for each in found if each.inside is not None]
    if known:
        yield f"factor inside its interval, of {len(known)}", float(np.mean(known))


def figures(data: Path) -> Iterator[tuple[str, float]]:
    """Every set as plain numbers.

    Args:
        data: Folder of the public data sets.
    """
    for name in ("completejourney", *SETS):
        with shop(name, data) as opened:
            found = list(every_month(opened))
            for figure, value in summary(found):
                yield f"{name}: {figure}", value
            if name in ONCE:
                cut, days = ONCE[name]
                for way, each in looked(opened, cut, days).ways.items():
                    if each.bias is not None:
                        yield f"{name}, {days} days from {cut}: bias of {way}", each.bias


@contextmanager
def shop(name: str, data: Path) -> Iterator[Workspace]:
    """A public set in a workspace, gone at the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "shop"
        if name not in SETS:
            with completejourney(path) as made:
                yield made
            return
        query, file = SETS[name]
        with DuckDB() as session:
            orders = session.fetch(query.format(data / file))
        with Workspace.create(path) as made:
            made.load(orders=orders)
            yield made
