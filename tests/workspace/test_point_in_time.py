"""Nothing at or after as_of is read: newer rows change no older answer, for any feature."""

from datetime import datetime, timedelta

import pytest

AS_OF = "2025-07-01"
CUT = datetime(2025, 6, 30, 21)  # midnight in Kyiv


@pytest.mark.parametrize("seed", range(6))
def test_rows_after_as_of_change_no_feature(make_shop, draw, seed):
    frames, things = draw
    past = frames(seed, datetime(2024, 6, 1), 394, range(40))
    for name, instant in (
        ("orders", "ordered_at"),
        ("order_lines", "ordered_at"),
        ("events", "occurred_at"),
    ):
        assert max(past[name][instant].to_pylist()) < CUT
    shop = make_shop(things(range(40)), past)
    before = shop.table(AS_OF).to_arrow()
    groups = shop.rfm(AS_OF)
    assert before.num_rows == 40
    assert len(before.column_names) > 60, "every library feature is to be there"

    shop.load(**frames(seed + 100, CUT, 200, range(60), mark="later-"))
    assert shop.table(AS_OF).to_arrow().equals(before)
    assert shop.rfm(AS_OF) == groups
    assert shop.table(CUT + timedelta(days=201)).to_arrow().num_rows > 40


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


TABLES = ("customer_features", "membership", "membership_point", "membership_size")


def test_one_wrong_year_does_not_move_the_watermark(shop):
    import pyarrow as pa

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
