"""Cohorts are counted as one would by hand, and what is not over yet is marked."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from segmentry.core.errors import UnknownNameError, UsageError
from segmentry.insights.cohorts import cohorts

BOUGHT = (
    ("a", "2025-01-05", 10), ("a", "2025-01-20", 10), ("a", "2025-02-03", 5), ("a", "2025-04-01", 7),
    ("b", "2025-01-31", 20), ("b", "2025-03-10", 4),
    ("c", "2025-02-10", 8), ("c", "2025-03-01", 8),
    ("d", "2025-02-11", 1),
)  # fmt: skip


@pytest.fixture
def small(make_shop):
    rows = [
        {
            "order_id": str(place),
            "customer_id": who,
            "ordered_at": datetime.fromisoformat(day),
            "amount": f"{amount}.00",
            "channel": "web" if who in "ac" else "shop",
        }
        for place, (who, day, amount) in enumerate(BOUGHT)
    ]
    return make_shop({"orders": pa.Table.from_pylist(rows)}, timezone="UTC")


def shown(cohort):
    return [
        (cell.age, cell.customers, cell.retention.value, cell.revenue_amount, cell.complete)
        for cell in cohort.cells
    ]


def test_the_triangle_by_hand(small):
    found = small.insights.cohorts(when="2025-03-16")
    january, february = found.cohorts
    assert (january.name, january.customers, january.from_start) == ("2025-01", 2, True)
    assert shown(january) == [
        (0, 2, 1.0, Decimal(40), True),
        (1, 2, 0.5, Decimal(5), True),
        (2, 2, 0.5, Decimal(4), False),
    ]
    assert (february.name, february.from_start) == ("2025-02", False)
    assert shown(february) == [(0, 2, 1.0, Decimal(9), True), (1, 2, 0.5, Decimal(8), False)]
    assert shown(found.whole) == [(0, 4, 1.0, Decimal(49), True), (1, 2, 0.5, Decimal(5), True)]
    assert january.cells[0].orders == 3


def test_a_month_is_over_on_the_first_of_the_next(small):
    found = small.insights.cohorts(when="2025-04-01")
    assert [cell.complete for cell in found.cohorts[0].cells] == [True, True, True]


def test_quarters_and_groups(small):
    quarters = small.insights.cohorts(when="2025-07-01", period="quarter")
    assert [each.name for each in quarters.cohorts] == ["2025-Q1"]
    assert shown(quarters.whole)[1] == (1, 4, 0.25, Decimal(7), True)
    small.engine.create(
        "parts",
        "SELECT DISTINCT customer_no, channel AS part FROM counted_orders",
        temporary=True,
    )
    by_channel = cohorts(small.engine, small.as_of("2025-04-01"), "month", "parts")
    by_name = {each.name: each for each in by_channel.cohorts}
    assert shown(by_name["web"])[:2] == [
        (0, 2, 1.0, Decimal(28), True),
        (1, 2, 1.0, Decimal(13), True),
    ]
    assert shown(by_name["shop"])[1] == (1, 2, 0.0, Decimal(0), True)


def test_what_is_wrong_is_said(small, make_shop, draw):
    with pytest.raises(UnknownNameError, match="channel"):
        small.insights.cohorts("chanel")
    _, things = draw
    with pytest.raises(UsageError, match="needs 30 customers"):
        small.insights.cohorts("channel")
    with pytest.raises(UsageError, match="nobody has bought"):
        make_shop({"customers": things(range(9))["customers"]}).insights.cohorts()
