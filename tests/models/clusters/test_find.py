"""Clusters: none where there are none, the planted ones where there are, with rules and ids."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.random import PCG64, Generator

from segmentry.core.errors import UsageError
from segmentry.language.text import parse_rule
from segmentry.models.clusters.card import Card, read_card
from segmentry.models.clusters.column import Column
from segmentry.models.clusters.find import Asked, find, sample
from segmentry.models.clusters.keeping import Earlier

ASKED = Asked("2024-05-01", lambda each: f"{each.feature}: {each.value or each.level}", "usual")
ROWS = 1_200


def shop() -> tuple[list[Column], np.ndarray]:
    """Three kinds of customers, told apart by orders, money and channel; age says nothing."""
    random = Generator(PCG64(5))
    kind = random.choice(3, ROWS, p=[0.5, 0.3, 0.2])
    orders = np.round(np.array([2.0, 20.0, 20.0])[kind] * np.exp(random.normal(0, 0.15, ROWS)))
    spent = np.array([40.0, 60.0, 900.0])[kind] * np.exp(random.normal(0, 0.25, ROWS))
    gap = np.where(
        orders < 2, np.nan, np.array([200.0, 20.0, 25.0])[kind] * random.normal(1, 0.1, ROWS)
    )
    web = (random.random(ROWS) < np.array([0.9, 0.5, 0.1])[kind]).astype(float)
    age = random.normal(40, 10, ROWS)
    return [
        Column("orders", orders, whole=True),
        Column("spent", spent),
        Column("gap", gap),
        Column("channel", web, words=("shop", "web")),
        Column("age", age),
    ], kind


NUMBERS = np.arange(ROWS, dtype=np.int64) * 7 + 3


@pytest.fixture(scope="module")
def card() -> Card:
    return find(NUMBERS, shop()[0], ASKED)


def test_planted_groups_are_found_with_rules_that_say_nearly_the_same(card):
    assert card.natural
    assert len(card.clusters) == 3
    assert card.accuracy > 0.97
    assert [round(each.share, 1) for each in card.clusters] == [0.5, 0.3, 0.2]
    for each in card.clusters:
        assert each.stability >= 0.75
        assert each.precision > 0.95
        assert each.recall > 0.95
        assert parse_rule(each.rule).text() == each.rule


def test_every_criterion_and_the_null_are_on_the_card(card):
    assert card.closest.natural
    assert card.closest.silhouette > card.closest.null_silhouette + 3 * card.closest.null_sd
    assert card.closest.valley <= 0.7
    assert set(card.votes) == {"silhouette", "above_null", "gap", "strength", "stability"}
    assert {(each.method, each.k) for each in card.trials} >= {("kmeans", 2), ("ward", 8)}


def test_names_tell_clusters_apart(card):
    names = [each.name for each in card.clusters]
    assert len(set(names)) == 3
    assert any("spent: high" in each for each in names)


def test_the_card_is_the_same_for_the_same_seed_whatever_the_order_of_customers(card):
    order = Generator(PCG64(1)).permutation(ROWS)
    again = find(NUMBERS[order], [each.take(order) for each in shop()[0]], ASKED)
    assert again == card


def test_the_card_comes_back_from_json(card):
    assert read_card(card.as_json()) == card


def test_ids_and_names_stay_when_customers_are_the_same_and_are_never_given_again(card):
    columns, kind = shop()
    order = [each.id for each in card.clusters]
    held = np.array(order)[kind]
    held[kind == 2] = 0
    renamed = {order[0]: "Rare", order[1]: "Often", order[2]: "Best"}
    again = find(NUMBERS, columns, ASKED, Earlier(renamed, 9, held))
    assert [each.id for each in again.clusters] == [order[0], order[1], 9]
    assert [each.name for each in again.clusters][:2] == ["Rare", "Often"]
    assert again.next_id == 10


def noise() -> list[Column]:
    random = Generator(PCG64(3))
    return [Column(name, random.normal(0, 1, ROWS)) for name in "abcd"]


def test_noise_has_no_natural_groups_and_is_divided_only_when_asked():
    card = find(NUMBERS, noise(), ASKED)
    assert not card.natural
    assert card.clusters == ()
    assert card.closest.failed
    assert card.closest.null_silhouette is not None
    divided = find(NUMBERS, noise(), replace(ASKED, anyway=3))
    assert not divided.natural
    assert (divided.asked, len(divided.clusters)) == (3, 3)


def test_features_that_say_nothing_are_left_out_and_named():
    nearly = np.zeros(ROWS)
    nearly[:30] = 1.0
    gone = np.full(ROWS, np.nan)
    gone[:100] = np.arange(100)
    card = find(NUMBERS, [*noise(), Column("flag", nearly), Column("gone", gone)], ASKED)
    assert [(each.name, each.reason) for each in card.left_out] == [
        ("flag", "constant"),
        ("gone", "missing"),
    ]
    assert [each.feature for each in card.features] == list("abcd")


def test_a_feature_given_twice_counts_once():
    columns = noise()
    card = find(NUMBERS, [*columns, replace(columns[0], name="copy")], ASKED)
    weights = {each.feature: each.weight for each in card.features}
    assert weights["a"] ** 2 + weights["copy"] ** 2 == pytest.approx(1, abs=0.01)
    assert weights["b"] == pytest.approx(1, abs=0.01)


def test_too_few_customers_or_features_are_refused():
    with pytest.raises(UsageError, match="need 200 customers; there are 50"):
        find(NUMBERS[:50], [each.take(slice(50)) for each in noise()], ASKED)
    with pytest.raises(UsageError, match="need 2 features"):
        find(NUMBERS, noise()[:1], ASKED)


def test_the_sample_is_the_same_customers_in_any_order():
    numbers = np.arange(30_000, dtype=np.int64)
    order = Generator(PCG64(1)).permutation(len(numbers))
    one, other = numbers[sample(numbers, 1)], numbers[order][sample(numbers[order], 1)]
    assert len(one) == 20_000
    assert (one == other).all()
    assert (one != numbers[sample(numbers, 2)]).any()
