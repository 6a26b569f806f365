"""The benchmark of scale measures three ways of doing the same, so they must find the same."""

import pytest
from benchmarks.scale import ours, plain, shop, source, usual

SMALL = source.Shop(customers=300)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    target = tmp_path_factory.mktemp("scale")
    return shop.make(SMALL, target, source.write(SMALL, target))


def test_every_way_finds_the_same_members(folder):
    found = plain.run(str(folder))

    assert usual.run(str(folder), sample=100).items() <= found.items()
    assert ours.evaluate(str(folder)) == found
    assert sum(found.values()) > 0


def test_a_day_is_new_and_in_order_of_time(folder, tmp_path):
    day = source.write_day(SMALL, tmp_path)
    with shop.opened(folder) as workspace:
        before = workspace.as_of()
        shop.load(workspace, day)
        [(orders, first)] = workspace.engine.rows(
            "SELECT count(*), min(ordered_at) FROM orders WHERE ordered_at >= ?", [before.instant]
        )

    assert orders == 4
    assert first >= before.instant
