"""The trust score is remembered, and never outlives the data it was given for."""

from pathlib import Path

import pyarrow as pa
import pytest

import segmentry as sg
from segmentry.api.desks import Desks
from segmentry.core.errors import BusyError
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
LATER = AsOf.parse("2024-02-02", "UTC")


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
    assert trust.recall(shop.engine, LATER) is None


def test_a_refresh_remembers_it(shop):
    shop.refresh(DAY)
    assert trust.recall(shop.engine, DAY) == shop.check(DAY)[0].score


def test_a_load_makes_it_be_asked_anew(shop):
    before = shop.trust(DAY)
    shop.load(orders=pa.table(GUESTS))
    assert trust.recall(shop.engine, DAY) is None
    assert shop.trust(DAY) < before


def test_who_asks_beside_a_refresh_stands_in_nobodys_way(shop):
    shop.refresh(DAY)
    folder = shop.folder
    shop.load(orders=pa.table(GUESTS))
    shop.close()
    desks = Desks(folder)
    with desks.taken() as one, one.warehouse.transaction():
        with desks.reading() as first:
            before = first.trust(DAY)
        trust.renew(one, DAY)
        with desks.reading() as other:
            assert other.trust(DAY) == before
            assert other.trust(LATER) == other.check(LATER)[0].score
        one.segment("many", "frequency > 1")
        trust.renew(one, LATER)
    with desks.reading() as after:
        assert trust.recall(after.engine, DAY) == before
    desks.close()


def test_of_two_who_change_the_same_the_slower_is_told(shop):
    shop.trust(DAY)
    folder = shop.folder
    shop.close()
    desks = Desks(folder)
    with desks.taken() as one, desks.taken() as other:
        with one.engine.transaction():
            trust.renew(one, DAY)
            with pytest.raises(BusyError, match="somebody else changed the same"):
                trust.renew(other, DAY)
        assert trust.recall(other.engine, DAY) == one.trust(DAY)
    desks.close()
