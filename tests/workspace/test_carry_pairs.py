"""Features and segments carried on from change to change are those of computing all anew."""

from __future__ import annotations

import os
import random

import pytest
from tests.workspace.carried import Life, RuleSet, Sets

from segmentry.features import carry, compacted, slices
from segmentry.segments import since

PAIRS = int(os.environ.get("SEGMENTRY_CARRIES", "300"))
"""Pairs of a rule set and a change set; `make carry` tries 10,000."""
SETS, CHANGES = 30, 5


@pytest.mark.parametrize("seed", range(-(-PAIRS // (SETS * CHANGES))))
def test_all_is_as_computed_anew(make_shop, tmp_path, monkeypatch, seed):
    draw = random.Random(seed)
    if draw.random() < 0.75:
        go_on_whatever_moved(monkeypatch)
    monkeypatch.setattr(slices, "AT_ONCE", draw.choice((20, 4_000_000)))
    shop = make_shop(timezone=draw.choice(("Europe/Kyiv", "America/New_York", "Asia/Tehran")))
    shop.engine.execute("SET threads = 1")
    life = Life.begin(shop, seed)
    schema = shop.loaded_schema()
    drawn = [RuleSet.drawn(f"r{number}", draw, shop, schema) for number in range(SETS)]
    sets = Sets(shop, drawn, tmp_path / "columns")
    sets.go_on(life.day)
    for _ in range(CHANGES):
        life.go_on()
        sets.go_on(life.day)


def go_on_whatever_moved(monkeypatch):
    """In a small shop a day moves most customers; large ones are not begun anew for so many."""
    monkeypatch.setattr(carry, "LARGEST_SHARE", 1)
    monkeypatch.setattr(since, "FEW", 0)
    monkeypatch.setattr(compacted, "MOSTLY", 1)
