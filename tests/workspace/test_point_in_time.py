"""Nothing at or after as_of is read: newer rows change no older answer, for any feature."""

from datetime import date, datetime, timedelta

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.workspace.test_history import TABLES as MEMBERSHIP

from segmentry.core.time import start_of_day, to_local
from segmentry.features.declaration import library

ZONES = ("Europe/Kyiv", "UTC", "America/New_York", "Asia/Tehran")
INSTANTS = {"orders": "ordered_at", "order_lines": "ordered_at", "events": "occurred_at"}


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 10**6),
    timezone=st.sampled_from(ZONES),
    day=st.dates(date(2025, 1, 2), date(2025, 12, 30)),
)
def test_rows_after_as_of_change_no_feature(make_shop, draw, seed, timezone, day):
    frames, things = draw
    cut = start_of_day(day, timezone)  # what happens at this very instant is after as_of
    past = frames(seed, cut - timedelta(days=394), 394, range(40))
    for name, instant in INSTANTS.items():
        assert max(past[name][instant].to_pylist()) < cut
    # Times without an offset are read as local, so the frames are written in the shop's zone.
    shop = make_shop(things(range(40)), local(past, timezone), timezone=timezone)
    before = shop.table(day).to_arrow()
    groups = shop.rfm(day)
    assert before.num_rows == 40
    assert {each.name for each in library() if not each.hidden} <= set(before.column_names)

    later = frames(seed + 1, cut, 200, range(60), mark="later-")
    shop.load(**local(later, timezone))
    assert shop.table(day).to_arrow().equals(before)
    assert shop.rfm(day) == groups
    assert shop.table(day + timedelta(days=201)).to_arrow().num_rows > 40


def local(frames, timezone):
    """Frames with their instants as wall-clock times of a zone."""
    moved = {}
    for name, frame in frames.items():
        instant = "ordered_at" if "ordered_at" in frame.column_names else "occurred_at"
        times = [to_local(each, timezone) for each in frame[instant].to_pylist()]
        place = frame.column_names.index(instant)
        moved[name] = frame.set_column(place, instant, pa.array(times, pa.timestamp("us")))
    return moved


def test_a_refresh_and_the_facts_give_the_same_answer(shop):
    when = "2025-10-15"
    computed = shop.table(when).to_arrow()
    divided = shop.divide("lifecycle", when)
    shop.refresh(when)
    assert shop.customers(when).source.ready, "the snapshot is to be used"
    assert shop.table(when).to_arrow().equals(computed)
    assert shop.divide("lifecycle", when) == divided


def test_refreshing_twice_changes_nothing(shop):
    shop.refresh("2025-12-01")
    first = [shop.engine.rows(f"SELECT * FROM {each} ORDER BY ALL") for each in TABLES]
    shop.refresh("2025-12-01")
    assert [shop.engine.rows(f"SELECT * FROM {each} ORDER BY ALL") for each in TABLES] == first


TABLES = ("customer_features", *MEMBERSHIP)


def test_one_wrong_year_does_not_move_the_watermark(shop):
    before = shop.as_of()
    wrong = pa.table(
        {
            "order_id": ["x"],
            "customer_id": ["c5"],
            "ordered_at": [datetime(2062, 1, 1)],
            "amount": [5.0],
        }
    )
    shop.load(orders=wrong)
    assert shop.as_of() == before
    _, results = shop.check()
    [future] = [each for each in results if (each.name, each.entity) == ("future_dates", "orders")]
    assert future.failing == 1
