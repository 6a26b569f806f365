"""The rows of some customers as a fact of its own, for whatever reads rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa

from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.customers import Customers
from segmentry.features.moved import Numbers
from segmentry.language.schema import Fact, Schema
from segmentry.sql.expression import columns_of

AGAIN, THEIRS = "customers_again", "rows_again"


@contextmanager
def rows_of(
    customers: Customers,
    fact: Fact,
    numbers: Numbers,
    names: Iterable[str],
    since: datetime | None = None,
) -> Iterator[Schema]:
    """A schema in which a fact is of some customers only, whose place among them is their number.

    Args:
        numbers: Who, ascending.
        names: Columns that are read; those of dimensions may be among them.
        since: Rows before it are left out.
    """
    desk: DuckDB = customers.desk
    given = pa.table({"customer_no": numbers, "place": np.arange(len(numbers), dtype=np.int32)})
    asked = {*names, *_own_columns(fact)}
    shown = "".join(
        f", f.{quote(each)}"
        for each in desk.columns(fact.source)
        if each in asked and each != "customer_no"
    )
    late = "" if since is None else f"WHERE f.{quote(fact.instant)} >= $since"
    with desk.registered(AGAIN, given):
        desk.execute(
            f"CREATE OR REPLACE TEMPORARY TABLE {THEIRS} AS"  # noqa: S608 - names of our own
            f" SELECT a.place AS customer_no{shown} FROM {quote(fact.source)} AS f"
            f" JOIN {AGAIN} AS a ON f.customer_no = a.customer_no {late}",
            {} if since is None else {"since": since},
        )
    schema = customers.features.schema
    theirs = replace(fact, table=THEIRS, relation="")
    try:
        yield replace(schema, facts={**schema.facts, fact.name: theirs})
    finally:
        desk.drop(THEIRS)


def _own_columns(fact: Fact) -> set[str]:
    """What is read of rows in any case: their order, which they are, what they are joined by."""
    chosen = {each.name for each in columns_of(filter(None, [fact.where]))}
    joined = {each.key for each in fact.dimensions.values()}
    return {fact.instant, fact.day, fact.hour, *fact.keys} | chosen | joined


__all__ = ["rows_of"]
