"""Random rules over random customers: every engine says what DuckDB says, and what is meant.

All customers are compared with DuckDB, some with the plain meaning in Python, which is slow. Run as
a module: `python -m tests.engines.fuzz --engine postgres --rules 100000 --customers 1000 --seed 1`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from random import Random
from time import perf_counter
from typing import Any

from tests.engines.start import ENGINES
from tests.features.test_compile import plan
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base, random_rule
from tests.language.test_oracle import meaning, same

from segmentry.core.types import Value
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.engine import Engine
from segmentry.language.node import Base, Condition, Statistic, WeightedMeasure

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


class Remembering(Base):
    """The same customers; what concerns all of them together is worked out once."""

    @cached_property
    def _known(self) -> dict[object, Any]:
        return {}

    def _once(self, asked: Hashable, find: Callable[[], Any]) -> Any:
        if asked not in self._known:
            self._known[asked] = find()
        return self._known[asked]

    def statistic(self, statistic: Statistic) -> float | None:
        """A limit of a feature over all customers."""
        found: float | None = self._once(statistic, lambda: Base.statistic(self, statistic))
        return found

    def weights(self, measure: WeightedMeasure) -> Mapping[Value, Any]:
        """How much each value of a field weighs with all customers together."""
        found: Mapping[Value, Any] = self._once(measure, lambda: Base.weights(self, measure))
        return found


def differences(
    engine: Engine, rules: int, customers: int, seed: int, per_query: int = PER_QUERY
) -> Iterator[Difference]:
    """What an engine says otherwise than DuckDB or the plain meaning, of so many random rules.

    DuckDB itself is held against the plain meaning only.
    """
    rng = Random(seed)
    with ExitStack() as stack:
        others = [] if isinstance(engine, DuckDB) else [stack.enter_context(DuckDB(threads=1))]
        for start in range(0, rules, PER_BASE):
            drawn = random_base(rng, SHOP, customers)
            base = Remembering(drawn.as_of, drawn.records, drawn.schema)
            for each in (engine, *others):
                load(each, base)
            left = min(PER_BASE, rules - start)
            for first in range(0, left, per_query):
                nodes = {
                    f"n{number}": random_rule(rng, SHOP)
                    for number in range(min(per_query, left - first))
                }
                yield from compared(engine, others, base, nodes, rng)


def compared(
    engine: Engine,
    others: Sequence[Engine],
    base: Base,
    nodes: dict[str, Condition],
    rng: Random,
) -> Iterator[Difference]:
    """What an engine says otherwise of these rules; the base is loaded on all."""
    found = said(engine, base, nodes)
    sample = rng.sample(range(len(base.records)), min(HELD, len(base.records)))
    for other in others:
        expected = said(other, base, nodes)
        for name, node in nodes.items():
            if found[name] != expected[name]:
                pairs = enumerate(zip(found[name], expected[name], strict=True))
                place = next(number for number, (ours, theirs) in pairs if ours != theirs)
                yield _difference(node, base, place, found[name], expected[name][place], "DuckDB")
    for name, node in nodes.items():
        for place in sample:
            meant = meaning(node, base.records[place], base)
            if not same(found[name][place], meant):
                yield _difference(node, base, place, found[name], meant, "meaning")


def said(engine: Engine, base: Base, nodes: Mapping[str, Condition]) -> dict[str, list[object]]:
    """What an engine says of each rule, customer by customer."""
    rows = engine.fetch(plan(base).query(nodes)).sort_by("customer_no")
    assert rows.column("customer_no").to_pylist() == list(range(len(base.records)))
    return {name: rows.column(name).to_pylist() for name in nodes}


def _difference(
    node: Condition, base: Base, place: int, found: Sequence[object], expected: object, by: str
) -> Difference:
    return Difference(node.text(), str(base.as_of), base.records[place], found[place], expected, by)


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
