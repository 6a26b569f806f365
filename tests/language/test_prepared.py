"""A prepared node says what the node says, of every customer."""

from random import Random

import pytest
from tests.language.strategies import SHOP, random_base, random_rule, random_value
from tests.language.test_oracle import meaning

from segmentry.language.names import row_schema
from segmentry.language.node import Record
from segmentry.language.prepared import Prepared


@pytest.mark.parametrize("seed", range(8))
def test_prepared_and_plain_meaning_agree(seed):
    rng = Random(100 + seed)
    base = random_base(rng, SHOP, 12)
    prepared = Prepared(SHOP, base.as_of.timezone)
    for number in range(80):
        node = random_rule(rng, SHOP) if number % 2 else random_value(rng, SHOP)
        asked = prepared(node)
        for record in base.records:
            found, expected = asked(record, base), meaning(node, record, base)
            assert type(found) is type(expected), node.text()
            assert found == expected, (node.text(), record)


def test_conditions_on_rows_too():
    rng = Random(5)
    base = random_base(rng, SHOP, 6)
    fact = SHOP.fact("orders")
    prepared = Prepared(row_schema(fact), base.as_of.timezone)
    checked = 0
    for _ in range(60):
        for node in random_rule(rng, SHOP).walk():
            where = getattr(node, "where", None)
            if where is None or getattr(node, "fact", "") != "orders":
                continue
            for record in base.records:
                for row in record.facts["orders"]:
                    here = Record(record.customer_id, features=row)
                    met = base.meets(where, row, fact, record)
                    assert prepared(where)(here, base) == met, where.text()
                    checked += 1
    assert checked > 100
