"""All pairs of sets, counted again in plain Python."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from tests.insights.conftest import Row

from segmentry.insights.overlap import combinations, overlap
from segmentry.segments.bits import NOBODY, Bits, of_numbers, packed

NAMES = ["one", "two", "three"]


def members(rows: list[Row], names: list[str]) -> dict[str, Bits]:
    return {each: packed(np.array([bool(row[each]) for row in rows])) for each in names}


def everybody(size: int) -> Bits:
    return packed(np.ones(size, np.bool_))


def test_every_pair_is_that_of_plain_python(base: list[Row]) -> None:
    found = overlap(members(base, NAMES), everybody(len(base)))
    for one in NAMES:
        for other in NAMES:
            assert found.size(one, other) == sum(row[one] and row[other] for row in base)
    assert found.customers == len(base)
    assert found.none == sum(not any(row[name] for name in NAMES) for row in base)


@pytest.mark.parametrize("seed", range(8))
def test_pairs_of_sets_of_any_size(seed: int) -> None:
    rng = Random(seed)
    size = rng.choice((5, 600, 70_000))
    shares = [rng.choice((0, 0.0005, 0.02, 0.6, 1)) for _ in range(12)]
    drawn = [{each for each in range(size) if rng.random() < share} for share in shares]
    sets = {str(n): of_numbers(np.array(sorted(each))) for n, each in enumerate(drawn)}
    found = overlap(sets, everybody(size))
    for n, one in enumerate(drawn):
        assert [found.size(str(n), str(m)) for m in range(12)] == [len(one & two) for two in drawn]
    assert found.none == size - len(set().union(*drawn))


def test_share_is_of_the_first() -> None:
    rows = [{"a": n < 4, "b": n < 1, "c": False} for n in range(10)]
    found = overlap(members(rows, ["a", "b", "c"]), everybody(10))
    assert found.share("a", "b") == 0.25
    assert found.share("b", "a") == 1.0
    assert found.share("c", "a") is None
    assert found.size("a") == 4


def test_without_sets_everybody_is_in_none() -> None:
    found = overlap({}, everybody(3))
    assert (found.customers, found.none, found.names) == (3, 3, ())
    assert overlap({"nobody": NOBODY}, everybody(3)).none == 3


@pytest.mark.parametrize("seed", range(4))
def test_combinations_are_those_of_plain_python(seed: int) -> None:
    rng = Random(seed)
    size = rng.choice((5, 600, 70_000))
    drawn = [{each for each in range(size) if rng.random() < 0.3} for _ in range(seed + 2)]
    found = combinations([of_numbers(np.array(sorted(each), np.int64)) for each in drawn])
    expected: dict[tuple[int, ...], int] = {}
    for customer in set().union(*drawn):
        code = tuple(place for place, each in enumerate(drawn) if customer in each)
        expected[code] = expected.get(code, 0) + 1
    assert found == expected


def test_combinations_of_nobody_and_of_too_many() -> None:
    assert combinations([NOBODY, NOBODY]) == {}
    with pytest.raises(ValueError, match="16"):
        combinations([NOBODY] * 17)
