"""One shop's life for all tests of a worker."""

import pytest
from tests.torture.scenario import Life


@pytest.fixture(scope="session")
def life(tmp_path_factory):
    """The shop before and after each step."""
    return Life(tmp_path_factory.mktemp("life"))
