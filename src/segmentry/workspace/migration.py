"""Brings a catalogue of any earlier version up to this one; each step is a file in `migrations`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

import sqlalchemy as sa

METADATA = sa.MetaData()
"""The tables of a catalogue, each made where it is used."""
HEAD = "0006"
"""The newest step; a test holds it against the files."""


def bring_up(engine: sa.Engine) -> None:
    """Make the tables of a new catalogue, or change those of an old one; a current one is left."""
    with engine.connect() as connection:
        there = set(sa.inspect(connection).get_table_names())
        version = _version(connection) if "alembic_version" in there else None
    if version == HEAD:
        return
    if there:
        _upgrade(engine, version or "0001")
        return
    with _at_once(engine) as connection:
        METADATA.create_all(connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32))")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{HEAD}')")


@contextmanager
def _at_once(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that holds for tables too: the driver by itself begins one only for rows."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        yield connection


def _version(connection: sa.Connection) -> str | None:
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _upgrade(engine: sa.Engine, known: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(files(__package__) / "migrations"))
    with _at_once(engine) as connection:
        config.attributes["connection"] = connection
        command.stamp(config, known)
        command.upgrade(config, HEAD)
