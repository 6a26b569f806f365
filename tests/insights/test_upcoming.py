"""What comes next is taught on what came before, and as likely as is said."""

from dataclasses import replace

import numpy as np
import pytest

from segmentry.insights.bought import Bought
from segmentry.insights.upcoming import (
    FEWEST,
    HORIZON,
    NEEDED_DAYS,
    OFTEN,
    POPULAR,
    Upcoming,
    blocks,
    trial,
)

DAYS = NEEDED_DAYS + 60


def history(seed: int, *, tastes: bool, customers: int = 900, items: int = 12) -> Bought:
    """Customers who buy every few days, each thing by chance: by their own taste, or all alike."""
    draw = np.random.Generator(np.random.PCG64(seed))
    liked = draw.beta(0.5, 1.5, (customers, items)) if tastes else np.full((customers, items), 0.2)
    who = np.repeat(np.arange(customers), 20)
    day = draw.integers(0, DAYS, len(who))
    row, what = np.nonzero(draw.random((len(who), items)) < liked[who])
    rows = np.unique(np.stack([who[row], what, day[row]], axis=1), axis=0)
    names = tuple(f"i{each:02}" for each in range(items))
    return Bought(np.arange(customers) + 7, names, *rows.T, end=DAYS)


def test_tastes_are_known_and_probabilities_are_true():
    found = trial(history(1, tastes=True))
    losses = {each.way: each.brier for each in found.ways}
    assert found.by != POPULAR
    assert losses[found.by] < 0.9 * losses[POPULAR]
    assert found.ways[0].ece < 0.02
    assert trial(history(1, tastes=True)) == found, "the same bit for bit"


def test_without_tastes_what_everybody_buys_is_said():
    assert trial(history(2, tastes=False)).by == POPULAR


def test_what_comes_after_is_not_known_before():
    whole = history(3, tastes=True)
    cut = whole.end - HORIZON
    known = whole.day < cut
    early = replace(
        whole, who=whole.who[known], what=whole.what[known], day=whole.day[known], end=cut
    )
    late, first = (Upcoming(each, cut).likely(np.arange(20)) for each in (whole, early))
    for way, chances in first.items():
        assert chances == pytest.approx(late[way], abs=1e-12)
        assert ((chances > 0) & (chances < 1)).all()
    assert late[OFTEN].std() > 0.1


def test_too_few_say_what_is_missing():
    few = trial(history(4, tastes=True, customers=FEWEST // 2))
    assert (few.ways, few.by) == ((), POPULAR)
    assert f"needs {FEWEST} customers" in few.missing
    assert np.concatenate(list(blocks(45_000))).tolist() == list(range(45_000))
