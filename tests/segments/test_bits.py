"""Sets as bits against Python's sets."""

from random import Random

import numpy as np
import pytest

from segmentry.segments import bits
from segmentry.segments.sliced import sliced


@pytest.mark.parametrize("seed", range(40))
def test_bits_are_sets(seed):
    rng = Random(seed)
    most = rng.choice((1, 7, 8, 9, 64, 65, 3_000))
    one, other = ({rng.randrange(most) for _ in range(rng.choice((0, 1, 9, most)))} for _ in "ab")
    left, right = (bits.of_numbers(np.array(sorted(each), np.int64)) for each in (one, other))
    assert bits.numbers(left).tolist() == sorted(one)
    assert bits.count(left) == len(one)
    assert set(bits.numbers(bits.common(left, right)).tolist()) == one & other
    assert set(bits.numbers(bits.differing(left, right)).tolist()) == one ^ other
    assert set(bits.numbers(bits.without(left, right)).tolist()) == one - other
    assert set(bits.numbers(bits.union(left, right)).tolist()) == one | other
    assert bits.numbers(bits.restored(bits.stored(left))).tolist() == sorted(one)
    size = rng.choice((0, 5, most, most + 20))
    assert np.flatnonzero(bits.flags(left, size)).tolist() == sorted(x for x in one if x < size)


@pytest.mark.parametrize("seed", range(40))
def test_sums_over_sets_are_exact(seed):
    rng = Random(seed)
    size, most = rng.choice((1, 9, 4_000)), rng.choice((1, 10**4, 2**62))
    unit, low = rng.choice((1, 100)), rng.choice((0, -most))
    values = np.array([rng.randint(low, most) // unit * unit for _ in range(size)], np.int64)
    known = np.array([rng.random() < 0.8 for _ in range(size)])
    slices = sliced(values, known)
    for share in (0, 0.005, 0.5, 1):
        members = [each for each in range(size + 5) if rng.random() < share]
        inside = [each for each in members if each < size and known[each]]
        expected = sum(values[inside].tolist()) if inside else None
        assert slices.sum(bits.of_numbers(np.array(members, np.int64))) == expected
