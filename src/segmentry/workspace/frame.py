"""RFM of a file or frame of orders, without a workspace; compiled as in one."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from segmentry.core.errors import MappingError
from segmentry.core.time import AsOf
from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.compile import CustomerSource, Plan
from segmentry.features.declaration import library
from segmentry.features.known import resolve
from segmentry.language.schema import Fact, Field, Schema
from segmentry.language.value import Name
from segmentry.segments.library import rfm as method
from segmentry.workspace.rows import ResultRows

COLUMNS = ("recency_days", "frequency", "monetary", "r_score", "f_score", "m_score", "rfm_group")
NEEDED = {"recency_days", "frequency", "monetary", "average_order_amount"}
FACT = Fact(
    name="orders",
    table="orders",
    instant="ordered_at",
    day="ordered_on",
    hour="ordered_hour",
    keys=("ordered_at",),
    fields={"gross_amount": Field("gross_amount", Type.MONEY)},
)


def rfm(  # noqa: PLR0913 - each has its own meaning, all but the first by name
    orders: str | Path | Any,
    *,
    customer: str = "customer_id",
    time: str = "ordered_at",
    amount: str = "amount",
    as_of: str | date | datetime,
    timezone: str = "UTC",
    bins: int = 5,
    threads: int | None = None,
) -> ResultRows:
    """Scores and groups of every customer with an order before `as_of`.

    Orders that are not positive are no purchases and are left out, as are those without a customer.

    Args:
        orders: A Parquet file, or an Arrow, pandas or polars frame, one row an order.
        time: An instant in UTC, or a day.

    Returns:
        `customer_id` as it is in the source, then `recency_days, frequency, monetary, r_score,
        f_score, m_score, rfm_group`, in no particular order.

    Raises:
        MappingError: A column is not there.

    >>> import pyarrow as pa
    >>> from datetime import date
    >>> orders = pa.table({"customer_id": ["a", "a", "b"], "amount": [5, 7, 1],
    ...                    "ordered_at": [date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 2)]})
    >>> found = {row["customer_id"]: row for row in rfm(orders, as_of="2026-01-06")}
    >>> found["a"]["recency_days"], found["a"]["frequency"], found["a"]["monetary"]
    (1, 2, Decimal('12.0000'))
    """
    moment = AsOf.parse(as_of, timezone)
    with DuckDB(threads=threads) as engine:
        engine.execute("SET preserve_insertion_order = false")
        if isinstance(orders, str | Path):
            return _divide(
                engine, "read_parquet(?)", [str(orders)], (customer, time, amount), moment, bins
            )
        with engine.registered("given", _arrow(orders)):
            return _divide(engine, "given", [], (customer, time, amount), moment, bins)


def _arrow(frame: Any) -> Any:
    return frame.to_arrow() if hasattr(frame, "to_arrow") else frame


def _divide(
    engine: DuckDB,
    relation: str,
    parameters: list[str],
    columns: tuple[str, str, str],
    as_of: AsOf,
    bins: int,
) -> ResultRows:
    engine.execute(f"CREATE VIEW source AS FROM {relation}".replace("?", _text(parameters)))
    present = engine.columns("source")
    for each in columns:
        if each not in present:
            raise MappingError(
                f"there is no column `{each}`.", fix=f"There is {', '.join(present)}."
            )
    who, when, paid = map(quote, columns)
    local = when
    if as_of.timezone != "UTC" and present[columns[1]] != "DATE":
        local = f"timezone('{as_of.timezone}', timezone('UTC', {when}))"
    money = paid if present[columns[2]].startswith("DECIMAL") else f"{paid}::DECIMAL(18,4)"
    engine.execute(
        f"CREATE VIEW orders AS SELECT {who} AS customer_no, {when} AS ordered_at,"
        f" {local}::DATE AS ordered_on, {money} AS gross_amount FROM source WHERE {paid} > 0"
    )
    segmentation = method.segmentations(bins=bins)[0]
    declared = [each for each in library() if each.name in NEEDED]
    features = resolve(
        [*declared, *segmentation.declarations()], Schema(facts={"orders": FACT}), {}
    )
    plan = Plan(features, as_of, source=CustomerSource(None, known_at=None))
    query = plan.query({name: Name(name) for name in COLUMNS})
    return ResultRows(engine.fetch(query).drop_columns(["customer_no"]))


def _text(parameters: list[str]) -> str:
    return ", ".join("'" + each.replace("'", "''") + "'" for each in parameters)
