"""Every engine as a context that starts it and ends it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.engines.servers import NotInstalledError, postgres_server

from segmentry.engines.duckdb import DuckDB
from segmentry.engines.engine import Engine

THOROUGH = bool(os.environ.get("SEGMENTRY_THOROUGH"))
"""Whether Spark, whose queries take seconds each, gets every case too: `make engines`."""


QUICK_JAVA = (
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m"
    " -Dspark.buffer.pageSize=1m"
)
"""Java that makes code fast at once rather than the fastest later: half of the time of a test.

Room for that code has to be asked for; where it is full, deep plans run out of stack. Each sum and
join begins with a page of memory: of 64 MB, they cost half of the rest in collecting garbage.
"""
FOR_FEW_ROWS = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def is_spark(engine: Engine) -> bool:
    """Whether it is Spark, where planning a query takes longer than a thousand customers."""
    return engine.dialect.name == "spark"


def is_desk(engine: Engine) -> bool:
    """Whether it is DuckDB, against which the others are held."""
    return isinstance(engine, DuckDB)


def is_brief(engine: Engine) -> bool:
    """Whether an engine gets a selection of the cases only."""
    return is_spark(engine) and not THOROUGH


@contextmanager
def for_few_rows(engine: Engine) -> Iterator[None]:
    """Spark without what pays for itself on many rows only, such as compiling each query."""
    if not is_spark(engine):
        yield
        return
    settings = engine._session.conf  # type: ignore[attr-defined]
    before = {name: settings.get(name) for name in FOR_FEW_ROWS}
    for name, value in FOR_FEW_ROWS.items():
        settings.set(name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            settings.set(name, value)


@contextmanager
def duckdb() -> Iterator[Engine]:
    """In memory, on one core."""
    with DuckDB(threads=1) as session:
        yield session


@contextmanager
def postgres() -> Iterator[Engine]:
    """A session on a server of its own."""
    from segmentry.engines.postgres import Postgres

    with postgres_server() as server, Postgres(server.url()) as session:
        yield session


@contextmanager
def spark() -> Iterator[Engine]:
    """A local Spark on two cores, with its tables in a folder of its own."""
    if find_spec("pyspark") is None or not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise NotInstalledError("Spark or Java is not installed: run `make setup-engines`.")
    from segmentry.engines.spark import Spark

    _quick_java()
    with (
        tempfile.TemporaryDirectory(prefix="segmentry-spark-") as lake,
        Spark("spark", Path(lake), memory_limit="1GB", threads=2) as session,
    ):
        yield session


def _quick_java() -> None:
    """Before Java starts, which it does once in a process."""
    os.environ.setdefault("JDK_JAVA_OPTIONS", QUICK_JAVA)


@contextmanager
def address(name: str) -> Iterator[str]:
    """What a workspace's settings say of an engine, while its server runs."""
    if name != "postgres":
        _quick_java()
        yield name
        return
    with postgres_server() as server:
        yield server.url()


ENGINES: dict[str, Callable[[], AbstractContextManager[Engine]]] = {
    "duckdb": duckdb,
    "postgres": postgres,
    "spark": spark,
}
