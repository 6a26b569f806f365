"""Of some customers by themselves every feature is what it is among all."""

import pytest
from tests.language.test_oracle import same
from tests.workspace.conftest import CLOCK, START, frames, things

from segmentry.features.drawn import drawn
from segmentry.language.text import parse_rule
from segmentry.workspace.workspace import Workspace

SOME = parse_rule("random_share('drawn') < 0.4")
COMPARED = {"expected_gap_days", "r_score", "distinctive_category"}


@pytest.fixture(scope="module")
def customers(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("shop") / "shop") as shop:
        shop.clock = lambda: CLOCK
        shop.load(**things(range(60)))
        shop.load(**frames(3, START, 300, range(5, 60)))
        yield shop.customers(START)


def test_every_feature_is_what_it_is_among_all(customers):
    names = list(customers.features.known)
    nodes = customers.named(names)
    with drawn(customers, SOME, nodes.values()) as few:
        assert few is not customers
        assert COMPARED <= few.source.ready < {*names}
        found = few.engine.fetch(few.query(nodes)).sort_by("customer_no")
    there = customers.engine.fetch(customers.query(nodes, SOME)).sort_by("customer_no")
    assert 10 < found.num_rows == there.num_rows < 50
    for name in there.column_names:
        pairs = zip(found.column(name).to_pylist(), there.column(name).to_pylist(), strict=True)
        assert all(same(*each) for each in pairs), name
    assert not [each for each in customers.desk.tables() if each.startswith("drawn")]


def test_what_compares_by_itself_needs_everybody(customers):
    nodes = [parse_rule("monetary > base_quantile(monetary, 0.5)")]
    with drawn(customers, SOME, nodes) as few:
        assert few is customers
