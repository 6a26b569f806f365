"""One shop's life for all tests of all workers."""

import os

import pytest
from tests.torture.scenario import Life


@pytest.fixture(scope="session")
def life(tmp_path_factory):
    """The shop before and after each step."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "life"
    return Life(folder)
