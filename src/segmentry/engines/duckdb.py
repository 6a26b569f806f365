"""The embedded engine: one DuckDB file, one owning process."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Self, TypeVar

import duckdb
import pyarrow as pa

from segmentry.core.types import Value
from segmentry.core.whole import discard, draft_of, put
from segmentry.engines.fault import of_opening, translated
from segmentry.sql.dialects.duckdb import DUCKDB
from segmentry.sql.expression import Relation, Table

T = TypeVar("T")
SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "preserve_insertion_order": True,
    "TimeZone": "UTC",
    "enable_progress_bar": True,
    "enable_progress_bar_print": False,
}

NOTHING = pa.table({})


def quote(name: str) -> str:
    """A name as a quoted identifier, for the fixed statements of the loading room."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal, for the fixed statements of the loading room."""
    return "'" + text.replace("'", "''") + "'"


@dataclass
class _Lent:
    """Rows that statements read, and that can be taken back.

    Whatever is registered inside a transaction the engine holds on to until it ends, unregistered
    or not. A refresh is one transaction, which would in the end hold everything it ever read.
    """

    rows: Any

    def __arrow_c_schema__(self) -> object:
        """Names and types of the columns."""
        return self.rows.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The rows, from the first one on."""
        return self.rows.__arrow_c_stream__(requested_schema)


class DuckDB:
    """A session on a DuckDB file, or in memory when `path` is `None`.

    Close it, or use it as a context manager. One process owns a file at a time; a second one
    gets `BusyError`. A new file is made under a temporary name and renamed, so that a crash leaves
    either no file or one that opens.

    Args:
        path: The file; made when it does not exist.
        memory_limit: What the engine may hold in memory ("2GB"); more spills to disk beside the
            file. `None` leaves the engine's default, 80 % of the machine's memory.
        threads: How many cores it may use; `None` means all.
    """

    dialect = DUCKDB

    def __init__(
        self,
        path: Path | None = None,
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
    ) -> None:
        self.path = path
        config: dict[str, Any] = {}
        if memory_limit:
            config["memory_limit"] = memory_limit
        if threads:
            config["threads"] = threads
        if path is None:  # it would spill into the folder in which a person happens to be
            config["temp_directory"] = str(Path(gettempdir()) / f"segmentry-{os.getpid()}")
        elif not path.exists():
            _make(path)
        try:
            self._connection = duckdb.connect(str(path) if path else ":memory:", config=config)
            for name, value in SETTINGS.items():
                self._connection.execute(f"SET {name} = '{value}'")
        except (duckdb.Error, MemoryError) as error:
            raise of_opening(path, error) from error
        self._open_transactions = 0
        self._read: dict[Hashable, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Write everything to the file and let go of it.

        What was committed is kept in any case, in the file or in its log beside it, from which the
        next opening brings it in.
        """
        self._connection.close()

    def interrupt(self) -> None:
        """Stop the statement that is running in another thread; it raises `CancelledError`."""
        self._connection.interrupt()

    def share_done(self) -> float | None:
        """How much of the statement that runs in another thread is done, by the engine's estimate.

        Of 1; `None` where nothing runs or nothing is known yet.
        """
        percent = self._connection.query_progress()
        return percent / 100 if 0 <= percent <= 100 else None

    # running

    def execute(self, statement: str, parameters: Sequence[Value] | dict[str, Value] = ()) -> None:
        """Run a statement of ours; values are bound."""
        self._read = {}
        self._run(statement, parameters)

    def changed(self, statement: str, parameters: Sequence[Value] | dict[str, Value] = ()) -> int:
        """Run a statement that adds, changes or removes rows; of how many."""
        self.execute(statement, parameters)
        [(count,)] = self._connection.fetchall()
        return int(count)

    def _run(self, statement: str, parameters: Sequence[Value] | dict[str, Value] = ()) -> None:
        with translated(statement):
            self._connection.execute(statement, parameters or None)

    def fetch(
        self, query: str | Relation, parameters: Sequence[Value] | dict[str, Value] = ()
    ) -> pa.Table:
        """The rows of a query or relation, as Arrow."""
        text = query if isinstance(query, str) else self.render(query)
        with translated(text):
            found: pa.Table = self._connection.sql(text, params=parameters or None).to_arrow_table()
            return found

    def stream(self, query: str) -> pa.RecordBatchReader:
        """The rows of a query of ours, batch by batch; read it before the next statement runs."""
        with translated(query):
            found: pa.RecordBatchReader = self._connection.sql(query).to_arrow_reader()
            return found

    def rows(
        self, query: str | Relation, parameters: Sequence[Value] | dict[str, Value] = ()
    ) -> list[tuple[Any, ...]]:
        """The rows as Python tuples, for small results."""
        text = query if isinstance(query, str) else self.render(query)
        with translated(text):
            return self._connection.execute(text, parameters or None).fetchall()

    def value(
        self, query: str | Relation, parameters: Sequence[Value] | dict[str, Value] = ()
    ) -> Any:
        """The one value of a query; `None` when it has no row."""
        found = self.rows(query, parameters)
        return found[0][0] if found else None

    def render(self, relation: Relation, *, pretty: bool = False) -> str:
        """The SQL that `fetch` would run."""
        return self.dialect.render(relation, pretty=pretty)

    def fetch_compact(self, relation: Relation, words: Mapping[str, Sequence[str]]) -> pa.Table:
        """The rows as Arrow in few bytes: decimals of up to 18 digits take 8.

        Args:
            words: Columns of texts that come as places among these words, from 1; another is
                missing.
        """
        shown = "".join(
            f", list_position([{', '.join(map(literal, listed))}], {quote(name)})::USMALLINT"
            f" AS {quote(name)}"
            for name, listed in words.items()
        )
        without = f"EXCLUDE ({', '.join(map(quote, words))})" if words else ""
        self._connection.execute("SET arrow_output_version = '1.5'")
        try:
            return self.fetch(f"SELECT * {without}{shown} FROM ({self.render(relation)})")  # noqa: S608
        finally:
            self._connection.execute("RESET arrow_output_version")

    # writing

    def create(self, name: str, query: str | Relation, *, temporary: bool = False) -> None:
        """Make a table from a query, replacing one of that name."""
        text = query if isinstance(query, str) else self.render(query)
        if temporary:
            self._run(f"CREATE OR REPLACE TEMPORARY TABLE {quote(name)} AS {text}")
        else:
            self.execute(f"CREATE OR REPLACE TABLE {quote(name)} AS {text}")

    def view(self, name: str, query: str) -> None:
        """Let statements of this session read what a query finds then, in place of a view."""
        self._run(f"CREATE OR REPLACE TEMPORARY VIEW {quote(name)} AS {query}")

    def write(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Make a table from Arrow rows, replacing one of that name."""
        with self.registered("written_rows", rows) as source:
            self.create(name, source)

    def append(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Add Arrow rows to a table that is there, by column name."""
        with self.registered("written_rows", rows):
            self.execute(f"INSERT INTO {quote(name)} BY NAME SELECT * FROM written_rows")  # noqa: S608

    def drop(self, name: str) -> None:
        """Remove a table if it is there."""
        self.execute(f"DROP TABLE IF EXISTS {quote(name)}")

    @contextmanager
    def registered(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> Iterator[Table]:
        """Let statements read Arrow rows under a name, without copying them."""
        lent = _Lent(rows) if isinstance(rows, pa.Table) else rows
        self._connection.register(name, lent)
        try:
            yield Table(name)
        finally:
            self._connection.unregister(name)
            if isinstance(lent, _Lent):
                lent.rows = NOTHING

    def offer(self, name: str, rows: pa.Table) -> None:
        """Let statements read Arrow rows under a name until the session ends."""
        self._connection.register(name, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what happens inside is kept only if the block ends well.

        An inner block joins the outer one.
        """
        self._open_transactions += 1
        if self._open_transactions == 1:
            self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            if self._open_transactions == 1:
                self._rollback()
            raise
        else:
            if self._open_transactions == 1:
                with translated("COMMIT"):
                    self._connection.execute("COMMIT")
        finally:
            self._open_transactions -= 1

    def _rollback(self) -> None:
        self._read = {}
        try:
            self._connection.execute("ROLLBACK")
        except duckdb.Error:  # the statement that failed has already taken all back
            return

    # asking

    def remembered(self, question: Hashable, find: Callable[[], T]) -> T:
        """What was found by reading; found anew once something may have been changed here.

        Temporary tables are no part of what it is about.
        """
        if question not in self._read:
            self._read[question] = find()
        found: T = self._read[question]
        return found

    def tables(self) -> set[str]:
        """Names of the tables in the file."""
        query = "SELECT table_name FROM duckdb_tables() WHERE NOT internal AND NOT temporary"
        return set(self.remembered("tables", lambda: [name for (name,) in self.rows(query)]))

    def columns(self, table: str) -> dict[str, str]:
        """Columns of a table with the engine's type names; empty when there is no such table."""
        return dict(
            self.rows(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?"
                " ORDER BY column_index",
                [table],
            )
        )


def _make(path: Path) -> None:
    """Make a new file whole: one that a crash cuts off while its head is written never opens."""
    draft = draft_of(path)
    for leftover in (draft, Path(f"{draft}.wal")):
        leftover.unlink(missing_ok=True)
    try:
        duckdb.connect(str(draft)).close()
        put(draft, path)
    except (duckdb.Error, OSError) as error:
        discard(draft)
        raise of_opening(path, error) from error
