"""Every engine, started by itself when a test first asks for it; a missing one is skipped."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.engines.servers import NotInstalledError, PostgresServer, postgres_server
from tests.engines.start import ENGINES

from segmentry.engines.engine import Engine


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One engine after the other."""
    try:
        with ENGINES[request.param]() as session:
            yield session
    except NotInstalledError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL server for tests that open sessions themselves."""
    try:
        with postgres_server() as running:
            yield running
    except NotInstalledError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def english_server() -> Iterator[PostgresServer]:
    """A server whose texts are ordered as in an English dictionary."""
    try:
        with postgres_server(icu=True) as running:
            yield running
    except NotInstalledError as error:
        pytest.skip(str(error))
