"""The trust score is remembered, and never outlives the data it was given for."""

from pathlib import Path

import pyarrow as pa
import pytest

import segmentry as sg
from segmentry.core.time import AsOf
from segmentry.workspace import trust

ORDERS = {
    "order_id": ["1", "2"],
    "customer_id": ["a", "b"],
    "ordered_at": ["2024-01-05", "2024-01-06"],
    "amount": [10.0, 20.0],
}
GUESTS = ORDERS | {"order_id": ["3", "4"], "customer_id": ["a", None]}
DAY = AsOf.parse("2024-02-01", "UTC")


@pytest.fixture
def shop(tmp_path: Path):
    with sg.create(str(tmp_path / "shop")) as workspace:
        workspace.load(orders=pa.table(ORDERS))
        yield workspace


def test_the_score_is_that_of_the_checks(shop):
    assert shop.trust(DAY) == shop.check(DAY)[0].score


def test_it_is_remembered_for_an_instant(shop):
    assert trust.recall(shop.engine, DAY) is None
    score = shop.trust(DAY)
    assert trust.recall(shop.engine, DAY) == score
    assert trust.recall(shop.engine, AsOf.parse("2024-02-02", "UTC")) is None


def test_a_refresh_remembers_it(shop):
    shop.refresh(DAY)
    assert trust.recall(shop.engine, DAY) == shop.check(DAY)[0].score


def test_a_load_makes_it_be_asked_anew(shop):
    before = shop.trust(DAY)
    shop.load(orders=pa.table(GUESTS))
    assert trust.recall(shop.engine, DAY) is None
    assert shop.trust(DAY) < before
