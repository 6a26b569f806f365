"""Factors know a taste that shares of everybody do not, and are only there where asked for."""

import numpy as np
from scipy.sparse import csr_array

from segmentry.insights import factors
from segmentry.insights.factors import FACTORS, factors_of

ITEMS = 40


def tastes() -> csr_array:
    """Three thousand customers, who buy either things of the first half or of the second."""
    draw = np.random.Generator(np.random.PCG64(4))
    likes = np.arange(ITEMS) // (ITEMS // 2) == (np.arange(3_000) % 2)[:, None]
    return csr_array(np.where(likes & (draw.random(likes.shape) < 0.3), 1.0, 0.0))


def test_what_similar_customers_buy_comes_first():
    before = tastes()
    score = factors_of(before)
    assert score is not None
    found = score(before[:20])
    own_half = np.arange(ITEMS) // (ITEMS // 2) == (np.arange(20) % 2)[:, None]
    assert (
        np.where(own_half, found, -9).max(axis=1) > np.where(own_half, -9, found).max(axis=1)
    ).all()
    again = factors_of(before)
    assert again is not None
    assert (again(before[:20]) == found).all()


def test_of_few_things_there_are_none():
    assert factors_of(tastes()[:, :FACTORS]) is None


def test_without_the_package_there_are_none(monkeypatch):
    monkeypatch.setattr(factors, "find_spec", lambda _: None)
    assert factors_of(tastes()) is None
