"""PostgreSQL, 14 or later: tables in a schema of the workspace's own."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, Self

import psycopg
import pyarrow as pa
from psycopg import errors, pq

from segmentry.core.errors import BusyError, CancelledError, EngineError, OutOfResourcesError
from segmentry.core.types import Type
from segmentry.engines import postgres_rows
from segmentry.engines.duckdb import literal, quote
from segmentry.engines.postgres_rows import Described
from segmentry.engines.postgres_schema import LOCKED, make_schema
from segmentry.sql.dialects.postgres import POSTGRES
from segmentry.sql.expression import Query, Relation, Select, Union

OLDEST = 140_000
NEW = "_new"
"""What the name of a table ends in while it is being made."""
USUAL_MB = 1_024
"""What a query may take when nothing is said, or a share of a machine that may be another one."""
LEAST_MB = 4
"""With less, a step of a query would do little but write to disk."""
LOST_SECONDS, PATIENCE_SECONDS = 1, 3
"""How often the server looks whether we are still there, and how long we wait for its lock."""
WORTH_ANALYZING = 1_000
"""Rows from which on the planner is told what a table holds."""
SETTINGS = {
    "client_encoding": "UTF8",
    "TimeZone": "UTC",
    "DateStyle": "ISO",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "client_min_messages": "warning",
    # Long work is meant; whoever wants to stop it interrupts it.
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    # Equal runs read rows in equal order.
    "synchronize_seqscans": "off",
    # Queries of hundreds of steps: compiling them takes longer than it saves, and the order of the
    # joins that the planner of features wrote is a good one.
    "jit": "off",
    "join_collapse_limit": "1",
    "from_collapse_limit": "1",
    "hash_mem_multiplier": "1",
    # Nothing is known of how many rows a step gives; a guess of one row would make it quadratic.
    "enable_nestloop": "off",
}


class Postgres:
    """A session on a PostgreSQL database, in a schema of its own.

    Close it, or use it as a context manager. One session works on a schema at a time; a second one
    gets `BusyError`. Tables live in the schema, and so do the functions that PostgreSQL lacks.

    Args:
        url: `postgresql://user@host:port/database`; whatever libpq knows, TLS included, may follow.
        schema: The schema; made when the user may make one.
        memory_limit: What the sorts and hash tables of one query may take ("2GB") before they spill
            to disk.

    Raises:
        EngineError: The server cannot be reached, is too old, or the user lacks rights.
        BusyError: Another session works on the schema.
    """

    dialect = POSTGRES

    def __init__(
        self, url: str, *, schema: str = "segmentry", memory_limit: str | None = None
    ) -> None:
        self.schema = schema
        self._memory_mb = _megabytes(memory_limit)
        self._connection = _connected(url)
        self._open_transactions = 0
        try:
            self._set_up()
        except BaseException:
            self.close()
            raise

    def _set_up(self) -> None:
        version = self._connection.info.server_version
        if version < OLDEST:
            raise EngineError(
                f"the server is PostgreSQL {version // 10_000}, which is too old.",
                fix="Segmentry needs PostgreSQL 14 or later.",
            )
        for name, value in SETTINGS.items():
            self._run(f"SET {name} = {literal(value)}")
        # A query whose client was killed would go on and keep the lock. Not every system can tell.
        with suppress(EngineError):
            self._run(f"SET client_connection_check_interval = '{LOST_SECONDS}s'")
        self._lock()
        make_schema(self._run, self._connection.info, self.schema)

    def _lock(self) -> None:
        """Take the schema for this session; the lock goes when the connection does."""
        self._run(f"SET lock_timeout = '{PATIENCE_SECONDS}s'")
        try:
            taking = "SELECT pg_advisory_lock(%s::integer, hashtext(%s))"
            self._connection.execute(taking, (LOCKED, self.schema))
        except errors.LockNotAvailable:
            raise BusyError(
                f"{self._holder()} is using the schema `{self.schema}`.",
                fix="Wait until it ends, or stop it; one process owns a workspace at a time.",
            ) from None
        self._run("SET lock_timeout = 0")

    def _holder(self) -> str:
        found = self._run(
            "SELECT application_name, usename, to_char(backend_start, 'YYYY-MM-DD HH24:MI')"
            " FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE locktype = 'advisory' AND granted AND classid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND objid = hashtext(%s)::bigint & 4294967295",
            LOCKED,
            self.schema,
        )
        if not found:
            return "another session"
        program, user, since = found[0]
        return f"{program or 'another session'} (user {user}, since {since} UTC)"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the session; the schema is free for others."""
        self._connection.close()

    def interrupt(self) -> None:
        """Stop the statement that is running in another thread; it raises `CancelledError`."""
        self._connection.cancel_safe()

    # running

    def _run(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        with _translated(statement):
            cursor = self._connection.execute(statement.encode(), values or None)
            return cursor.fetchall() if cursor.description else []

    def _within_memory(self, query: Relation) -> str:
        """The statement, with the memory shared among its steps, all of which may work at once."""
        share = max(LEAST_MB, self._memory_mb // (2 * max(1, _steps(query))))
        self._run(f"SET work_mem = '{share}MB'")
        return self.render(query)

    def fetch(self, query: Relation) -> pa.Table:
        """The rows of a relation, as Arrow, with the Arrow types of DuckDB."""
        text = self._within_memory(query)
        schema = self._schema_of(text, _meant(query))
        statement = f"COPY ({text}) TO STDOUT (FORMAT csv)"
        with _translated(text), self._connection.cursor().copy(statement.encode()) as rows:
            parts = list(postgres_rows.tables(schema, rows))
        return pa.concat_tables([schema.empty_table(), *parts])

    def _schema_of(self, text: str, meant: Mapping[str, Type]) -> pa.Schema:
        """What the statement will give, without running it."""
        with _translated(text):
            server = self._connection.pgconn
            for result in (server.prepare(b"", text.encode()), server.describe_prepared(b"")):
                if result.status != pq.ExecStatus.COMMAND_OK:
                    raise errors.error_from_result(result)
        described = [
            Described((result.fname(each) or b"").decode(), result.ftype(each), result.fmod(each))
            for each in range(result.nfields)
        ]
        return pa.schema([(each.name, each.arrow(meant.get(each.name))) for each in described])

    def rows(self, query: Relation) -> list[tuple[Any, ...]]:
        """The rows as Python tuples, for small results."""
        return self._run(self._within_memory(query))

    def value(self, query: Relation) -> Any:
        """The one value of a relation; `None` when it has no row."""
        found = self.rows(query)
        return found[0][0] if found else None

    def render(self, relation: Relation, *, pretty: bool = False) -> str:
        """The statement that `fetch` would run."""
        return self.dialect.render(relation, pretty=pretty)

    # writing

    def create(self, name: str, query: Relation, *, temporary: bool = False) -> None:
        """Make a table from a relation, replacing one of that name."""
        kind = "TEMPORARY TABLE" if temporary else "TABLE"
        with self._replaced(name) as new:
            self._run(f"CREATE {kind} {quote(new)} AS {self._within_memory(query)}")
            self._analyze(new)

    def write(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Make a table from Arrow rows, replacing one of that name."""
        schema = postgres_rows.plain(rows.schema)
        columns = ", ".join(f"{quote(each.name)} {postgres_rows.kind(each)}" for each in schema)
        with self._replaced(name) as new:
            self._run(f"CREATE TABLE {quote(new)} ({columns})")
            self._copy(new, rows, schema)

    def append(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Add Arrow rows to a table that is there, by column name."""
        with self.transaction():
            self._copy(name, rows, postgres_rows.plain(rows.schema))

    def _copy(self, name: str, rows: pa.Table | pa.RecordBatchReader, schema: pa.Schema) -> None:
        columns = ", ".join(quote(each) for each in schema.names)
        statement = f"COPY {quote(name)} ({columns}) FROM STDIN (FORMAT csv)"
        batches = rows.to_batches() if isinstance(rows, pa.Table) else rows
        with _translated(statement), self._connection.cursor() as cursor:
            with cursor.copy(statement.encode()) as copy:
                for each in postgres_rows.texts(batches, schema):
                    copy.write(each)
            written = cursor.rowcount
        if written >= WORTH_ANALYZING:
            self._analyze(name)

    def _analyze(self, name: str) -> None:
        self._run(f"ANALYZE {quote(name)}")

    @contextmanager
    def _replaced(self, name: str) -> Iterator[str]:
        """The name under which to make a table that then takes the place of another."""
        new = name + NEW
        with self.transaction():
            self.drop(new)
            yield new
            self.drop(name)
            self._run(f"ALTER TABLE {quote(new)} RENAME TO {quote(name)}")

    def drop(self, name: str) -> None:
        """Remove a table if it is there."""
        self._run(f"DROP TABLE IF EXISTS {quote(name)}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what happens inside is kept only if the block ends well.

        An inner block joins the outer one.
        """
        self._open_transactions += 1
        outermost = self._open_transactions == 1
        try:
            if outermost:
                self._run("BEGIN")
            yield
        except BaseException:
            if outermost and not self._connection.broken:
                self._connection.rollback()
            raise
        else:
            if outermost:
                self._run("COMMIT")
        finally:
            self._open_transactions -= 1

    # asking

    def tables(self) -> set[str]:
        """Names of the tables in the schema."""
        found = self._run("SELECT tablename FROM pg_tables WHERE schemaname = %s", self.schema)
        return {name for (name,) in found}


def _meant(query: Relation) -> Mapping[str, Type]:
    """The types that the tree says its columns have."""
    match query:
        case Select(_, columns):
            return {name: each.type for name, each in columns.items()}
        case Query(_, result=result):
            return _meant(result)
        case Union((first, *_)):
            return _meant(first)
        case _:
            return {}


def _megabytes(limit: str | None) -> int:
    """A limit as DuckDB reads it, such as "2GB" or "500 MiB", in units of PostgreSQL."""
    found = re.fullmatch(r"([0-9.]+) *([KMGT])(i?)B?", limit or "", re.IGNORECASE)
    if found is None:
        return USUAL_MB
    number, unit, binary = found.groups()
    bytes_ = float(number) * (1024 if binary else 1000) ** (1 + "KMGT".index(unit.upper()))
    return int(bytes_) >> 20


def _steps(relation: Relation) -> int:
    """How many steps a relation has, each of which sorts or hashes."""
    match relation:
        case Query(steps):
            return len(steps)
        case Select(source=Query(steps)):
            return len(steps)
        case _:
            return 1


# connecting


def _connected(url: str) -> psycopg.Connection[tuple[Any, ...]]:
    me = f"segmentry, process {os.getpid()} on {socket.gethostname()}"
    try:
        return psycopg.connect(
            url, autocommit=True, prepare_threshold=None, application_name=me[:63]
        )
    except psycopg.ProgrammingError:
        # The driver would quote the address, with the password that may be in it.
        raise EngineError(
            "the address of the database is not one.",
            fix="Write postgresql://user@host:port/database.",
        ) from None
    except psycopg.OperationalError as error:
        raise EngineError(
            f"cannot reach the database: {_first_line(error)}",
            fix="See that the server runs, and that host, port, user and password are right.",
        ) from None


@contextmanager
def _translated(statement: str) -> Iterator[None]:
    try:
        yield
    except errors.QueryCanceled as error:
        raise CancelledError("the work was cancelled; nothing half done remains.") from error
    except (errors.DiskFull, errors.OutOfMemory, errors.ConfigurationLimitExceeded) as error:
        raise OutOfResourcesError(
            f"the database ran out of memory or disk: {_first_line(error)}",
            fix="Free space on the server and run the command again; what was finished is kept.",
        ) from error
    except errors.CharacterNotInRepertoire as error:
        raise EngineError(
            "a text holds a zero byte, which PostgreSQL cannot keep.",
            fix="Remove it from the source and load again.",
        ) from error
    except errors.DependentObjectsStillExist as error:
        raise EngineError(
            f"the database refused: {_first_line(error)}",
            fix="Drop the views that others made on Segmentry's tables, and make them again after.",
        ) from error
    except psycopg.OperationalError as error:
        raise EngineError(
            f"the database went away: {_first_line(error)}",
            fix="Run the command again; what was finished is kept, the rest was taken back.",
        ) from error
    except psycopg.Error as error:
        raise EngineError(f"the database refused: {_first_line(error)}", sql=statement) from error


def _first_line(error: psycopg.Error) -> str:
    """What the server says first; its details may hold values."""
    said = error.diag.message_primary or str(error)
    return (said.splitlines() or [type(error).__name__])[0]
