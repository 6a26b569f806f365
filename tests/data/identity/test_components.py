"""What hangs together, and what must stay apart."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from segmentry.data.identity.components import components, joined_apart

PAIRS = st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), max_size=40)


def naive(pairs):
    groups = []
    for pair in pairs:
        touched = [each for each in groups if each & set(pair)]
        groups = [each for each in groups if not each & set(pair)] + [set(pair).union(*touched)]
    return groups


@given(PAIRS)
def test_components_are_those_of_a_plain_reading(pairs):
    ends = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    numbers, roots = components(ends[:, 0], ends[:, 1])
    assert dict(zip(numbers.tolist(), roots.tolist(), strict=True)) == {
        member: min(group) for group in naive(pairs) for member in group
    }


@given(PAIRS, PAIRS)
def test_nothing_that_must_stay_apart_is_joined(pairs, apart):
    apart = [each for each in apart if each[0] != each[1]]
    kept = joined_apart(pairs, apart)
    groups = naive(kept)
    assert not any({one, other} <= group for group in groups for one, other in apart)
    if not apart:
        assert kept == pairs
    # Nothing is left out without need: each such pair would join two that must stay apart.
    for one, other in [each for each in pairs if each not in kept]:
        ends = [next((g for g in groups if end in g), {end}) for end in (one, other)]
        assert any({a, b} <= ends[0] | ends[1] for a, b in apart)


def test_a_long_chain_is_one():
    numbers, roots = components(np.arange(5000), np.arange(1, 5001))
    assert len(numbers) == 5001
    assert set(roots.tolist()) == {0}
