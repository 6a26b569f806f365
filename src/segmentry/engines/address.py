"""Addresses of engines: what may stand in the settings, and the session that one opens."""

from __future__ import annotations

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from segmentry.core.errors import UsageError
from segmentry.engines.engine import Engine

OWN = "duckdb"
"""The address of the workspace's own file."""
FROM_ENVIRONMENT = "env:"
POSTGRES, SPARK = ("postgresql", "postgres"), ("spark", "sc")


def check_address(address: str) -> str:
    """The address of an engine, as it may stand in `segmentry.yaml`.

    Raises:
        UsageError: It is none, or holds a password.
    """
    if address.startswith(FROM_ENVIRONMENT) or address in (OWN, "spark"):
        return address
    parts = urlsplit(address)
    if parts.scheme not in (*POSTGRES, *SPARK) or "://" not in address:
        raise UsageError(
            f"`{re.sub('//.*@', '//…@', address)}` is not an engine.",
            fix="Write duckdb, postgresql://user@host/database, spark, spark://host:port,"
            " sc://host:port, or env:NAME for an address in the environment.",
        )
    if parts.password:
        raise UsageError(
            "the engine's address holds a password, which does not belong into a file.",
            fix="Put the password into ~/.pgpass or PGPASSWORD, or the whole address into a"
            " variable and write env:NAME.",
        )
    return address


def connect(address: str, lake: Path) -> Engine:
    """Open the engine at an address that is not the workspace's own file.

    Args:
        lake: Where Spark keeps its tables.

    Raises:
        UsageError: There is no such address, or the variable that should hold it is not set.
        EngineError: It cannot be reached.
    """
    if address.startswith(POSTGRES):
        from segmentry.engines.postgres import Postgres

        return Postgres(address)
    from segmentry.engines.spark import Spark

    return Spark(address, lake)


def resolved(address: str) -> str:
    """The address that is meant, with one from the environment read."""
    if not address.startswith(FROM_ENVIRONMENT):
        return check_address(address)
    variable = address.removeprefix(FROM_ENVIRONMENT)
    found = os.environ.get(variable)
    if not found:
        raise UsageError(
            f"the engine's address is to stand in the variable {variable}, which is not set.",
            fix=f"Set {variable}, or change `engine` in segmentry.yaml.",
        )
    return found
