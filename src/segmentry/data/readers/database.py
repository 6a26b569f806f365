"""A table or query of SQLite or PostgreSQL, by URL. Nothing there is changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa

from segmentry.core.errors import SegmentryError, UnreadableFileError, UsageError
from segmentry.data.readers.frames import stage_relation
from segmentry.data.staged import ReadOptions, Staged, staging_table, unique_names
from segmentry.engines.duckdb import DuckDB, quote

BATCH = 20_000
SCHEMES = ("sqlite", "postgres", "postgresql")


def is_database(source: object) -> bool:
    """Whether a source is the URL of a database."""
    return isinstance(source, str) and source.partition("://")[0].lower() in SCHEMES


def stage_database(session: DuckDB, url: str, options: ReadOptions) -> Staged:
    """A table or query; see `segmentry.data.source.stage`.

    Raises:
        UsageError: Neither `table` nor `query` is given, or both are; or there is no such table.
        UnreadableFileError: The database cannot be opened, or it refused. No password is shown.
    """
    if (options.table is None) == (options.query is None):
        raise UsageError(
            "a database needs a table or a query, not both.",
            fix="Say `table: orders`, or `query: SELECT …`.",
        )
    if url.lower().startswith("sqlite"):
        return _stage_sqlite(session, url, options)
    return _stage_postgres(session, url, options)


def _stage_rows(
    session: DuckDB,
    names: Sequence[str],
    batches: Iterator[pa.Table],
    options: ReadOptions,
    origin: str,
) -> Staged:
    """Batches of Arrow rows with columns c0, c1, … as a staged table."""
    raw = staging_table(session) + "_rows"
    unique, notices = unique_names(names)
    made = False
    try:
        for batch in batches:
            with session.registered("staging_batch", batch):
                if made:
                    session.execute(f"INSERT INTO {quote(raw)} SELECT * FROM staging_batch")
                else:
                    session.create(raw, "SELECT * FROM staging_batch", temporary=True)
                    made = True
        return stage_relation(session, quote(raw), unique, options, origin, notices=notices)
    finally:
        session.drop(raw)


def _table(types: Sequence[pa.DataType], rows: Sequence[Sequence[Any]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(types)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)]
    return pa.table(arrays, names=[f"c{n}" for n in range(len(types))])


# SQLite


def _stage_sqlite(session: DuckDB, url: str, options: ReadOptions) -> Staged:
    path = _sqlite_path(url)
    origin = f"{path.name}, {options.table or 'query'}"
    if not path.is_file():
        raise UnreadableFileError("there is no such database file.", where=path.name)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as base:
            statement = _sqlite_statement(base, options)
            names = [each[0] for each in base.execute(statement).description]
            types = _sqlite_types(base, statement, len(names))
            return _stage_rows(
                session, names, _sqlite_batches(base, statement, types), options, origin
            )
    except sqlite3.Error as error:
        raise UnreadableFileError(f"SQLite refused: {error}.", where=origin) from error


def _sqlite_path(url: str) -> Path:
    """`sqlite:///shop.db` is in this folder, `sqlite:////data/shop.db` is not."""
    text = unquote(url.partition("://")[2]).removeprefix("/")
    path = Path(text)
    return path if path.is_file() else Path("/", text)


def _sqlite_statement(base: sqlite3.Connection, options: ReadOptions) -> str:
    if options.query is not None:
        return options.query.strip().rstrip(";")
    known = [
        name
        for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type IN ('table','view')")
    ]
    table = options.table or ""
    if table not in known:
        shown = ", ".join(f"`{each}`" for each in known) or "no table"
        raise UsageError(f"there is no table `{table}`.", fix=f"There is {shown}.")
    return f"SELECT * FROM {quote(table)}"


def _sqlite_types(base: sqlite3.Connection, statement: str, width: int) -> list[pa.DataType]:
    """A column's type by all its values: whole numbers, numbers, else text."""
    listed = ", ".join(f"c{n}" for n in range(width))
    kinds = ", ".join(f"group_concat(DISTINCT typeof(c{n}))" for n in range(width))
    found = base.execute(f"WITH q({listed}) AS ({statement}) SELECT {kinds} FROM q").fetchone()
    return [_sqlite_type(set((each or "").split(",")) - {"", "null"}) for each in found]


def _sqlite_type(kinds: set[str]) -> pa.DataType:
    if kinds == {"integer"}:
        return pa.int64()
    return pa.float64() if kinds and kinds <= {"integer", "real"} else pa.string()


def _sqlite_batches(
    base: sqlite3.Connection, statement: str, types: Sequence[pa.DataType]
) -> Iterator[pa.Table]:
    cursor = base.execute(statement)
    while True:
        rows = cursor.fetchmany(BATCH)
        yield _table(types, [_as_types(row, types) for row in rows])
        if len(rows) < BATCH:
            return


def _as_types(row: Sequence[Any], types: Sequence[pa.DataType]) -> list[Any]:
    return [
        _text(value) if kind == pa.string() else value
        for value, kind in zip(row, types, strict=True)
    ]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.hex() if isinstance(value, bytes | memoryview) else str(value)


# PostgreSQL


def _stage_postgres(session: DuckDB, url: str, options: ReadOptions) -> Staged:
    try:
        import psycopg
    except ImportError as error:
        raise UsageError(
            "reading PostgreSQL needs a driver.", fix="pip install 'segmentry[postgres]'."
        ) from error
    parts = urlsplit(url)
    place = f"{parts.hostname or 'localhost'}{parts.path}"
    origin = f"postgresql://{place}, {options.table or 'query'}"
    try:
        with psycopg.connect(url, connect_timeout=10) as base:
            base.read_only = True
            with base.cursor(name="segmentry") as cursor:
                cursor.itersize = BATCH
                cursor.execute(_postgres_statement(options))
                first = cursor.fetchmany(BATCH)
                described = cursor.description or []
                types = [_postgres_type(each.type_code) for each in described]
                names = [each.name for each in described]
                batches = _postgres_batches(cursor, first, types)
                return _stage_rows(session, names, batches, options, origin)
    except psycopg.errors.UndefinedTable as error:
        raise UsageError(f"there is no table `{options.table}`.", where=origin) from error
    except psycopg.Error as error:
        raise _refused(error, parts.password, origin) from None


def _refused(error: Exception, password: str | None, origin: str) -> SegmentryError:
    message = (str(error).strip().splitlines() or [type(error).__name__])[0]
    for secret in {password, unquote(password)} if password else ():
        message = message.replace(secret, "***")
    return UnreadableFileError(
        f"PostgreSQL refused: {message}.", where=origin, fix="Check the URL, table and rights."
    )


def _postgres_statement(options: ReadOptions) -> Any:
    from psycopg import sql

    if options.query is not None:
        return options.query.strip().rstrip(";")
    parts = (options.table or "").split(".")
    return sql.SQL("SELECT * FROM {}").format(sql.Identifier(*parts))


POSTGRES_TYPES: dict[int, pa.DataType] = {
    16: pa.bool_(),
    20: pa.int64(),
    21: pa.int64(),
    23: pa.int64(),
    26: pa.int64(),
    700: pa.float64(),
    701: pa.float64(),
    1082: pa.date32(),
    1114: pa.timestamp("us"),
    1184: pa.timestamp("us", tz="UTC"),
}
"""By type number. Others, exact numbers among them, become text as written."""


def _postgres_type(code: int) -> pa.DataType:
    return POSTGRES_TYPES.get(code, pa.string())


def _postgres_batches(
    cursor: Any, rows: Sequence[Sequence[Any]], types: Sequence[pa.DataType]
) -> Iterator[pa.Table]:
    while True:
        yield _table(types, [_as_types(row, types) for row in rows])
        if len(rows) < BATCH:
            return
        rows = cursor.fetchmany(BATCH)
