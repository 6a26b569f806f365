"""What segments are worth is what their members' orders, lines and costs add up to."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from segmentry.core.errors import RuleSyntaxError, UsageError

AS_OF = "2025-12-01"


def rows_of(shop, *names):
    columns = ["rfm_group", "monetary", "frequency", "profit", "tenure_days", *names]
    return shop.columns(columns, AS_OF).to_arrow().to_pylist()


def total(rows, name):
    return sum((row[name] or 0 for row in rows), Decimal(0))


def test_groups_are_worth_what_their_members_are(shop):
    found = shop.insights.value("rfm", when=AS_OF)
    rows = rows_of(shop)
    assert found.name == "rfm"
    assert [each.name for each in found.worths] == [
        each.name for each in shop.divide("rfm", AS_OF).groups if each.customers
    ]
    for each in found.worths:
        own = [row for row in rows if row["rfm_group"] == each.name]
        assert each.customers == len(own)
        assert each.revenue_amount == total(own, "monetary")
        assert each.profit_amount == total(own, "profit")
        assert each.orders == total(own, "frequency")
        assert each.customer_share == pytest.approx(len(own) / len(rows))
        share = total(own, "monetary") / total(rows, "monetary")
        assert each.revenue_share.value == pytest.approx(float(share))
        assert each.index == pytest.approx(float(share) * len(rows) / len(own))
        assert each.order_value.value == pytest.approx(
            float(total(own, "monetary") / total(own, "frequency"))
        )
        assert each.revenue.reason == "few", "some sixty customers say little"


def test_segments_rules_and_groups_beside_one_another(shop):
    shop.segment("many", "frequency >= 3")
    found = shop.insights.value("many", "frequency >= 3", "rfm/VIP", when=AS_OF)
    many, same, vip = found.worths
    assert found.name == ""
    assert [each.name for each in found.worths] == ["many", "frequency >= 3", "rfm/VIP"]
    assert many.revenue_amount == same.revenue_amount
    assert vip.customers == shop.preview("rfm_group = 'VIP'", AS_OF).customers
    assert [each.name for each in shop.insights.value(when=AS_OF).worths] == ["many"]


def test_those_who_bought_before_and_after_are_retained(shop):
    rule = "count(orders, last => '60 days') < count(orders, last => '120 days')"
    stayed = f"{rule} AND count(orders, last => '60 days') > 0"
    [found] = shop.insights.value("frequency >= 0", when=AS_OF, period_days=60).worths
    before, after = (shop.preview(each, AS_OF).customers for each in (rule, stayed))
    assert found.retention.value == pytest.approx(after / before)


def test_costs_are_borne_by_the_new_customers(shop):
    costs = {
        "cost_id": ["1", "2", "3", "4"],
        "spent_at": ["2025-11-10", "2025-11-11", "2025-11-12", "2024-01-01"],
        "amount": ["60.00", "30.00", "9.00", "1000.00"],
        "channel": ["web", "television", None, "web"],
    }
    shop.load(costs=pa.table(costs))
    new = "tenure_days <= 180"
    asked = (f"{new} AND city = 'Kyiv'", f"{new} AND coalesce(city, '') <> 'Kyiv'", "frequency = 0")
    found = shop.insights.value(*asked, when=AS_OF, period_days=180).worths
    won = [each.acquisition for each in found]
    rows = [row for row in rows_of(shop) if row["tenure_days"] is not None]
    assert sum(each.new_customers for each in won) == len(
        [row for row in rows if row["tenure_days"] <= 180]
    )
    assert sum(each.cost_amount for each in won) == pytest.approx(Decimal(99), abs=Decimal("0.02"))
    for each in won[:2]:
        cost = float(each.cost_amount)
        assert each.roi == pytest.approx((float(each.revenue_amount) - cost) / cost, rel=1e-3)
        assert each.cac_amount == pytest.approx(
            each.cost_amount / each.new_customers, abs=Decimal("0.01")
        )
    assert (won[2].new_customers, won[2].cac_amount, won[2].roi) == (0, None, None)


def test_what_cannot_be_said_is_said(shop):
    assert shop.insights.value("rfm", when=AS_OF).missing == (
        "cac: costs.amount",
        "clv: a fitted model",
    )
    with pytest.raises(UsageError, match="no segment yet"):
        shop.insights.value(when=AS_OF)
    with pytest.raises(RuleSyntaxError):
        shop.insights.value("frequency >=", when=AS_OF)


def test_without_orders_there_is_no_value(make_shop, draw):
    _, things = draw
    shop = make_shop({"customers": things(range(20))["customers"]})
    with pytest.raises(UsageError, match="nobody has bought"):
        shop.insights.value("city IS NOT NULL")


def test_what_happens_later_changes_nothing(shop, draw):
    frames, _ = draw
    before = shop.insights.value("rfm", when=AS_OF)
    shop.load(**frames(9, datetime(2025, 12, 2), 60, range(5, 40), "later"))
    assert shop.insights.value("rfm", when=AS_OF).worths == before.worths
