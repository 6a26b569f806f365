"""Recommendations are taught on what came before, and tried on what came after."""

import numpy as np
import pytest

from segmentry.insights.assortment import assortment
from segmentry.insights.bought import Bought
from segmentry.insights.recommendation import (
    ALIKE,
    FEWEST,
    HORIZON,
    NEEDED_DAYS,
    POPULAR,
    Ways,
    recommended,
    trial,
)


def history(seed: int, customers: int = 400, items: int = 40) -> Bought:
    """Customers of four tastes who go on to new things of their own taste."""
    draw = np.random.Generator(np.random.PCG64(seed))
    days = NEEDED_DAYS + 30
    who = np.repeat(np.arange(customers), 14)
    what = draw.integers(0, items // 4, len(who)) * 4 + who % 4
    rows = np.unique(np.stack([who, what, draw.integers(0, days, len(who))], axis=1), axis=0)
    names = tuple(f"i{each:02}" for each in range(items))
    return Bought(np.arange(customers) + 7, names, *rows.T, end=days)


def test_the_way_that_knows_tastes_wins_on_new_things():
    found = trial(history(1))
    by_way = {each.way: each for each in found.new}
    assert found.new[0].way == ALIKE
    assert by_way[ALIKE].hit_rate.low > by_way[POPULAR].hit_rate.high
    assert trial(history(1)) == found, "the same bit for bit"


def test_what_comes_after_is_not_known_before():
    whole = history(2)
    cut = whole.end - HORIZON
    known = whole.day < cut
    early = Bought(
        whole.numbers, whole.items, whole.who[known], whole.what[known], whole.day[known], cut
    )
    those = np.arange(20)
    late, first = Ways(whole, cut), Ways(early, cut)
    for way, scores in first.new(those).items():
        assert (scores == late.new(those)[way]).all()
    for way, scores in first.anything(those).items():
        assert (scores == late.anything(those)[way]).all()


def test_new_is_new_and_gaps_are_usual():
    found = history(3)
    ways = Ways(found, found.end)
    [mine] = recommended(found, ways, np.array([5]), ALIKE, new=True)
    had = {found.items[each] for each in found.what[found.who == 5]}
    assert mine
    assert not had & {each.item for each in mine}
    days = [
        np.diff(np.sort(found.day[(found.who == who) & (found.what == 1)])) for who in range(400)
    ]
    assert ways.gaps[1] == pytest.approx(np.median(np.concatenate(days)), abs=1)


def test_too_little_is_said():
    found = trial(history(1, customers=60))
    assert not found.anything
    assert f"needs {FEWEST} customers" in found.missing


def test_the_assortment_by_hand():
    found = history(4)
    inside = np.arange(400) % 4 == 1
    things = assortment(found, inside)
    first = things[0]
    place = found.items.index(first.item)
    assert first.customers == len(set(found.who[(found.what == place) & inside[found.who]]))
    assert first.share.value == pytest.approx(first.customers / inside.sum())
    assert first.certain
    assert first.index is None, "only they buy it"
    nobody = [each for each in things if not each.customers]
    assert all(each.certain and each.index == 0 for each in nobody)
