"""Every node of the language on every engine, on the literal rows of its cases."""

import pytest
from tests.language.harness import computed, load
from tests.language.strategies import SHOP
from tests.language.test_nodes import BASE, CASES
from tests.language.test_oracle import meaning, same

from segmentry.language.text import parse_rule, parse_value

TOGETHER = 25
NODES = [parse_rule(each["rule"], SHOP) for each in CASES["rules"]]
NODES += [parse_value(each["value"], SHOP) for each in CASES["values"]]
NODES.append(parse_value("random_share('summer')", SHOP))


@pytest.fixture(scope="module")
def shop(engine):
    load(engine, BASE)
    return engine


@pytest.mark.parametrize("start", range(0, len(NODES), TOGETHER))
def test_every_node(shop, start):
    nodes = NODES[start : start + TOGETHER]
    for node, column in zip(nodes, computed(shop, nodes, BASE), strict=True):
        for record, found in zip(BASE.records, column, strict=True):
            assert same(found, meaning(node, record, BASE)), (node.text(), record.customer_id)
