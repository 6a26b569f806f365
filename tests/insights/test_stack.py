"""Memberships of several cuts are added up the same, however many customers are looked at at once."""

from datetime import timedelta

import numpy as np
import pytest

from segmentry.core.time import AsOf
from segmentry.insights import stack
from segmentry.insights.estimate import tails
from segmentry.insights.future import Cut, Sales
from segmentry.insights.member import Division
from segmentry.insights.stack import Stack

NAMES = ("a", "b", "c")
START = AsOf.parse("2025-01-01", "UTC")


def cut(seed, draw):
    numbers = np.flatnonzero(draw.random(900) < 0.7).astype(np.int32)
    size = len(numbers)
    names = NAMES[: 2 + seed % 2]
    codes = draw.integers(-1, len(names), size).astype(np.int8)
    revenue = np.exp(draw.standard_normal(size)) * (draw.random(size) < 0.6)
    sales = Sales(revenue, (revenue > 0).astype(np.int32))
    as_of = AsOf(START.instant + timedelta(days=30 * seed), "UTC")
    return Cut(as_of, numbers, revenue, {"part": Division(names, codes)}, {30: sales})


@pytest.fixture
def cuts():
    draw = np.random.default_rng(7)
    return [cut(seed, draw) for seed in range(4)]


def plain(cuts, name):
    """The difference of a group's mean to that of everyone else, with its moments, by definition.

    Of each customer: what it adds to the difference of the two means.
    """
    rows = {}
    for each in cuts:
        own = each.divisions["part"]
        for number, code, revenue in zip(each.numbers, own.codes, each.past, strict=True):
            is_in = code >= 0 and own.names[code] == name
            row = rows.setdefault(number, np.zeros(4))
            row[0 if is_in else 2] += revenue
            row[1 if is_in else 3] += 1
    values, times, others, other_times = np.array([rows[number] for number in sorted(rows)]).T
    size = len(values)
    influence, means, strains = [], [], []
    for total, count in ((values, times), (others, other_times)):
        means.append(total.sum() / count.sum())
        influence.append((total - means[-1] * count) / count.mean())
        held = np.array([float((count > 0).sum())])
        some = count > 0
        strain, _ = tails(total[some], np.zeros(int(held[0]), np.int64), 1, held)
        strains.append(float(strain[0]))
    moved = influence[0] - influence[1]
    variance, third = (moved**2).sum() / size / (size - 1), (moved**3).sum() / size**3
    return means[0] - means[1], variance, third, max(*strains, 0.0)


@pytest.mark.parametrize("cells", [1, 100, stack.CELLS])
def test_a_difference_is_what_its_customers_add_to_it(cuts, cells, monkeypatch):
    monkeypatch.setattr(stack, "CELLS", cells)
    made = Stack.of(cuts, "part", NAMES)
    [(own, more)] = made.against([lambda cut, some: cut.past[some]])
    for place, name in enumerate(NAMES):
        found = (more.value, more.variance, more.third, more.strain)
        assert [each[place] for each in found] == pytest.approx(plain(cuts, name), rel=1e-9)
        members = [
            each.numbers[each.divisions["part"].codes == each.divisions["part"].names.index(name)]
            for each in cuts
            if name in each.divisions["part"].names
        ]
        assert own.customers[place] == len(np.unique(np.concatenate(members)))
        assert made.times[place] == sum(map(len, members))


def test_a_group_of_everybody_has_nobody_to_be_compared_with(cuts):
    whole = {"part": Division(("a",), np.zeros(len(cuts[0].numbers), np.int8))}
    one = Cut(cuts[0].as_of, cuts[0].numbers, cuts[0].past, whole, {})
    [(own, more)] = Stack.of([one], "part", ["a"]).against([lambda cut, some: cut.past[some]])
    assert own.estimates()[0].value == pytest.approx(one.past.mean())
    assert more.estimates()[0].reason == "nothing"


def test_no_cuts_say_nothing():
    assert (
        Stack.of([], "part", []).against([lambda cut, some: cut.past[some]])[0][0].value.size == 0
    )
