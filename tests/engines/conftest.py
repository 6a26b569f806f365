"""Every engine, started by itself when a test first asks for it; a missing one is skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.engines.servers import NotInstalledError, PostgresServer, postgres_server

from segmentry.engines.duckdb import DuckDB
from segmentry.engines.engine import Engine


@contextmanager
def duckdb() -> Iterator[Engine]:
    """In memory, on one core."""
    with DuckDB(threads=1) as session:
        yield session


@contextmanager
def postgres() -> Iterator[Engine]:
    """A session on a server of its own."""
    try:
        from segmentry.engines.postgres import Postgres
    except ImportError:
        raise NotInstalledError("psycopg is not installed: run `make setup-engines`.") from None

    with postgres_server() as server, Postgres(server.url()) as session:
        yield session


@contextmanager
def spark() -> Iterator[Engine]:
    """A local Spark."""
    raise NotInstalledError("Spark is not installed: run `make setup-engines`.")
    yield


ENGINES: dict[str, Callable[[], object]] = {"duckdb": duckdb, "postgres": postgres, "spark": spark}


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
