"""Decisions about duplicates: merged, refused, taken back, and remembered."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

import pyarrow as pa
import pytest

from segmentry.core.errors import NotFoundError, UsageError
from segmentry.workspace.workspace import Workspace

SIX = ("a", "b", "c", "d", "e", "f")


@pytest.fixture
def shop(tmp_path):
    """Six records that differ in next to nothing, each with an order of its own amount."""
    with Workspace.create(tmp_path / "shop") as made:
        ticks = count()
        made.clock = lambda: datetime(2026, 11, 1) + timedelta(minutes=next(ticks))
        made.load(
            customers=pa.table(
                {
                    "customer_id": SIX,
                    "email": ["olena@shop.test"] * 6,
                    "first_name": ["Olena"] * 6,
                    "last_name": ["Koval"] * 6,
                    "phone": ["+380501234567", *[None] * 5],
                }
            ),
            orders=pa.table(
                {
                    "order_id": [f"o{each}" for each in SIX],
                    "customer_id": SIX,
                    "ordered_at": [datetime(2026, 1, 1 + day) for day in range(6)],
                    "amount": [Decimal(10**place) for place in range(6)],
                }
            ),
        )
        yield made


def monetary(shop):
    return {row["customer_id"]: int(row["monetary"]) for row in shop.columns(["monetary"])}


APART = {each: 10**place for place, each in enumerate(SIX)}


def test_merge_and_undo_are_seen_by_every_question(shop):
    shop.refresh()
    merged = shop.duplicates.merge("c", "a", "b", reason="one card")
    assert monetary(shop) == {"c": 111, "d": 1000, "e": 10_000, "f": 100_000}
    assert shop.customer("c", "frequency = 3").member
    with pytest.raises(NotFoundError):
        shop.customer("a", "frequency = 3")
    assert shop.refresh().rebuilt
    undone = shop.duplicates.undo(merged)
    assert monetary(shop) == APART
    assert [(each.number, each.kind, each.customers) for each in shop.duplicates.history()] == [
        (undone, "undo", ("c", "a", "b")),
        (merged, "merge", ("c", "a", "b")),
    ]
    assert shop.duplicates.history()[1].undone_by == undone
    assert shop.duplicates.history()[1].reason == "one card"


def test_merges_are_undone_one_by_one_in_any_order(shop):
    first = shop.duplicates.merge("a", "b")
    second = shop.duplicates.merge("c", "b")
    third = shop.duplicates.merge("d", "c")
    assert monetary(shop) == {"d": 1111, "e": 10_000, "f": 100_000}
    shop.duplicates.undo(second)
    assert monetary(shop) == {"a": 11, "d": 1100, "e": 10_000, "f": 100_000}
    shop.duplicates.undo(first)
    shop.duplicates.undo(third)
    assert monetary(shop) == APART


def test_all_that_is_probable_becomes_one_customer(shop):
    shop.duplicates.find()
    assert shop.duplicates.count() == 15
    made = shop.duplicates.merge_all()
    assert (len(made.decisions), made.records) == (1, 6)
    assert monetary(shop) == {"a": 111_111}  # the record of which most is known
    assert shop.duplicates.candidates() == []
    assert shop.duplicates.merge_all().decisions == ()
    shop.duplicates.undo(made.decisions[0])
    assert monetary(shop) == APART


def test_a_refused_pair_never_comes_again_nor_is_joined_through_others(shop):
    shop.duplicates.find()
    shop.duplicates.refuse("a", "b", "sisters")
    for _ in range(2):
        assert ("a", "b") not in {
            (each.customer_id, each.other_id) for each in shop.duplicates.candidates()
        }
        shop.duplicates.find()
    shop.duplicates.merge_all()
    found = monetary(shop)
    assert len(found) == 2
    assert sum(found.values()) == 111_111
    assert not any(each % 100 == 11 for each in found.values())
    assert shop.duplicates.merge_all().decisions == ()


def test_a_refused_pair_is_not_merged_by_hand_through_a_third(shop):
    refused = shop.duplicates.refuse("a", "b")
    shop.duplicates.merge("c", "a")
    with pytest.raises(UsageError, match="`a` and `b` were refused"):
        shop.duplicates.merge("c", "b")
    with pytest.raises(UsageError, match="`a` and `b` were refused"):
        shop.duplicates.merge("d", "c", "b")
    assert len(monetary(shop)) == 5  # nothing of the second merge is left
    shop.duplicates.undo(refused)
    shop.duplicates.merge("c", "b")
    assert monetary(shop)["c"] == 111


def test_what_is_one_customer_cannot_be_refused_or_merged_again(shop):
    shop.duplicates.merge("a", "b")
    with pytest.raises(UsageError, match="one customer now"):
        shop.duplicates.refuse("b", "a")
    with pytest.raises(UsageError, match="already"):
        shop.duplicates.merge("b", "a")
    with pytest.raises(UsageError, match="one customer now"):
        shop.duplicates.refuse("c", "c")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (lambda found: found.merge("a"), UsageError),
        (lambda found: found.merge("a", "nobody"), NotFoundError),
        (lambda found: found.merge("a", "a"), UsageError),
        (lambda found: found.refuse("nobody", "a"), NotFoundError),
        (lambda found: found.undo(99), NotFoundError),
        (lambda found: found.undo(found.undo(found.merge("a", "b"))), UsageError),
        (lambda found: [found.undo(n) for n in [found.merge("a", "b")] * 2], UsageError),
        (lambda found: found.merge_all(0.3), UsageError),
        (lambda found: found.merge_all(1.5), UsageError),
    ],
)
def test_wrong_use_says_so_and_changes_nothing(shop, wrong, error):
    with pytest.raises(error):
        wrong(shop.duplicates)
    assert sum(monetary(shop).values()) == 111_111


def test_later_loads_join_what_was_merged(shop):
    shop.duplicates.merge("a", "b")
    shop.load(
        orders=pa.table(
            {
                "order_id": ["new"],
                "customer_id": ["b"],
                "ordered_at": [datetime(2026, 2, 1)],
                "amount": [Decimal(5)],
            }
        )
    )
    assert monetary(shop)["a"] == 16


def test_nothing_was_searched_for_yet(shop):
    assert shop.duplicates.found_at() is None
    assert shop.duplicates.candidates() == []
    assert shop.duplicates.merge_all().decisions == ()
    assert shop.duplicates.history() == []
