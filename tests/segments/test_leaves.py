"""Members by bits against the plain meaning, on thousands of random rules over random customers."""

from dataclasses import replace
from random import Random

import pytest
from tests.language.harness import load
from tests.language.strategies import SHOP, random_base, random_rule

from segmentry.core.types import Type
from segmentry.engines.duckdb import DuckDB
from segmentry.features.compile import CustomerSource
from segmentry.features.customers import Customers
from segmentry.features.declaration import Feature
from segmentry.features.known import Features, KnownFeature
from segmentry.language.logic import IsTrue
from segmentry.language.schema import Field
from segmentry.language.text import measures, parse_rule, parse_value
from segmentry.language.value import Name
from segmentry.segments import leaves
from segmentry.segments.bits import count, numbers
from segmentry.segments.leaves import Leaves, ready
from segmentry.sql.expression import Table

BASES, DRAWN, MIXED, CUSTOMERS = 25, 300, 6, 40
MORE = Field("more", Type.INTEGER)


def customers_of(base, engine):
    """Customers whose segments are columns of the base."""
    kept = {f"in {name}": Field(f"in {name}", Type.BOOLEAN) for name in base.schema.segments}
    schema = replace(base.schema, features={**base.schema.features, **kept})
    rules = {name: IsTrue(Name(f"in {name}")) for name in base.schema.segments}
    source = CustomerSource(Table("customers"), known_at=None)
    return Customers(engine, engine, Features(schema, {}), base.as_of, rules, source)


@pytest.mark.parametrize("seed", range(BASES))
def test_bits_and_plain_meaning_agree(seed):
    """Some hundred rules over features alone, and some that need rows."""
    rng = Random(4_000 + seed)
    base = random_base(rng, SHOP, CUSTOMERS)
    drawn = [random_rule(rng, SHOP) for _ in range(DRAWN)]
    plain = [rule for rule in drawn if not any(map(measures, rule.walk()))]
    rules = plain + [rule for rule in drawn if rule not in plain][:MIXED]
    with DuckDB(threads=1) as engine:
        load(engine, base)
        found = Leaves.of(customers_of(base, engine))
        found.compute(rules)
        for rule in rules:
            members = [n for n, each in enumerate(base.records) if rule.holds(each, base)]
            assert numbers(found.members(rule)).tolist() == members, (rule.text(), base.as_of)


def test_one_leaf_is_computed_once_from_columns_read_once(monkeypatch):
    base = random_base(Random(3), SHOP, CUSTOMERS)
    names = sorted(name for name, each in SHOP.features.items() if each.type.is_numeric)[:2]
    rules = [parse_rule(f"{names[0]} > {limit} AND {names[1]} > 1") for limit in range(40)]
    asked, seen = [], []
    real = leaves.columns
    monkeypatch.setattr(leaves, "columns", lambda c, some: asked.append(some) or real(c, some))
    with DuckDB(threads=1) as engine:
        load(engine, base)
        found = Leaves.of(customers_of(base, engine))
        found.compute(rules, lambda done, of: seen.append((done, of)))
        assert len(found.leaves(rules)) == 41
        assert asked == [(), names]
        assert seen[-1] == (41, 41)
        found.compute(rules)
        assert asked == [(), names]
        assert count(found.members(rules[0])) <= CUSTOMERS


def test_features_that_rules_read_are_computed_once_for_all():
    base = random_base(Random(3), SHOP, CUSTOMERS)
    with DuckDB(threads=1) as engine:
        load(engine, base)
        plain = customers_of(base, engine)
        node = parse_value("count(orders) + 1")
        feature = KnownFeature(Feature(name="more", expression=node.text()), node, MORE)
        schema = replace(plain.features.schema, features={**SHOP.features, "more": MORE})
        customers = replace(plain, features=Features(schema, {"more": feature}))
        rule = parse_rule("more >= 2")
        with ready(customers, [rule]) as here:
            assert here.source.ready == {"more"}
            assert any(name.startswith(leaves.READY) for (name,) in engine.rows("SHOW TABLES"))
            assert numbers(Leaves.of(here).members(rule)).tolist() == [
                number
                for number, each in enumerate(base.records)
                if parse_rule("count(orders) >= 1").holds(each, base)
            ]
        assert not any(name.startswith(leaves.READY) for (name,) in engine.rows("SHOW TABLES"))
