"""Every feature of the library and every ready-made segmentation, on every engine.

A shop with all facts is computed on the desk and on the engine, as of instants at which something
is odd, and compared customer by customer.
"""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest
from scipy.stats import rankdata
from tests.engines.start import for_few_rows, is_brief, is_desk
from tests.language.test_oracle import same
from tests.workspace.conftest import CLOCK, START, frames, things

from segmentry.models.prediction.inputs import chosen_inputs
from segmentry.models.prediction.ranks import RANK, RFM
from segmentry.models.prediction.rows import Reader
from segmentry.models.prediction.target import Target
from segmentry.workspace.warehouse import Warehouse
from segmentry.workspace.workspace import Workspace

PEOPLE = range(80)
TOGETHER = 60
READ = ("recency_days", "revenue_90d", "preferred_channel", "ordered_since_cart")
ZONES = ("Europe/Kyiv", "Asia/Tehran")
MOMENTS = (datetime(2025, 12, 31, 23), datetime(2025, 10, 26, 1, 30), START)


@pytest.fixture(scope="module", params=ZONES)
def shop(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop") / "shop"
    with Workspace.create(folder, timezone=request.param) as made:
        made.clock = lambda: CLOCK
        made.load(**things(PEOPLE))
        made.load(**frames(3, START, 400, range(5, 80)))
        yield made


@pytest.fixture
def followed(shop, engine):
    """The shop's desk, and the engine with the same relations."""
    warehouse = Warehouse(shop.engine, engine)
    for name in engine.tables():
        engine.drop(name)
    warehouse.follow(shop.features().schema)
    return warehouse


@pytest.mark.parametrize("when", MOMENTS)
def test_every_feature(shop, followed, when):
    if is_brief(followed.engine):
        pytest.skip("Spark's features: make engines; and in test_workspace.")
    if is_desk(followed.engine):
        pytest.skip("It is what the others are held against.")
    customers = shop.customers(when)
    features = customers.features
    assert len(features.known) > 150
    names = [*features.known, *(each for each in features.schema.listed if each not in features)]
    for start in range(0, len(names), TOGETHER):
        query = customers.query(customers.named(names[start : start + TOGETHER]))
        ours, theirs = (
            each.fetch(query).sort_by("customer_no") for each in (followed.engine, followed.desk)
        )
        assert [*ours.schema] == [*map(signed, theirs.schema)]
        assert ours.num_rows == theirs.num_rows
        for name in ours.column_names:
            mine, other = (each.column(name).to_pylist() for each in (ours, theirs))
            assert all(map(same, mine, other)), (name, differing(mine, other))


def signed(field):
    """Small numbers without a sign are the desk's alone."""
    return field.with_type(pa.int16()) if pa.types.is_uint8(field.type) else field


def differing(mine, other):
    return [pair for pair in zip(mine, other, strict=True) if not same(*pair)][:3]


def test_every_group(shop, followed):
    """Groups are texts: the engines agree on every letter."""
    if is_brief(followed.engine):
        pytest.skip("Spark's groups: make engines; and in test_workspace.")
    when = MOMENTS[0]
    customers = shop.customers(when)
    groups = {each.feature for each in shop.segmentations() if each.feature in customers.features}
    assert len(groups) > 20
    query = customers.by_id(sorted(groups))
    assert followed.engine.fetch(query).equals(followed.desk.fetch(query))


def test_what_a_prediction_reads_and_ranks(shop, followed):
    customers = replace(shop.customers(MOMENTS[0]), engine=followed.engine)
    target = Target(kind="churn", active_days=300)
    inputs = chosen_inputs(customers.features, READ)
    reader = Reader(lambda _: customers, target, inputs)
    with for_few_rows(followed.engine):
        found = reader.rows(customers, target.asked())
    assert 10 < len(found) < len(PEOPLE)
    assert len(np.unique(found.column(RFM[1]))) < len(found)  # some share a rank
    for name, sign in zip(RFM, (-1, 1, 1), strict=True):
        expected = (rankdata(sign * found.column(name)) - 0.5) / len(found)
        np.testing.assert_array_equal(found.column(name + RANK), expected)
    if not is_desk(followed.engine):
        there = reader.rows(replace(customers, engine=followed.desk), target.asked())
        assert found.table.equals(there.table)
        assert found.numbers.tolist() == there.numbers.tolist()
