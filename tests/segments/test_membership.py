"""The store of memberships against plain sets; intervals of an earlier version."""

from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest
from tests.language.strategies import SHOP

from segmentry.core.time import AsOf
from segmentry.engines.duckdb import DuckDB
from segmentry.features.customers import Customers
from segmentry.features.known import Features
from segmentry.segments import membership, past
from segmentry.segments.bits import numbers, of_numbers, stored
from segmentry.segments.old_intervals import bring_over
from segmentry.segments.point import COLUMNS, MOST_PIECES, Point, append

START = datetime(2025, 1, 1)
POINTS, CUSTOMERS = 40, 200


def at(point):
    return START + timedelta(days=point)


@pytest.fixture
def engine():
    with DuckDB(threads=1) as made:
        membership.prepare(made)
        made.execute(
            "CREATE VIEW counted_customers AS SELECT i AS customer_no, 'c' || i AS customer_id"
            f" FROM range({CUSTOMERS}) AS t(i)"
        )
        yield made


def drawn(seed):
    """Sets of customers point by point, most of them as before."""
    rng = Random(seed)
    now = set(rng.sample(range(CUSTOMERS), rng.choice((0, 3, 150))))
    for _ in range(POINTS):
        now = now ^ set(rng.sample(range(CUSTOMERS), rng.choice((0, 0, 1, 30))))
        yield now


def kept(engine, name, sets):
    """The sets as a refresh would take them in."""
    for number, members in enumerate(sets):
        as_of = AsOf(at(number), "UTC")
        point = Point(Customers(engine, engine, Features(SHOP, {}), as_of), CUSTOMERS)
        before = {part: each for (_, part), each in past.held(engine, [name]).items()}
        now = {"": of_numbers(np.array(sorted(members), np.int64))}
        point._enter(name, point._compared(now, before))
        point.finish()
        append(engine, "membership_point", [(name, at(number), "r" if number < 20 else "s")])


@pytest.mark.parametrize("seed", range(8))
def test_any_past_point_is_what_it_was(engine, seed):
    sets = list(drawn(seed))
    kept(engine, "ours", sets)
    for number, members in enumerate(sets):
        found = past.members(engine, "ours", at=at(number) + timedelta(hours=1))
        assert numbers(found).tolist() == sorted(members)
    assert not past.members(engine, "ours", at=START - timedelta(days=1)).any()
    most = max(each.pieces.count for each in past.held(engine, ["ours"]).values())
    assert most <= MOST_PIECES


@pytest.mark.parametrize("seed", range(8))
def test_intervals_are_the_sets(engine, seed):
    sets = list(drawn(seed))
    kept(engine, "ours", sets)
    active = {number: set(range(number, number + 60)) for number in range(1, POINTS)}
    rows = [
        (at(number - 1), at(number), stored(of_numbers(np.array(sorted(who)))))
        for number, who in active.items()
    ]
    append(engine, "membership_active", rows)
    spans = past.intervals(engine, "ours").to_pylist()
    for number, members in enumerate(sets):
        inside = [
            each["customer_no"]
            for each in spans
            if each["entered_at"] <= at(number)
            and (each["left_at"] is None or each["left_at"] > at(number))
        ]
        assert sorted(inside) == sorted(members)
    for each in spans:
        for side in ("entered", "left"):
            if each[f"{side}_at"] is not None:
                number = (each[f"{side}_at"] - START).days
                assert each[f"{side}_cause"] == cause(number, each["customer_no"], active)


def cause(number, customer, active):
    if number in (0, 20):
        return "first" if number == 0 else "rule"
    return "data" if customer in active[number] else "time"


def test_intervals_of_an_earlier_version_are_brought_over(engine):
    kept(engine, "ours", drawn(3))
    append(
        engine,
        "membership_active",
        [(at(n - 1), at(n), stored(of_numbers(np.arange(n, n + 60)))) for n in range(1, POINTS)],
    )
    before = past.intervals(engine, "ours")
    with engine.registered("spans", before):
        engine.create("membership", "SELECT 'ours' AS segment, * FROM spans")
    for table in COLUMNS:
        if table not in ("membership_point", "membership_size"):
            engine.execute(f"DELETE FROM {table}")
    bring_over(engine)
    assert past.intervals(engine, "ours").equals(before)
    assert "membership" not in engine.tables()
    bring_over(engine)
