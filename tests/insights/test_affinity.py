"""What is bought together is counted as one would by hand; chance is not taken for more."""

import random
from datetime import datetime
from itertools import combinations

import numpy as np
import pytest
from tests.insights.conftest import put

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.insights.affinity import SURE, together
from segmentry.insights.basket import BUCKETS, Baskets, baskets

AT = datetime(2025, 5, 1)
AS_OF = AsOf.parse("2025-06-01", "UTC")


def lines(engine: DuckDB, orders: list[tuple[int | None, set[str]]]) -> None:
    """A table of lines: each order with its customer and what is in it."""
    rows = [
        (f"o{place}", who, AT, item, "purchase")
        for place, (who, items) in enumerate(orders)
        for item in (*items, *list(items)[:1])  # one is bought twice
    ]
    rows += [("o0", 0, AT, "z", "return"), ("later", 0, datetime(2025, 6, 1), "z", "purchase")]
    names = ("order_id", "customer_no", "ordered_at", "product_id", "kind")
    put(engine, "counted_order_lines", [{**dict(zip(names, each, strict=True)), "is_product": True}
                                        for each in rows])  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_counts_by_hand(engine, seed):
    draw = random.Random(seed)
    orders = [
        (draw.choice([None, *range(60)]), set(draw.sample("abcdefg", draw.randrange(1, 6))))
        for _ in range(150)
    ]
    lines(engine, orders)
    engine.create("those", "SELECT i::INTEGER AS customer_no, i < 40 AS member FROM range(60) t(i)")
    found = baskets(engine, AS_OF, "product_id", members="those", least=0.1, size=3)
    inside = [items for who, items in orders if who is not None and who < 40]
    others = [items for who, items in orders if who is None or who >= 40]
    assert found.orders.sum(axis=1).tolist() == [len(inside), len(others)]
    by_hand = {
        each: [sum(set(each) <= items for items in side) for side in (inside, others)]
        for size in (2, 3)
        for each in combinations("abcdefg", size)
    }
    expected = {key: each for key, each in by_hand.items() if each[0] >= found.least}
    shown = {
        tuple(found.items[item] for item in places): counts.sum(axis=1).tolist()
        for places, counts in zip(found.sets, found.with_set, strict=True)
    }
    assert shown == expected
    [first, *_] = together(found)
    names = tuple(each.item for each in first.things)
    assert first.orders == by_hand[names][0]
    assert first.support == pytest.approx(by_hand[names][0] / len(inside))
    assert first.other_support == pytest.approx(by_hand[names][1] / len(others))
    assert first.things[0].confidence == pytest.approx(
        by_hand[names][0] / sum(set(names[1:]) <= each for each in inside)
    )


def drawn(seed: int, *, planted: bool) -> Baskets:
    """Counts of 400 customers who buy eight things, each with a taste and a pace of its own."""
    draw = np.random.Generator(np.random.PCG64(seed))
    customers, items = 400, 8
    taste = draw.beta(2, 6, (customers, items))
    orders = 1 + draw.poisson(draw.gamma(1, 6, customers))
    who = np.repeat(np.arange(customers), orders)
    # tastes of customers are independent of one another, so that chance is all there is
    held = draw.random((len(who), items)) < taste[who]
    if planted:
        held[:, 1] = np.where(draw.random(len(who)) < 0.3, held[:, 0], held[:, 1])
    bucket = who % BUCKETS
    places = list(combinations(range(items), 2))

    def count(rows: np.ndarray) -> np.ndarray:
        return np.bincount(bucket, rows, BUCKETS)

    whole, nobody = count(np.ones(len(who))), np.zeros(BUCKETS)
    return Baskets(
        items=tuple("abcdefgh"),
        sets=tuple(places),
        orders=np.stack([whole, nobody]),
        with_item=np.array([[count(held[:, each]), nobody] for each in range(items)]),
        with_set=np.array([[count(held[:, a] & held[:, b]), nobody] for a, b in places]),
        least=1,
    )


def test_chance_is_not_certain_and_intervals_hold_it():
    wrong, held, pairs = 0, 0, 0
    for seed in range(40):
        found = together(drawn(seed, planted=False))
        wrong += any(each.certain for each in found)
        held += sum(each.lift.low <= 1 <= each.lift.high for each in found)
        pairs += len(found)
    assert wrong <= 5, "5 % of sets of tests may have one that is not there"
    assert 0.92 <= held / pairs <= 0.98


def test_what_is_planted_is_found_first():
    [first, second, *_] = together(drawn(3, planted=True))
    assert [each.item for each in first.things] == ["a", "b"]
    assert first.certain
    assert first.chance < SURE / 100
    assert not second.certain


def test_too_few_customers_have_no_interval():
    counts = drawn(1, planted=True)
    only = np.arange(BUCKETS) < 20
    few = Baskets(
        counts.items,
        counts.sets,
        counts.orders * only,
        counts.with_item * only,
        counts.with_set * only,
        1,
    )
    assert {each.lift.reason for each in together(few)} == {"few"}
    assert not any(each.certain for each in together(few))
