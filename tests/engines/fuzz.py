"""Random rules over random customers: every engine says what DuckDB says, and what is meant.

All customers are compared with DuckDB, some with the plain meaning in Python, which is slow. Run as
a module: `python -m tests.engines.fuzz --engine postgres --rules 100000 --customers 1000 --seed 1`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from time import perf_counter

from tests.engines.start import ENGINES
from tests.features.test_compile import plan
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base, random_rule
from tests.language.test_oracle import meaning, same

from segmentry.engines.duckdb import DuckDB
from segmentry.engines.engine import Engine
from segmentry.language.node import Base, Condition

PER_QUERY = 20
PER_BASE = 500
HELD = 3
"""Customers for which a rule is held against the plain meaning."""


@dataclass(frozen=True)
class Difference:
    """A rule that two do not agree on."""

    rule: str
    as_of: str
    customer: object
    found: object
    expected: object
    by: str


def differences(engine: Engine, rules: int, customers: int, seed: int) -> Iterator[Difference]:
    """What an engine says otherwise than DuckDB or the plain meaning, of so many random rules."""
    rng = Random(seed)
    with DuckDB(threads=1) as desk:
        for start in range(0, rules, PER_BASE):
            base = random_base(rng, SHOP, customers)
            load(desk, base)
            load(engine, base)
            left = min(PER_BASE, rules - start)
            for first in range(0, left, PER_QUERY):
                nodes = {
                    f"n{number}": random_rule(rng, SHOP)
                    for number in range(min(PER_QUERY, left - first))
                }
                yield from compared(engine, desk, base, nodes, rng)


def compared(
    engine: Engine, desk: DuckDB, base: Base, nodes: dict[str, Condition], rng: Random
) -> Iterator[Difference]:
    """What an engine says otherwise of these rules; the base is loaded on both."""
    query = plan(base).query(nodes)
    found, expected = engine.fetch(query), desk.fetch(query)
    ours, theirs = (each.sort_by("customer_no").combine_chunks() for each in (found, expected))
    numbers = theirs.column("customer_no").to_pylist()
    assert ours.column("customer_no").to_pylist() == numbers == list(range(len(base.records)))
    sample = rng.sample(numbers, min(HELD, len(numbers)))
    for name, node in nodes.items():
        mine, other = ours.column(name).to_pylist(), theirs.column(name).to_pylist()
        if mine != other:
            place = next(n for n in numbers if mine[n] != other[n])
            yield Difference(
                node.text(),
                str(base.as_of),
                base.records[place],
                mine[place],
                other[place],
                "DuckDB",
            )
        for place in sample:
            meant = meaning(node, base.records[place], base)
            if not same(mine[place], meant):
                yield Difference(
                    node.text(), str(base.as_of), base.records[place], mine[place], meant, "meaning"
                )


def main() -> int:
    """Compare, and say how long it took; 1 if there was a difference."""
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("--engine", choices=ENGINES, default="postgres")
    read.add_argument("--rules", type=int, default=100_000)
    read.add_argument("--customers", type=int, default=1_000)
    read.add_argument("--seed", type=int, default=1)
    given = read.parse_args()
    began, count = perf_counter(), 0
    with ENGINES[given.engine]() as engine:
        for each in differences(engine, given.rules, given.customers, given.seed):
            count += 1
            sys.stdout.write(f"{each}\n")
    sys.stdout.write(
        f"{given.rules:,} rules × {given.customers:,} customers on {given.engine}, seed"
        f" {given.seed}: {count} differences, {perf_counter() - began:.0f} s\n"
    )
    return min(count, 1)


if __name__ == "__main__":
    raise SystemExit(main())
