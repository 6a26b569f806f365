"""The simulations of the validation report, few and small: nothing in noise, the truth in groups."""

import pytest
from numpy.random import PCG64, Generator
from tests.validation.clusters import STRUCTURELESS, found, separated

ROWS = 800


@pytest.mark.parametrize("kind", STRUCTURELESS)
def test_nothing_is_found_where_there_is_nothing(kind):
    points = STRUCTURELESS[kind](Generator(PCG64([1, 0])))
    assert found(points[:ROWS], 1) == 0


@pytest.mark.parametrize("number", range(2))
def test_the_true_number_is_found_where_groups_are_apart(number):
    points, k = separated(Generator(PCG64([1, 200 + number])))
    assert found(points[:ROWS], number) == k
