"""Where a column differs from an earlier one."""

import pyarrow as pa
import pytest

from segmentry.core.types import Type
from segmentry.features.compacted import differing

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
