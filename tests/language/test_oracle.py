"""The engine and the plain meaning agree on random rules over random customers; laws hold."""

from random import Random

import pytest
from tests.language.harness import computed, load
from tests.language.strategies import SHOP, random_base, random_rule, random_value

from segmentry.engines.duckdb import DuckDB
from segmentry.language.check import check
from segmentry.language.logic import And, Not, Or
from segmentry.language.node import Base, Condition

CUSTOMERS = 14
NODES = 40


def same(found, expected):
    if isinstance(found, float) and isinstance(expected, float):
        return found == pytest.approx(expected, rel=1e-12, abs=0)
    return type(found) is type(expected) and found == expected


@pytest.mark.parametrize("seed", range(20))
def test_engine_and_plain_meaning_agree(seed):
    rng = Random(seed)
    base = random_base(rng, SHOP, CUSTOMERS)
    nodes = [
        random_rule(rng, SHOP) if number % 2 else random_value(rng, SHOP) for number in range(NODES)
    ]
    for each in nodes:
        check(each, SHOP)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        for node, column in zip(nodes, computed(engine, nodes, base), strict=True):
            for record, found in zip(base.records, column, strict=True):
                assert same(found, meaning(node, record, base)), (node.text(), record, base.as_of)


def meaning(node, record, base):
    if isinstance(node, Condition):
        return node.holds(record, base)
    return node.value(record, base)


def test_the_rules_drawn_are_not_all_trivial():
    rng = Random(5)
    base = random_base(rng, SHOP, CUSTOMERS)
    drawn = [random_rule(rng, SHOP) for _ in range(150)]
    met = [sum(rule.holds(record, base) for record in base.records) for rule in drawn]
    assert sum(0 < each < CUSTOMERS for each in met) > 70
    kinds = {node.kind for rule in [*drawn, *(random_rule(rng, SHOP) for _ in range(300))]
             for node in rule.walk()}  # fmt: skip
    assert len(kinds) >= 34


def test_a_seed_decides_everything():
    one, other = (
        [random_rule(rng, SHOP), random_base(rng, SHOP, 3)] for rng in (Random(9), Random(9))
    )
    assert one == other


def test_laws():
    rng = Random(11)
    base = random_base(rng, SHOP, CUSTOMERS)
    pairs = [(random_rule(rng, SHOP, 1), random_rule(rng, SHOP, 1)) for _ in range(12)]
    laws = [
        law
        for a, b in pairs
        for law in (
            (Not(Not(a)), a),
            (Not(And((a, b))), Or((Not(a), Not(b)))),
            (Not(Or((a, b))), And((Not(a), Not(b)))),
            (And((a, a)), a),
            (Or((a, And((a, b)))), a),
        )
    ]
    with DuckDB(threads=1) as engine:
        load(engine, base)
        found = computed(engine, [side for law in laws for side in law], base)
        for left, right in zip(found[::2], found[1::2], strict=True):
            assert left == right
        rules = [each[0] for each in pairs]
        met = computed(engine, rules, base)
        unmet = computed(engine, [Not(each) for each in rules], base)
    for yes, no in zip(met, unmet, strict=True):
        assert [not each for each in yes] == no  # never missing, neither nor both


def test_order_of_rows_and_customers_does_not_matter():
    rng = Random(13)
    base = random_base(rng, SHOP, CUSTOMERS)
    shuffled = []
    for record in base.records:
        facts = {name: rng.sample(rows, len(rows)) for name, rows in record.facts.items()}
        shuffled.append(type(record)(record.customer_id, record.features, facts, record.segments))
    other = Base(base.as_of, shuffled[::-1], base.schema)
    drawn = [random_rule(rng, SHOP) for _ in range(40)]
    with DuckDB(threads=2) as engine:
        load(engine, base)
        first = computed(engine, drawn, base)
        load(engine, other)
        second = computed(engine, drawn, other)
    assert first == [column[::-1] for column in second]
