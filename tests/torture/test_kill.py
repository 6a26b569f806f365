"""kill -9 before any system call that changes the disk: never half a result, and no manual help.

`make torture` runs ten times as many points as the tests do.
"""

from itertools import combinations
from random import Random

import pytest
from tests.torture import kill
from tests.torture.scenario import NAMES
from tests.torture.stage import INSTALL, has_strace

POINTS = {
    "load": 36, "refresh": 12, "save": 16, "refresh rebuilt": 9, "refresh later": 10, "report": 2,
    "workbook": 4,
}  # fmt: skip
"""200 in all with those at random; of the steps that are not named here, ten less a few."""
OTHERS = 8
RANDOM = 1


@pytest.mark.skipif(not has_strace(), reason=INSTALL)
@pytest.mark.parametrize("name", NAMES)
def test_a_kill_leaves_the_old_or_the_new(life, tmp_path, name):
    case = life.case(name)
    found = []
    for point in kill.chosen(case.points(tmp_path), POINTS.get(name, OTHERS)):
        found += kill.at(case, point, tmp_path)
    assert not found


@pytest.mark.parametrize("name", NAMES)
def test_so_does_one_at_any_time(life, tmp_path, name):
    case, draw = life.case(name), Random(name)
    found = []
    for _ in range(RANDOM):
        found += kill.at_random(case, draw, tmp_path, seconds=1)
    assert not found


def test_the_later_refresh_is_one_that_goes_on_from_the_one_before(life):
    """It shares files of columns with it, so that what is killed above is going on."""
    folders = [*(life.case("refresh later").after / "shop").rglob("snapshot/*")]
    shared = [
        each.name
        for one, other in combinations(folders, 2)
        for each in one.glob("*.arrow")
        if (other / each.name).exists() and each.samefile(other / each.name)
    ]
    assert len(folders) == 2
    assert shared
