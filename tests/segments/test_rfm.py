"""RFM on every base: better never scores lower, equal is equal, order does not matter."""

from datetime import datetime, timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.core.errors import UsageError
from segmentry.segments.library import rfm as method
from segmentry.workspace.frame import rfm

AS_OF = datetime(2026, 6, 1)

order = st.tuples(
    st.integers(0, 12),  # customer: few, so that ties are common
    st.integers(0, 900),  # days before
    st.one_of(st.integers(1, 40), st.integers(1, 10**9)),  # cents
)
bases = st.lists(order, min_size=1, max_size=60)


def frame(orders):
    return pa.table(
        {
            "customer_id": [f"c{customer:02}" for customer, _, _ in orders],
            "ordered_at": [AS_OF - timedelta(days=days, hours=1) for _, days, _ in orders],
            "amount": pa.array(
                [Decimal(cents) / 100 for _, _, cents in orders], pa.decimal128(18, 2)
            ),
        }
    )


def scored(orders, **options):
    rows = rfm(frame(orders), as_of=AS_OF.isoformat(), **options)
    return {row.pop("customer_id"): row for row in rows}


@settings(max_examples=40)
@given(bases, st.sampled_from([3, 4, 5]))
def test_as_good_on_all_three_never_scores_lower_and_equal_is_equal(orders, bins):
    customers = list(scored(orders, bins=bins).values())
    for one in customers:
        for other in customers:
            better = {
                "r_score": one["recency_days"] <= other["recency_days"],
                "f_score": one["frequency"] >= other["frequency"],
                "m_score": one["monetary"] >= other["monetary"],
            }
            for score, at_least in better.items():
                assert 1 <= one[score] <= bins
                assert not at_least or one[score] >= other[score]
            facts = ("recency_days", "frequency", "monetary")
            if all(one[each] == other[each] for each in facts):
                assert one == other


@settings(max_examples=40)
@given(bases, st.randoms(use_true_random=False))
def test_order_of_rows_and_threads_change_nothing(orders, random):
    shuffled = list(orders)
    random.shuffle(shuffled)
    assert scored(orders, threads=1) == scored(shuffled, threads=2)


@settings(max_examples=40)
@given(bases)
def test_facts_are_exact(orders):
    found = scored(orders)
    for name, row in found.items():
        mine = [each for each in orders if f"c{each[0]:02}" == name]
        assert row["frequency"] == len(mine)
        assert row["monetary"] == sum(Decimal(cents) for _, _, cents in mine) / 100
        assert row["recency_days"] == min(days for _, days, _ in mine) + 1
    assert len(found) == len({customer for customer, _, _ in orders})


@settings(max_examples=40)
@given(bases)
def test_everybody_is_in_one_group_and_the_best_are_not_lost(orders):
    found = scored(orders)
    names = {each.name for each in method.segmentations()[0].groups}
    assert {row["rfm_group"] for row in found.values()} <= names
    for row in found.values():
        if row["recency_days"] > 365:
            assert row["rfm_group"] == "Lost"
        elif row["r_score"] == row["f_score"] == row["m_score"] == 5:
            assert row["rfm_group"] == "VIP"


def test_every_cell_of_the_eleven_has_one_group():
    names = {name for row in method.GRID for name in row}
    assert names == set(method.ELEVEN)
    segmentation = method.segmentations()[1]
    assert [each.name for each in segmentation.groups] == list(method.ELEVEN)
    assert segmentation.groups[-1].rule is None


@pytest.mark.parametrize("bins", [1, 2, 6])
def test_scores_are_three_four_or_five(bins):
    with pytest.raises(UsageError, match=str(bins)):
        method.segmentations(bins=bins)


def test_given_limits_must_fit_the_scores():
    with pytest.raises(UsageError, match="4 limits"):
        method.segmentations(limits={"recency": [10, 20]})


def test_days_are_counted_in_the_zone():
    late = pa.table(
        {
            "customer_id": ["a"],
            "ordered_at": [datetime(2026, 5, 30, 22, 30)],  # the 31st in Kyiv
            "amount": [1],
        }
    )
    [in_utc] = rfm(late, as_of="2026-06-01")
    [in_kyiv] = rfm(late, as_of="2026-06-01", timezone="Europe/Kyiv")
    assert (in_utc["recency_days"], in_kyiv["recency_days"]) == (2, 1)
