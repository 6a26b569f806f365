"""What was asked for and kept is in the report; nothing of a later instant, and nothing anew."""

from __future__ import annotations

import pytest
from tests.workspace.planted import frames

from segmentry.core.errors import UsageError
from segmentry.report.content import ReportContent
from segmentry.workspace.clusters import Wanted as Clustering
from segmentry.workspace.discovery import Wanted
from segmentry.workspace.reporting import fill
from segmentry.workspace.workspace import Workspace

RESPONSES = {
    "rfm/VIP": [{"spent": 1_000, "profit": 3_000}],
    "payers": [{"spent": 1_000, "profit": 1_800}],
}


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A shop in which everything was asked once."""
    folder = tmp_path_factory.mktemp("found") / "shop"
    with Workspace.create(folder, language="en") as workspace:
        workspace.load(**frames(1_500))
        workspace.segment("payers", "plan = 'paid'", "Payers")
        workspace.segment("lviv", "city = 'Lviv'", "In Lviv")
        workspace.segment("kyiv_free", "city = 'Kyiv' AND plan = 'free'")
        workspace.discovery.find(Wanted(features=("city", "plan")))
        workspace.clusters.find(Clustering(("frequency", "average_order_amount")))
        workspace.insights.allocate(1_500, RESPONSES)
        yield workspace


def filled(shop: Workspace, when: str | None = None, language: str = "en") -> ReportContent:
    return fill(shop, shop.as_of(when), language)


@pytest.fixture(scope="module")
def content(shop):
    return filled(shop)


def test_groups_that_stand_out_are_those_found_last(shop, content):
    found, shown = shop.discovery.last(), content.discovery
    assert shown.groups[0].sentence == "city is Lviv and plan is paid"
    assert shown.groups[0].lift.value == found.groups[0].lift.value
    assert (shown.asked, shown.tried, shown.unit) == (found.asked, found.tried, "money")
    assert shown.groups[0].warnings[0].startswith("“")


def test_that_there_are_no_natural_groups_is_said_with_the_reason(shop, content):
    [shown] = content.clusters
    card = shop.clusters.latest()
    assert not card.natural
    assert (shown.clusters, shown.name) == ((), "")
    assert shown.verdict.startswith("There are no natural groups")
    assert shown.lacking == card.closest.failed
    assert shown.features == ("Orders", "Average order")


def test_clusters_that_were_saved_stand_in_place_of_what_was_found(shop):
    shop.clusters.save("habits", Clustering(("frequency", "average_order_amount"), anyway=3))
    try:
        [shown] = filled(shop, language="uk").clusters
    finally:
        shop.definitions.remove("segmentation", "habits")
    card = shop.clusters.last("habits")
    assert [each.label for each in shown.clusters] == [each.name for each in card.clusters]
    assert sum(each.customers for each in shown.clusters) == shown.customers
    assert len(shown.apart) == 6
    assert shown.features[0] == "Кількість замовлень"


def test_the_split_names_groups_and_segments_as_people_do(content):
    shown = content.allocation
    assert [(each.label, int(each.spent)) for each in shown.shares] == [
        ("VIP", 1_000),
        ("Payers", 500),
    ]
    assert int(shown.left) == 3_900 - 1_500


def test_combinations_add_up_to_those_who_are_in_a_segment(shop, content):
    shown = content.combinations
    sizes = dict(zip(shown.labels, shown.sizes, strict=True))
    for place, label in enumerate(shown.labels):
        inside = sum(each.customers for each in shown.combinations if place in each.segments)
        assert inside == sizes[label]
    both = shop.preview("plan = 'paid' AND city = 'Lviv'").customers
    places = tuple(sorted(shown.labels.index(each) for each in ("Payers", "In Lviv")))
    assert (places, both) in shown.combinations
    assert "kyiv_free" not in shown.labels


def test_a_report_of_an_earlier_day_shows_nothing_that_was_asked_of_a_later_one(shop):
    earlier = filled(shop, "2025-09-01")
    assert earlier.discovery.as_of == ""
    assert earlier.clusters == ()
    assert earlier.allocation.shares == ()


def test_nothing_kept_is_lost_where_a_question_is_refused(shop):
    with pytest.raises(UsageError):
        shop.insights.allocate(1_000, {})
    assert filled(shop).allocation.shares
