"""Lifetime value on public data: fitted at a cut, held against what came after it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa

from segmentry.engines.duckdb import DuckDB
from segmentry.models.clv.counts import history
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
    "cdnow": (CDNOW, "cdnow/CDNOW_master.txt", date(1997, 10, 1), 273),
    "online_retail": (RETAIL, "online_retail/online_retail.parquet", date(2011, 9, 11), 90),
    "adventureworks": (ADVENTURE, "adventureworks", date(2019, 4, 2), 90),
}


def held_out(folder: Path) -> Iterator[tuple[str, str, Measures]]:
    """Each set: orders as scored, as the model alone, by frequency; then spend likewise.

    Args:
        folder: That of the public data sets.
    """
    for name, (query, path, cut, days) in SETS.items():
        with DuckDB() as session:
            orders = session.fetch(query.format(folder / path))
        for which, found in against(orders, cut, days).items():
            yield name, which, found


def against(orders: pa.Table, cut: date, days: int) -> dict[str, Measures]:
    """What was expected at a cut, beside what came, and beside what a spreadsheet has."""
    with tempfile.TemporaryDirectory() as folder, Workspace.create(Path(folder) / "shop") as shop:
        shop.load(orders=orders)
        then = shop.customers(cut)
        fitted = fit(then, days, 0.0)
        scores = fitted.scores(then)
        with history(then) as before, history(shop.customers(cut + timedelta(days))) as end:
            held = before.until(end, 10**9)
    plain = fitted.purchases.model.expected_purchases(held.rows, days)
    naive = held.spent_in_year * days / min(float(held.rows.age.mean()), 365)
    frequency = (held.rows.frequency + 1) * days / float(held.rows.age.mean())
    return {
        f"{fitted.card.method}, {fitted.card.correction}": measure(
            scores["clv_orders"].to_numpy(), held.purchases
        ),
        "model alone": measure(plain, held.purchases),
        "frequency": measure(frequency, held.purchases),
        "clv": measure(scores["clv"].to_numpy(), held.paid),
        "spend in a year": measure(naive, held.paid),
    }


def figures(folder: Path) -> dict[str, dict[str, float | None]]:
    """The same as plain numbers, by `set: which`."""
    return {f"{name}: {which}": asdict(found) for name, which, found in held_out(folder)}
