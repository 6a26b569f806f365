"""Addresses of engines: what may stand in the settings, and the session that one opens."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from segmentry.core.errors import UsageError
from segmentry.engines.engine import Engine

OWN = "duckdb"
"""The address of the workspace's own file."""
FROM_ENVIRONMENT = "env:"
POSTGRES, SPARK = ("postgresql", "postgres"), ("spark", "sc")
ADDRESSES = (
    "Write duckdb, postgresql://user@host/database, spark, spark://host:port, sc://host:port,"
    " or env:NAME for an address in the environment."
)


def check_address(address: str) -> str:
    """The address of an engine, as it may stand in `segmentry.yaml`.

    Raises:
        UsageError: It is none, or holds a password.
    """
    if address.startswith(FROM_ENVIRONMENT):
        return address
    if not _is_address(address):
        shown = re.sub("//.*@", "//…@", address)
        raise UsageError(f"`{shown}` is not an engine.", fix=ADDRESSES)
    if urlsplit(address).password:
        raise UsageError(
            "the engine's address holds a password, which does not belong into a file.",
            fix="Put the password into ~/.pgpass or PGPASSWORD, or the whole address into a"
            " variable and write env:NAME.",
        )
    return address


def connect(
    address: str, schema: str, lake: Path, memory_limit: str | None, threads: int | None
) -> Engine:
    """Open the engine at an address that is not the workspace's own file.

    Args:
        schema: In which PostgreSQL keeps the tables.
        lake: Where Spark keeps them.
        memory_limit: What a query may take in PostgreSQL, or Spark hold on this machine.
        threads: How many cores it may use on this machine.

    Raises:
        UsageError: What the engine needs is not installed.
        EngineError: It cannot be reached.
    """
    if address.startswith(POSTGRES):
        with _installed("psycopg", "postgres"):
            from segmentry.engines.postgres import Postgres
        return Postgres(address, schema=schema, memory_limit=memory_limit)
    with _installed("pyspark", "spark"):
        from segmentry.engines.spark import Spark
    return Spark(address, lake, memory_limit=memory_limit, threads=threads)


@contextmanager
def _installed(package: str, extra: str) -> Iterator[None]:
    if find_spec(package) is None:
        raise UsageError(
            f"this engine needs the package {package}, which is not installed.",
            fix=f"pip install 'segmentry[{extra}]'",
        )
    yield


def resolved(address: str) -> str:
    """The address that is meant, with one from the environment read.

    Raises:
        UsageError: It is none, or the variable that should hold it is not set.
    """
    if not address.startswith(FROM_ENVIRONMENT):
        return check_address(address)
    variable = address.removeprefix(FROM_ENVIRONMENT)
    found = os.environ.get(variable)
    if not found:
        raise UsageError(
            f"the engine's address is to stand in the variable {variable}, which is not set.",
            fix=f"Set {variable}, or change `engine` in segmentry.yaml.",
        )
    if not _is_address(found):
        raise UsageError(f"the variable {variable} holds no address of an engine.", fix=ADDRESSES)
    return found


def _is_address(text: str) -> bool:
    """Whether it names an engine; a password in it is another question."""
    known = urlsplit(text).scheme in (*POSTGRES, *SPARK) and "://" in text
    return known or text in (OWN, "spark")
