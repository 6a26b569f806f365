"""Histories that the tests share: a published one, where it is at hand, and a simulated one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from tests.validation.clv import simulate

from segmentry.models.clv.bg_nbd import BgNbd
from segmentry.models.clv.purchases import Purchases

CDNOW = "cdnow/cdnow_customers_summary_with_transactions.csv"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real data sets; tests that need it are skipped where it is not."""
    beside = Path(__file__).parents[3].parent / "shared" / "data"
    folder = Path(os.environ.get("SEGMENTRY_SHARED_DATA", beside))
    if not folder.is_dir():
        pytest.skip("SEGMENTRY_SHARED_DATA names no folder")
    return folder


@pytest.fixture(scope="session")
def published(shared_data: Path) -> dict[str, np.ndarray]:
    """2,357 customers of CDNOW in weeks, as the papers count them."""
    table = np.genfromtxt(shared_data / CDNOW, delimiter=",", names=True)
    return {name: table[name] for name in ("x", "t_x", "T", "zbar")}


@pytest.fixture(scope="session")
def cdnow(published: dict[str, np.ndarray]) -> Purchases:
    return Purchases.of(published["x"], published["t_x"], published["T"])


@pytest.fixture(scope="session")
def shop() -> Purchases:
    """Four thousand simulated customers, in whole days."""
    draw = np.random.Generator(np.random.PCG64(3))
    age = draw.integers(30, 700, 4000).astype(float)
    frequency, recency, age = simulate(BgNbd(0.5, 30.0, 0.8, 2.5), draw, age)
    return Purchases.of(frequency, np.minimum(np.ceil(recency), age), age)
