"""Membership over time: intervals, causes, backfill, and what makes it compute anew."""

from functools import reduce
from itertools import pairwise

import pytest

from segmentry.segments import past
from segmentry.segments.bits import count, union

TABLES = ("membership_point", "membership_change", "membership_whole", "membership_active",
          "membership_size")  # fmt: skip


def everything(shop):
    """All that is kept of the past."""
    return [shop.engine.rows(f"SELECT * FROM {each} ORDER BY ALL") for each in TABLES]


def sizes(shop, segment, part=""):
    from segmentry.workspace.history import points

    return [(each.as_of.isoformat(), each.customers) for each in points(shop.engine, segment, part)]


def test_history_is_filled_month_by_month_and_agrees_with_each_past_day(shop):
    segment = shop.segment("buyers", "frequency >= 2")
    shop.refresh("2026-01-01")
    points = segment.history()
    assert len(points) == 12
    for point in points:
        when = shop.as_of(point.as_of.replace(tzinfo=__import__("datetime").UTC))
        assert point.customers == len(segment.members(when))
        assert point.customers == segment.preview(when).customers
    for before, after in pairwise(points):
        assert after.customers == (
            before.customers + sum(after.entered.values()) - sum(after.left.values())
        )


def test_groups_are_exclusive_and_exhaustive_at_every_point(shop):
    shop.refresh("2026-01-01")
    for at in past.points(shop.engine, "lifecycle_stage"):
        sets = past.parts(shop.engine, "lifecycle_stage", at).values()
        assert sum(map(count, sets)) == count(reduce(union, sets))
    assert sum(map(count, sets)) == shop.divide("lifecycle", "2026-01-01").customers


def test_causes(shop, draw):
    frames, _ = draw
    from datetime import datetime

    shop.segment("recent", "recency_days <= 60")
    shop.refresh("2026-01-01")
    shop.load(**frames(9, datetime(2026, 1, 5), 10, range(5, 15), mark="n"))
    shop.refresh("2026-02-01")
    last = shop.segment("recent").history()[-1]
    assert set(last.entered) == {"data"}
    assert "time" in last.left
    shop.segment("recent", "recency_days > 60")
    shop.refresh("2026-02-02")
    turned = shop.segment("recent").history()[-1]
    assert set(turned.entered) == {"rule"}
    assert set(turned.left) == {"rule"}


def test_late_rows_and_an_earlier_instant_compute_the_history_anew(shop, draw):
    from datetime import datetime

    frames, _ = draw
    shop.segment("buyers", "frequency >= 2")
    shop.refresh("2026-01-01")
    assert not shop.refresh("2026-01-02").rebuilt
    shop.load(**frames(3, datetime(2025, 3, 1), 5, range(5, 40), mark="late"))
    assert shop.refresh("2026-01-02").rebuilt
    segment = shop.segment("buyers")
    for point in segment.history():
        when = point.as_of.replace(tzinfo=__import__("datetime").UTC)
        assert point.customers == len(segment.members(when))
    assert shop.refresh("2025-06-01").rebuilt
    assert max(sizes(shop, "buyers"))[0] < "2025-06-02"


def test_a_failed_refresh_leaves_everything_as_it_was(shop, monkeypatch):
    from segmentry.workspace import backfill

    shop.refresh("2025-12-01")
    before = everything(shop)
    monkeypatch.setattr(backfill, "_note_basis", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        shop.refresh("2026-01-01")
    assert everything(shop) == before
    assert shop.catalogue.runs.latest()[0]["status"] == "failed"
    assert str(shop.engine.value("SELECT as_of FROM snapshot_of")) == "2025-11-30 22:00:00"


def test_the_result_hash_is_of_content(make_shop, draw):
    from datetime import datetime

    frames, things = draw
    first, second = frames(1, datetime(2025, 1, 1), 60, range(9)), things(range(12))
    one, other = make_shop(second, first), make_shop(first, second)
    for shop in (one, other):
        shop.segment("buyers", "frequency >= 2")
        shop.refresh("2025-03-10")
    numbers = [
        shop.engine.rows("SELECT * FROM customers ORDER BY customer_no") for shop in (one, other)
    ]
    assert numbers[0] != numbers[1]
    before = one.result_hash("2025-03-10")
    assert before == other.result_hash("2025-03-10")
    one.refresh("2025-03-10")
    assert one.result_hash("2025-03-10") == before
    other.segment("buyers", "frequency >= 3")
    other.refresh("2025-03-11")
    assert other.result_hash("2025-03-11") != before


def test_progress_moves_inside_of_a_point(shop):
    shop.segment("buyers", "frequency >= 2")
    seen = []
    shop.refresh("2025-03-10", lambda step, done, of: seen.append((step, done, of)))
    moves = [(done, of) for step, done, of in seen if step == "memberships"]
    assert moves == sorted(moves)
    assert len(moves) > 3
