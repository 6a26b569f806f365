"""Groups found on a shop are those of their rules, are checked elsewhere, and become segments."""

import pytest
from tests.workspace.planted import frames

from segmentry.core.errors import LockedFeatureError, NotFoundError, UnknownNameError, UsageError
from segmentry.workspace.discovery import Wanted
from segmentry.workspace.workspace import Workspace

TRAITS = ("city", "plan", "tenure_days", "orders_90d")
RULE = "city = 'Lviv' AND plan = 'paid'"


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("discovery") / "shop"
    with Workspace.create(folder) as workspace:
        workspace.load(**frames())
        yield workspace


def members(workspace, rule, when=None):
    return workspace.preview(rule, when).customers


def test_a_planted_crossing_is_found_and_kept(shop):
    found = shop.discovery.find(Wanted(features=TRAITS))
    first = found.groups[0]
    assert set(RULE.split(" AND ")) == set(first.rule.split(" AND ")) - {"any(orders)"}
    assert first.lift.low < 3 < first.lift.high
    assert first.later == "held"
    assert first.later_more.low > 0
    assert {(each.kind, each.feature) for each in first.warnings} == {
        ("undated", "city"),
        ("undated", "plan"),
    }
    saved = shop.discovery.save(1, "planted")
    assert saved.rule == first.rule
    assert members(shop, saved.rule) == first.customers
    with pytest.raises(NotFoundError, match="no group 9"):
        shop.discovery.save(9, "nothing")


def test_the_same_question_has_the_same_answer(shop):
    wanted = Wanted(by="orders", features=TRAITS)
    assert shop.discovery.find(wanted) == shop.discovery.find(wanted)


def test_where_all_buy_alike_nothing_is_found_and_it_is_said_how_much_was_searched(tmp_path):
    with Workspace.create(tmp_path / "alike") as workspace:
        workspace.load(**frames(times=1))
        found = workspace.discovery.find(Wanted(features=("city", "plan")))
        assert found.groups == ()
        assert found.tried >= found.conditions == 5
        with pytest.raises(NotFoundError, match="none"):
            workspace.discovery.save(1, "nothing")


def test_rules_give_exactly_the_customers_who_were_counted(shop):
    found = shop.discovery.find(Wanted(least=50))
    assert found.groups
    for each in found.groups:
        assert members(shop, each.rule) == each.customers
        assert each.share == each.customers / members(shop, "any(orders)")
    assert all(each.chance <= 0.05 for each in found.groups)
    assert found.left_out == ()


def test_a_feature_is_searched_as_it_is_now_without_what_it_is_made_of(shop):
    found = shop.discovery.find(Wanted(by="average_order_amount"))
    assert found.later is None
    assert found.days is None
    assert {"average_order_amount", "monetary"} <= set(found.left_out)
    assert found.groups[0].later == "none"
    assert set(RULE.split(" AND ")) <= set(found.groups[0].rule.split(" AND "))
    assert not any(name in each.rule for each in found.groups for name in found.left_out)


def test_less_looks_for_those_who_bring_less(shop):
    found = shop.discovery.find(Wanted(by="average_order_amount", less=True))
    assert found.groups
    assert all(each.more.value < 0 for each in found.groups)


def test_what_is_locked_or_unknown_is_refused(shop):
    shop.sensitive.mark("city", reason="a test")
    try:
        with pytest.raises(LockedFeatureError):
            shop.discovery.find(Wanted(features=("city",)))
        rules = [each.rule for each in shop.discovery.find().groups]
        assert not any("city" in each for each in rules)
    finally:
        shop.sensitive.clear("city", reason="a test")
    with pytest.raises(UnknownNameError):
        shop.discovery.find(Wanted(by="nothing_of_the_kind"))
    with pytest.raises(UsageError, match="is no number"):
        shop.discovery.find(Wanted(by="city"))


def test_unlocked_fields_are_not_searched_by_themselves(shop):
    shop.sensitive.mark("plan", reason="a test")
    shop.sensitive.unlock("plan", reason="a test", purpose="mailing")
    try:
        rules = [each.rule for each in shop.discovery.find().groups]
        assert not any("plan" in each for each in rules)
        assert "plan" in shop.discovery.find(Wanted(features=("city", "plan"))).groups[0].rule
    finally:
        shop.sensitive.clear("plan", reason="a test")


def test_too_short_a_history_and_too_few_customers_are_refused_with_what_is_missing(tmp_path, shop):
    with pytest.raises(UsageError, match="needs 390 days of orders; here are 3"):
        shop.discovery.find(Wanted(days=300))
    with Workspace.create(tmp_path / "small") as workspace:
        workspace.load(**frames(300))
        with pytest.raises(UsageError, match="needs 1,000 buyers"):
            workspace.discovery.find()
    with Workspace.create(tmp_path / "empty") as workspace:
        workspace.load(customers=frames(20)["customers"])
        with pytest.raises(UsageError, match="no orders"):
            workspace.discovery.find(when="2026-01-01")


def test_an_earlier_cut_is_used_alone_where_the_history_is_short(shop):
    found = shop.discovery.find(Wanted(days=150, features=TRAITS))
    assert found.later is None
    assert found.groups[0].later == "none"


@pytest.mark.parametrize(
    "wrong", [{"depth": 0}, {"depth": 5}, {"days": 0}, {"most": 0}, {"least": 1}, {"beam": 0}]
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(UsageError):
        Wanted(**wrong)
