"""Where a column differs from an earlier one, and what is put there."""

import numpy as np
import pyarrow as pa
import pytest

from segmentry.core.types import Type
from segmentry.engines.held import held
from segmentry.features.compacted import differing, patched

MANY = list(range(100))


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ([], [], []),
        ([], [3, None], [0, 1]),
        (MANY, MANY, []),
        (MANY, [*MANY[:7], None, *MANY[8:], 5, None], [7, 100, 101]),
        (MANY, [each + 1 for each in MANY], None),
    ],
)
def test_places_are_those_that_moved_and_those_that_came(old, new, places):
    found = differing(pa.array(old, pa.int64()), pa.array(new, pa.int64()), Type.INTEGER)
    assert (found if found is None else found.tolist()) == places


def test_what_was_of_another_kind_differs_altogether():
    assert differing(pa.array(["1"]), pa.array([1]), Type.INTEGER) is None


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        (Type.INTEGER, pa.array([1, 2]), pa.array([3])),
        (Type.TEXT, pa.array(["a", "b"]), pa.array(["c"])),
        (Type.BOOLEAN, pa.array([True, True]), pa.array([False])),
    ],
)
def test_a_place_that_came_for_nobody_has_no_value(kind, old, new):
    """The number of a customer who is not known yet lies between those of others."""
    found = patched(old, kind, np.array([3]), held(new, kind), 4)
    assert found.to_pylist() == [*old.to_pylist(), None, *new.to_pylist()]
