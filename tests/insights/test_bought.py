"""What is read off purchases by day: gaps, last days, and the part of some customers."""

import numpy as np
import pytest

from segmentry.insights.bought import Bought, last_days, matrix, usual_gaps

ITEMS, DAYS = 9, 200


@pytest.fixture(params=range(5))
def history(request):
    draw = np.random.Generator(np.random.PCG64(request.param))
    rows = np.stack([draw.integers(0, most, 700) for most in (60, ITEMS - 1, DAYS)], axis=1)
    names = tuple(f"i{each}" for each in range(ITEMS))  # nobody buys the last
    return Bought(np.arange(60) + 7, names, *np.unique(rows, axis=0).T, end=DAYS)


def purchases(history, cut):
    """Days by customer and thing, before a day."""
    found = {}
    for who, what, day in zip(history.who, history.what, history.day, strict=True):
        if day < cut:
            found.setdefault((int(who), int(what)), []).append(int(day))
    return found


@pytest.mark.parametrize("cut", [DAYS, 90, 0])
def test_a_usual_gap_is_the_median_of_all_customers(history, cut):
    gaps = {}
    for (_, what), days in purchases(history, cut).items():
        gaps.setdefault(what, []).extend(np.diff(days))
    found = usual_gaps(history, cut)
    for item in range(ITEMS):
        each = sorted(gaps.get(item, []))
        expected = max(each[len(each) // 2], 1) if each else np.nan
        assert found[item] == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize("cut", [DAYS, 90])
def test_last_days(history, cut):
    found = last_days(history, cut).toarray()
    expected = np.zeros_like(found)
    for pair, days in purchases(history, cut).items():
        expected[pair] = max(days)
    assert (found == expected).all()


def test_the_part_of_some_is_theirs_in_their_order(history):
    chosen = np.arange(3, 60, 7)
    part = history.part(chosen)
    everything = np.ones(len(history.day), bool)
    whole, theirs = matrix(history, everything), matrix(part, np.ones(len(part.day), bool))
    assert (theirs.toarray() == whole[chosen].toarray()).all()
    assert (part.numbers == history.numbers[chosen]).all()
    assert (last_days(part, DAYS).toarray() == last_days(history, DAYS)[chosen].toarray()).all()
