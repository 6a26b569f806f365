"""The best way known before: features in groups of one filter and window, conditions as bits.

A narrow DuckDB query for each group, its columns as NumPy arrays by customer number, each distinct
condition once as a bitmap, then segments by AND, OR and NOT of bitmaps. As plain as it can be
written for these very features, without a language, checks or history.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.scale.clock import timed
from benchmarks.scale.declared import Known, Leaf, Part, Rule, rules
from benchmarks.scale.usual import aggregate, connect, filtered, rows

Bits = NDArray[np.uint8]
EVERYBODY = Leaf("customer_no", ">= 0")
Array = NDArray[Any]


def run(folder: str) -> dict[str, int]:
    """Evaluate all segments; gives how many members each has."""
    every = rules()
    wanted = {EVERYBODY, *(leaf for rule in every for leaf in rule.leaves)}
    with connect(folder) as engine:
        with timed("plain: features and conditions"):
            bits = dict(_bits(engine, wanted))
        with timed("plain: memberships"):
            found = {rule.name: _members(rule, bits) for rule in every}
            counts = {name: int(np.bitwise_count(each).sum()) for name, each in found.items()}
    return counts


def _bits(engine: duckdb.DuckDBPyConnection, wanted: set[Leaf]) -> Iterator[tuple[Leaf, Bits]]:
    [(size,)] = engine.execute("SELECT max(customer_no) + 1 FROM customers").fetchall()
    groups: dict[object, dict[Known, list[Leaf]]] = {}
    traits: dict[str, list[Leaf]] = {}
    for leaf in wanted:
        if isinstance(leaf.known, str):
            traits.setdefault(leaf.known, []).append(leaf)
            continue
        known = leaf.known
        part = known.function == "share" and filtered(known)
        key = (known.fact, known.by, known.value, known.days, part)
        groups.setdefault(key, {}).setdefault(known, []).append(leaf)
    for group in groups.values():
        yield from _of_group(engine, group, size)
    for name, some in traits.items():
        query = f"SELECT customer_no, {name} AS v0 FROM customers"
        found = engine.sql(query).fetchnumpy()
        yield from _of_values(found["customer_no"], found["v0"], some, size)


def _of_group(
    engine: duckdb.DuckDBPyConnection, group: dict[Known, list[Leaf]], size: int
) -> Iterator[tuple[Leaf, Bits]]:
    columns = ", ".join(
        f"{_plain(each, aggregate(each))} AS v{place}" for place, each in enumerate(group)
    )
    query = f"SELECT f.customer_no, {columns} {rows(next(iter(group)))} GROUP BY f.customer_no"
    found = engine.sql(query).fetchnumpy()
    for place, some in enumerate(group.values()):
        yield from _of_values(found["customer_no"], found[f"v{place}"], some, size)


def _plain(known: Known, sql: str) -> str:
    return sql if known.function == "last" else f"CAST({sql} AS DOUBLE)"


def _of_values(
    numbers: Array, values: Array, leaves: list[Leaf], size: int
) -> Iterator[tuple[Leaf, Bits]]:
    values = np.ma.filled(values, np.nan if values.dtype.kind == "f" else None)
    for leaf in leaves:
        counted = isinstance(leaf.known, Known) and leaf.known.function == "count"
        nothing = counted and bool(_met(np.zeros(1), leaf.compared)[0])
        flags = np.full(size, nothing)
        flags[numbers] = _met(values, leaf.compared)
        yield leaf, np.packbits(flags)


def _met(values: Array, compared: str) -> Array:
    match compared.split():
        case ["BETWEEN", low, _, high]:
            return (values >= float(low)) & (values <= float(high))
        case [">=", limit]:
            return values >= float(limit)
        case ["<=", limit]:
            return values <= float(limit)
        case [">", limit]:
            return values > float(limit)
        case ["<", limit]:
            return values < float(limit)
        case ["=", text] if text.startswith("'"):
            return values == text.strip("'")
        case ["=", limit]:
            return values == float(limit)
    raise ValueError(compared)


def _members(rule: Rule, bits: dict[Leaf, Bits]) -> Bits:
    outer, inner = np.bitwise_and, np.bitwise_or
    if rule.outer == "OR":
        outer, inner = inner, outer
    return reduce(outer, (reduce(inner, (_part(each, bits) for each in g)) for g in rule.groups))


def _part(part: Part, bits: dict[Leaf, Bits]) -> Bits:
    return ~bits[part.leaf] & bits[EVERYBODY] if part.negated else bits[part.leaf]
