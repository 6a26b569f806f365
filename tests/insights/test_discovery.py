"""A search finds what was planted, says nothing where there is nothing, and repeats itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.validation.discovery import figures

from segmentry.core.types import Type
from segmentry.engines.held import Held
from segmentry.insights.discovery.find import Half, find
from segmentry.insights.discovery.judge import Limits, judged
from segmentry.insights.discovery.reversal import strongest, turned
from segmentry.insights.discovery.search import ALIKE, Effort, alike, members, search
from segmentry.insights.discovery.space import Choice, choices
from segmentry.segments.bits import packed

CUTS = (0.25, 0.5, 0.75)


def world(seed: int, customers: int = 6_000, features: int = 6, times: float = 1.0):
    """Customers with traits by chance; those of one crossing bring `times` as much."""
    draw = np.random.default_rng(seed)
    traits = draw.random((features, customers))
    outcome = np.where(draw.random(customers) < 0.6, draw.lognormal(3, 1, customers), 0)
    outcome[(traits[0] >= 0.5) & (traits[1] >= 0.5)] *= times
    listed = [
        (Choice(f"x{place} {side} {cut}", f"x{place}", side), values)
        for place in range(features)
        for cut in CUTS
        for side, values in ((">=", traits[place] >= cut), ("<", traits[place] < cut))
    ]
    rows = np.stack([values for _, values in listed])
    middle = customers // 2
    halves = [
        Half(np.packbits(rows[:, here], axis=1, bitorder="little"), outcome[here])
        for here in (slice(middle), slice(middle, None))
    ]
    return [choice for choice, _ in listed], *halves


def test_a_planted_crossing_is_found_first():
    listed, one, other = world(1, times=2)
    found = find(listed, one, other, Effort())
    assert {listed[each].text for each in found.groups[0].conditions} == {"x0 >= 0.5", "x1 >= 0.5"}
    assert found.groups[0].lift.low < 2 < found.groups[0].lift.high
    assert found.groups[0].chance < 0.001
    assert found.tested <= 100 < found.tried


def test_less_is_the_same_search_turned_around():
    listed, one, other = world(2, times=0.4)
    found = find(listed, one, other, Effort(), less=True)
    assert {listed[each].text for each in found.groups[0].conditions} == {"x0 >= 0.5", "x1 >= 0.5"}
    assert found.groups[0].more.high < 0


def test_the_same_customers_give_the_same_answer():
    listed, one, other = world(3, times=1.5)
    assert find(listed, one, other, Effort()) == find(listed, one, other, Effort())


def test_figures_are_of_the_half_that_was_not_searched():
    listed, one, other = world(4, times=2)
    for group in find(listed, one, other, Effort()).groups:
        inside = other.members(group.conditions)
        assert group.customers == inside.sum()
        assert group.each.value == pytest.approx(other.outcome[inside].mean())
        assert group.others.value == pytest.approx(other.outcome[~inside].mean())
        share = other.outcome[inside].sum() / other.outcome.sum()
        assert group.portion.value == pytest.approx(share)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([20, 100, 400]), st.integers(1, 3))
def test_groups_are_as_the_rules_say_and_none_is_another_by_another_name(seed, least, depth):
    listed, one, _ = world(seed, customers=3_000, times=1.6)
    effort = Effort(depth=depth, beam=10, least=least)
    found = search(listed, one.rows, one.outcome, effort)
    bits = [members(one.rows, each.conditions) for each in found.groups]
    for place, group in enumerate(found.groups):
        inside = one.members(group.conditions)
        assert least <= inside.sum() == group.customers <= len(inside) / 2
        assert 1 <= len(group.conditions) <= depth
        keys = [listed[each].key for each in group.conditions]
        assert len(set(keys)) == len(keys)
        assert all(alike(bits[place], each) <= ALIKE for each in bits[:place])


def test_a_larger_least_size_never_gives_smaller_groups():
    listed, one, _ = world(5, times=2)
    smallest = [
        min(
            each.customers
            for each in search(listed, one.rows, one.outcome, Effort(least=least)).groups
        )
        for least in (30, 200, 600)
    ]
    assert smallest == sorted(smallest)


def test_an_outcome_without_spread_has_no_groups():
    listed, one, other = world(6)
    nothing = [Half(each.rows, np.zeros(len(each.outcome))) for each in (one, other)]
    assert find(listed, *nothing, Effort()).groups == ()


def test_a_group_by_chance_with_nothing_in_it_is_not_surely_less():
    outcome = np.where(np.arange(4_000) % 50 == 0, 100.0, 0.0)
    empty = np.zeros(4_000, bool)
    empty[1:40] = True
    assert judged([empty], -outcome).chance[0] > 0.05


def test_extremes_count_as_the_limits_of_other_customers():
    limits = Limits.of(np.arange(1_000.0))
    assert limits.cut(np.array([-5.0, 500.0, 1e9])).tolist() == [limits.low, 500.0, limits.high]
    few = np.zeros(1_000)
    few[0] = 7.0
    assert Limits.of(few).cut(few)[0] == 7.0


def test_limits_of_numbers_are_round():
    values = np.random.default_rng(1).lognormal(5, 1, 5_000)
    made = choices("spent", Held(Type.NUMBER, values), np.arange(5_000))
    assert [each.text for each in made if each.side == ">="] == [
        "spent >= 40",
        "spent >= 70",
        "spent >= 140",
        "spent >= 300",
        "spent >= 500",
    ]


def test_texts_are_conditions_unless_they_are_names():
    import pyarrow as pa

    few = Held(Type.TEXT, np.arange(300) % 3, None, pa.array(["b", "it's", "a"]))
    assert [each.text for each in choices("city", few, np.arange(299))] == [
        "city = 'b'",
        "city = 'it''s'",
        "city = 'a'",
    ]
    names = Held(Type.TEXT, np.arange(300), None, pa.array([f"n{each}" for each in range(300)]))
    assert choices("email", names, np.arange(300)) == []


def test_a_difference_that_turns_around_inside_parts_is_told():
    draw = np.random.default_rng(7)
    rich = draw.random(8_000) < 0.5
    inside = draw.random(8_000) < np.where(rich, 0.8, 0.2)
    outcome = draw.lognormal(3, 0.5, 8_000) * np.where(rich, 3, 1) * np.where(inside, 0.8, 1)
    assert outcome[inside].mean() > outcome[~inside].mean()
    divisions = strongest({"rich": rich.astype(int), "noise": np.arange(8_000) % 2}, outcome)
    assert [each.name for each in divisions] == ["rich", "noise"]
    [(name, difference)] = turned(inside, divisions, outcome)
    assert name == "rich"
    assert difference < 0
    assert turned(rich, divisions[1:], outcome) == []


def test_bits_and_flags_agree():
    flags = np.arange(21) % 3 == 0
    half = Half(packed(flags)[None], np.arange(21.0))
    assert half.members([0]).tolist() == flags.tolist()


def test_simulated_shops_have_the_rates_that_are_promised():
    found = figures(2, 8)
    assert found["power_on_power_law"] == found["power_on_yes_or_no"] == 1
    assert found["reversals_told"] >= 0.9
    assert found["false_alarms"] <= 0.15
    assert found["fdr_of_search_on_null"] <= 0.2
    assert found["fdr_of_search_with_planted"] <= 0.2
    assert all(found[f"fdr_of_{size}_on_null"] <= 0.2 for size in (200, 500, 2_000))
