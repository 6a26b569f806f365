"""Clusters on a workspace: from orders to a segmentation whose groups are the clusters."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pandas as pd
import pytest
from numpy.random import PCG64, Generator

from segmentry.core.errors import DuplicateNameError, NotFoundError, UnknownNameError, UsageError
from segmentry.workspace.clusters import Wanted
from segmentry.workspace.workspace import Workspace

CUSTOMERS = 240
WANTED = Wanted(("frequency", "average_order_amount", "median_gap_days"))


def orders() -> pd.DataFrame:
    """Every third customer buys often and little, the others seldom and much."""
    random, rows = Generator(PCG64(4)), []
    for customer in range(CUSTOMERS):
        often = customer % 3 == 0
        count = random.integers(24, 33) if often else random.integers(4, 6)
        for order in range(count):
            day = pd.Timestamp("2025-01-01") + pd.Timedelta(days=int(360 * order / count))
            amount = (15 if often else 300) * random.lognormal(0, 0.3)
            rows.append((f"{customer}-{order}", f"c{customer}", day, round(float(amount), 2)))
    return pd.DataFrame(rows, columns=["order_id", "customer_id", "ordered_at", "amount"])


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """A workspace with its clusters saved, and their card."""
    folder = tmp_path_factory.mktemp("clusters") / "shop"
    with Workspace.create(folder) as workspace:
        random = Generator(PCG64(5))
        people = {f"mark_{each}": random.normal(50, 10, CUSTOMERS).round(1) for each in "ab"}
        people["customer_id"] = [f"c{each}" for each in range(CUSTOMERS)]
        workspace.load(orders=orders(), customers=pd.DataFrame(people))
        return folder, workspace.clusters.save("habits", WANTED)


@pytest.fixture
def shop(saved, tmp_path):
    """A copy of it, for a test to change."""
    with Workspace.open(shutil.copytree(saved[0], tmp_path / "shop")) as workspace:
        yield workspace


@pytest.fixture
def card(saved):
    return saved[1]


def test_natural_groups_become_a_segmentation_with_the_same_customers(shop, card):
    assert card.natural
    assert [each.customers for each in card.clusters] == [160, 80]
    assert card.accuracy == 1
    sizes = {each.name: each.customers for each in shop.divide("habits").groups}
    assert sizes == {each.name: each.rule_customers for each in card.clusters}
    for each in card.clusters:
        assert shop.preview(each.rule).customers == each.rule_customers
        assert shop.preview(f"habits = '{each.name}'").customers == each.rule_customers


def test_names_are_of_the_features_in_the_language_asked_for(shop, card):
    names = {each.name for each in card.clusters}
    assert any("Orders: high" in each for each in names)
    traits = [trait for each in card.clusters for trait in each.traits]
    assert "вище звичайного" in " ".join(shop.clusters.word(each, "uk") for each in traits)


def test_saved_again_with_more_data_ids_and_names_stay(shop, card):
    more = orders().assign(customer_id=lambda row: "d" + row.customer_id)
    more["order_id"] = "d" + more["order_id"]
    shop.load(orders=more[more.customer_id.isin([f"dc{each}" for each in range(30)])])
    again = shop.clusters.save("habits")
    assert {each.id: each.name for each in again.clusters} == card.names()
    assert again.customers == 270
    assert [each.feature for each in again.features] == list(WANTED.features)
    assert shop.clusters.show("habits") == again
    assert shop.clusters.names() == ["habits"]


def test_where_nothing_is_natural_it_is_said_and_nothing_is_saved(shop):
    alone = Wanted(("mark_a", "mark_b"), seed=2)
    card = shop.clusters.find(alone)
    assert not card.natural
    assert shop.clusters.sentence(card).startswith("There are no natural groups")
    with pytest.raises(UsageError, match="no natural groups to save"):
        shop.clusters.save("none", alone)
    divided = shop.clusters.save("parts", replace(alone, anyway=3))
    assert not divided.natural
    assert divided.asked == 3
    assert "not natural groups" in shop.clusters.sentence(divided)


def test_what_cannot_be_is_refused(shop, card):
    with pytest.raises(UnknownNameError, match="frequncy"):
        shop.clusters.find(Wanted(("frequncy", "monetary")))
    with pytest.raises(UsageError, match="12 features at most"):
        shop.clusters.find(Wanted(tuple(shop.features().known)[:13]))
    with pytest.raises(UsageError, match="9 groups"):
        shop.clusters.find(Wanted(anyway=9))
    with pytest.raises(NotFoundError, match="`habits`"):
        shop.clusters.show("other")
    body = {"groups": [{"name": "all", "rule": None}]}
    shop.definitions.declare("segmentation", "own", body)
    with pytest.raises(DuplicateNameError):
        shop.clusters.save("own", WANTED)
