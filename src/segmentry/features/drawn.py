"""Some customers as if there were no others, with what compares them with others beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
import pyarrow as pa

from segmentry.data.identity.counted import counted
from segmentry.engines.duckdb import DuckDB, quote
from segmentry.features.alone import alone, select
from segmentry.features.columns import computed
from segmentry.features.compile import CUSTOMER, CustomerSource, Plan
from segmentry.features.customers import Customers
from segmentry.features.dense import widened
from segmentry.features.known import statistics_in
from segmentry.features.rows import Rows
from segmentry.language.node import Condition, Node
from segmentry.language.text import measures
from segmentry.sql.expression import Select, Table

DRAWN, MET = "drawn", "#met"
PEOPLE = counted("customers")


@contextmanager
def drawn(customers: Customers, where: Condition, nodes: Iterable[Node]) -> Iterator[Customers]:
    """Those who meet a condition, with copies of their rows on the desk, for what nodes read.

    So a sample costs what its own rows cost, and one look at those of others. Features that compare
    a customer with others are computed among all; where a node itself does so, these are all
    customers, as they were given.
    """
    plan = Plan(customers.features, customers.as_of, customers.rules, customers.source)
    nodes = [*nodes, where]
    needed, read = plan.reads(nodes)
    if any(_compares(customers, each) for each in nodes):
        yield customers
        return
    compared = [each.name for each in needed if _compares(customers, each.node)]
    desk, schema = customers.desk, customers.features.schema
    facts = {each.fact: schema.fact(each.fact) for each in read}
    sources = {each.source for each in facts.values()}
    with desk.registered(DRAWN, _who(customers, where, compared)):
        types = {name: schema.feature(name).type for name in compared}
        beside = {name: widened(name, kind) for name, kind in types.items()}
        given = desk.render(Select(Table(DRAWN), {"customer_no": CUSTOMER, **beside}))
        _copy(desk, PEOPLE, f"JOIN ({given}) d")
        for name in sources:
            _copy(desk, name, f"SEMI JOIN {DRAWN} d")
    theirs = {name: replace(each, relation=_named(each.source)) for name, each in facts.items()}
    features = replace(customers.features, schema=replace(schema, facts={**schema.facts, **theirs}))
    people = CustomerSource(Table(_named(PEOPLE)), ready=frozenset(compared))
    yield replace(customers, engine=desk, features=features, source=people)
    # After an error they stay: a transaction that failed takes no more statements.
    for name in {PEOPLE, *sources}:
        desk.drop(_named(name))


def _copy(desk: DuckDB, source: str, joined: str) -> None:
    desk.execute(
        f"CREATE OR REPLACE TEMPORARY TABLE {quote(_named(source))} AS"  # noqa: S608 - our names
        f" SELECT * FROM {quote(source)} {joined} USING (customer_no)"
    )


def _named(source: str) -> str:
    return f"{DRAWN}_{source}"


def _who(customers: Customers, where: Condition, compared: Iterable[str]) -> pa.Table:
    """Numbers of those who meet a condition, with features."""
    found = computed(customers, {**customers.named(compared), MET: where})
    met = found.column(MET).fill_null(False).to_numpy(zero_copy_only=False)
    numbers: pa.Int32Array = pa.array(np.flatnonzero(met), pa.int32())
    features = {name: each.take(numbers) for name, each in found.values.items() if name != MET}
    return pa.table({"customer_no": numbers, **features})


def _compares(customers: Customers, node: Node) -> bool:
    """Whether a node says how a customer stands among others."""
    if statistics_in(node):
        return True
    schema = customers.features.schema
    for each in measures(node):
        fact = schema.fact(each.fact)
        rows = Rows(schema, customers.as_of, fact, each.window, each.where)
        if not alone(select(each, rows), fact.source):
            return True
    return False


__all__ = ["drawn"]
