"""Drift is told from chance, and half-lives are those of what leaves at a constant rate."""

import numpy as np
import pytest

from segmentry.insights.drift import by_chance, divided, half_life, shifts, stability
from segmentry.insights.estimate import Estimate, share
from segmentry.insights.member import Division, Members


def members(values, codes=None, names=("a", "b")):
    size = len(values)
    codes = np.zeros(size, np.int64) if codes is None else codes
    return Members(np.arange(size), {"value": values}, {"part": Division(names, codes)})


def test_chance_alone_seldom_counts_as_drift():
    draw = np.random.default_rng(3)
    moved = [
        shifts(members(draw.lognormal(0, 1, 400)), members(draw.lognormal(0, 1, 300)))[0].level
        for _ in range(400)
    ]
    assert moved.count("steady") >= 0.97 * 400


def test_what_moved_is_found_and_comes_first():
    draw = np.random.default_rng(4)
    one, other = draw.normal(0, 1, 2_000), draw.normal(1, 1, 2_000)
    one[:100] = np.nan
    before = Members(np.arange(2_000), {"still": one, "moved": one}, {})
    after = Members(np.arange(2_000), {"still": one, "moved": other}, {})
    moved, still = shifts(before, after)
    assert (moved.name, moved.level) == ("moved", "strong")
    assert (still.index, still.level) == (0, "steady")
    assert moved.before == pytest.approx(np.nanmean(one))


def test_the_index_by_hand():
    one, other = np.array([60.0, 40.0]), np.array([40.0, 60.0])
    first, second = (one + 0.5) / 101, (other + 0.5) / 101
    assert stability(one, other) == pytest.approx(
        sum((b - a) * np.log(b / a) for a, b in zip(first, second, strict=True))
    )
    assert stability(one, one) == 0
    assert by_chance(one, other) == pytest.approx(6.63 * (1 / 100 + 1 / 100), rel=0.02)


def test_who_stayed_is_counted_among_those_known_at_both():
    codes = np.repeat([0, 1], [60, 40])
    later = codes.copy()
    later[:30] = 1
    grown = np.concatenate([later, np.zeros(50, np.int64)])
    found = divided(members(np.zeros(100), codes), members(np.zeros(150), grown), "part", 30)
    a, b = found.groups
    assert (a.before, a.after, b.before, b.after) == (60, 80, 40, 70)
    assert a.stayed == share(30, 60)
    assert a.half_life_days.value == pytest.approx(30)
    assert a.half_life_days.low < 30 < a.half_life_days.high
    assert b.stayed.value == 1
    assert b.half_life_days.value is None


def test_half_lives_at_the_ends():
    assert half_life(Estimate(None, reason="nothing"), 30).value is None
    assert half_life(share(0, 50), 30).value == 0
    assert half_life(share(0, 50), 30).low == 0
