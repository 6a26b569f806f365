"""One customer in the process gets what loading, refreshing and looking up would give."""

from __future__ import annotations

from datetime import datetime
from random import Random

import pytest
from tests.language.strategies import random_rule
from tests.workspace.conftest import START
from tests.workspace.test_order import surveys

WHEN = "2026-01-10"
CUSTOMERS = 60
NEW = datetime(2025, 12, 20)


@pytest.fixture
def pair(make_shop, draw):
    """The same shop before and after fresh records are loaded; they are the records too."""
    frames, things = draw
    old = [things(range(CUSTOMERS)), frames(1, START, 340, range(5, CUSTOMERS)), surveys(3)]
    fresh = frames(7, NEW, 20, range(CUSTOMERS + 5), mark="new-")
    shops = make_shop(*old), make_shop(*old, fresh)
    for shop in shops:
        rng = Random(11)
        schema = shop.features().schema
        for number in range(60):
            shop.segment(f"random_{number}", random_rule(rng, schema).text())
        shop.segment("both", "in_segment('random_1') OR in_segment('random_2')")
        shop.refresh(WHEN)
    return *shops, records(fresh)


def records(fresh):
    """Fresh records by customer, as one would send them; lines inside their orders."""
    found = {}
    orders = {}
    for name, table in fresh.items():
        for row in table.to_pylist():
            here = found.setdefault(row.pop("customer_id"), {})
            if name != "order_lines":
                here.setdefault(name, []).append(row)
            if name == "orders":
                orders[row["order_id"]] = row
            if name == "order_lines":
                order = orders[row.pop("order_id")]
                row.pop("ordered_at")
                order.setdefault("lines", []).append(row)
    return found


def same(found, expected):
    if isinstance(expected, float):
        return found == pytest.approx(expected, rel=1e-9)
    return type(found) is type(expected) and found == expected


def test_as_if_it_had_been_loaded(pair):
    before, after, fresh = pair
    live = before.live
    live.__dict__["_others"] = after.live._others  # of the same state
    features = after.features()
    names = [*features.known, *(each for each in features.schema.features)]
    table = {row["customer_id"]: row for row in after.columns(list(dict.fromkeys(names)), WHEN)}
    members = {
        each.name: {row["customer_id"] for row in each.members(WHEN)} for each in after.segments()
    }
    assert len(fresh) > 50
    for who, row in table.items():
        one = live.customer(who, fresh.get(who), WHEN)
        for name, expected in row.items():
            if name != "customer_id":
                assert same(one.feature(name), expected), (who, name)
        standing = live.standing(who, fresh.get(who), WHEN)
        assert set(standing.segments) == {name for name, here in members.items() if who in here}
        groups = {each.name: each.feature for each in after.segmentations()}
        for name, group in standing.groups.items():
            assert group == row[groups[name]]
