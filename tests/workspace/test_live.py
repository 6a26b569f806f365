"""One customer in the process gets what loading, refreshing and looking up would give."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pyarrow as pa
import pytest
from tests.language.strategies import random_rule
from tests.workspace.conftest import START
from tests.workspace.test_order import surveys

from segmentry.core.errors import InputError, NotFoundError, UnknownNameError, UsageError

WHEN = "2026-01-10"
CUSTOMERS = 36
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
        for number in range(40):
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
    assert len(fresh) > 30
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


def test_sorted_rows_say_the_same_until_something_is_loaded(shop, draw):
    shop.segment("buyers", "frequency >= 2 AND any(events)")
    shop.refresh(WHEN)
    ids = [row["customer_id"] for row in shop.columns([], WHEN)]
    plain = [shop.live.standing(each) for each in ids]
    shop.live.sort()
    live = shop.live
    assert live._rows.is_sorted
    assert [live.standing(each) for each in ids] == plain
    frames, _ = draw
    shop.load(**frames(9, datetime(2026, 1, 5), 3, range(5, 20), mark="late-"))
    assert not shop.live._rows.is_sorted
    shop.live.sort()
    assert shop.live._rows.is_sorted


def test_who_counts_for_another_a_list_and_a_consent(make_shop, draw):
    frames, things = draw
    shop = make_shop(things(range(20)), frames(1, START, 300, range(20)), surveys(3))
    shop.duplicates.merge("c5", "c6")
    shop.lists.add("chosen", pa.table({"customer_id": ["c7"]}))
    shop.segment("listed", "in_list('chosen')")
    shop.segment("asked", "any(consents, where => given) AND city IS NOT NULL")
    shop.refresh(WHEN)
    live = shop.live
    for each in shop.segments():
        members = {row["customer_id"] for row in each.members(WHEN)}
        found = {row["customer_id"] for row in shop.columns([], WHEN)
                 if each.name in live.standing(row["customer_id"]).segments}  # fmt: skip
        assert found == members
    assert live.standing("c6").groups == live.standing("c5").groups


def test_instants_and_what_is_refused(shop):
    with pytest.raises(UsageError, match="nothing was refreshed"):
        shop.live.standing("c7")
    shop.refresh(WHEN)
    live = shop.live
    assert live.standing("c7").as_of == WHEN
    order = {"order_id": "fresh", "ordered_at": NEW + timedelta(days=40), "amount": Decimal(7)}
    later = live.standing("c7", {"orders": [order]})
    assert later.as_of > later.base_as_of == WHEN
    assert live.meets("c7", "days_since_last(orders) = 0", {"orders": [order]})
    assert live.standing("c7", {"orders": [order]}, WHEN) == live.standing("c7", None, WHEN)
    assert live.standing("somebody", {"orders": [order]}).groups["lifecycle"] == "New"
    with pytest.raises(NotFoundError):
        live.standing("somebody")
    with pytest.raises(NotFoundError):
        live.standing("somebody", {"orders": [order]}, WHEN)
    for wrong in (
        {"ordered_at": NEW},
        {"ordered_at": "soon", "amount": 1},
        {"ordered_at": NEW, "amount": "many"},
        {"amount": 1},
        {"ordered_at": NEW, "lines": [{"product_id": "p1"}]},
    ):
        with pytest.raises(InputError):
            live.standing("c7", {"orders": [wrong]})
    with pytest.raises(UnknownNameError):
        live.standing("c7", {"orders": [order | {"colour": "red"}]})
    with pytest.raises(UnknownNameError):
        live.standing("c7", {"visits": []})


def test_an_order_that_is_loaded_already_is_replaced_and_states_count(shop):
    shop.refresh(WHEN)
    live, known = (
        shop.live,
        shop.engine.rows(
            "SELECT customer_id, order_id FROM orders JOIN customers USING (customer_no)"
            " WHERE is_purchase ORDER BY ALL LIMIT 1"
        ),
    )
    [(who, order_id)] = known
    before = live.customer(who)
    again = {"order_id": order_id, "ordered_at": NEW, "amount": 5}
    after = live.customer(who, {"orders": [again]})
    assert after.feature("frequency") == before.feature("frequency")
    new = {"ordered_at": NEW, "amount": 5}
    assert (
        live.customer(who, {"orders": [new]}).feature("frequency")
        == before.feature("frequency") + 1
    )
    cancelled = live.customer(who, {"orders": [new | {"status": "Cancelled"}]})
    assert cancelled.feature("frequency") == before.feature("frequency")
