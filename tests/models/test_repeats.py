"""What `make validate` says is the same again, bit for bit, by its seed; here at a small size."""

from __future__ import annotations

import importlib

import pytest


@pytest.mark.parametrize("topic", ["clv", "estimate", "prediction"])
def test_the_same_seed_gives_the_same_figures(topic: str) -> None:
    module = importlib.import_module(f"tests.validation.{topic}")
    first, again, other = (module.figures(seed, 1) for seed in (1, 1, 2))
    assert dict(first) == dict(again)
    assert dict(first) != dict(other)
