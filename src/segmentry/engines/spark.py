"""Spark: on this machine, on a cluster, or over Spark Connect; tables are Parquet in a folder."""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import pyarrow as pa

from segmentry.core.errors import CancelledError, EngineError, OutOfResourcesError
from segmentry.engines import spark_session
from segmentry.engines.lake import Lake, fitted, schema_of, write_rows
from segmentry.sql.dialects.spark import SPARK
from segmentry.sql.expression import (
    Query,
    Relation,
    Select,
    needed_steps,
    read_often,
    tables_of,
)
from segmentry.sql.fuse import fused, gathered

LOG = "spark.log"
WORK = "work"
MOST_COLUMNS = 60
"""Spark's compiled code for more aggregates at once is too long to be made fast."""
MOST_JOINS = 6
"""Each join copies the rows; of thirty in a row the last ones would copy wide rows."""


class Spark:
    """A session on Spark, with its tables in a folder that Spark sees under the same path.

    Close it, or use it as a context manager. The first session of a process starts Spark, which
    takes about ten seconds; the last one to be closed stops it.

    Args:
        address: `spark` for this machine, a master (`spark://host:port`), or `sc://host:port`.
        lake: The folder of the tables; made when it does not exist.
        memory_limit: What Spark may hold in memory on this machine ("2GB"); more spills to disk.
        threads: How many cores it may use on this machine; `None` means all.
    """

    dialect = SPARK

    def __init__(
        self,
        address: str,
        lake: Path,
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
    ) -> None:
        self._lake = Lake(lake.absolute())
        self._work = _own_folder(self._lake.folder / WORK)
        master = f"local[{threads}]" if threads and address == spark_session.LOCAL else address
        log, settings = self._lake.folder / LOG, _settings(self._work, memory_limit)
        self._session = spark_session.start(master, log, settings)
        self._seen: dict[str, tuple[Path, ...]] = {}
        self._temporary: dict[str, Path] = {}
        self._interrupted = False
        self._lock = threading.RLock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of Spark and of temporary tables."""
        spark_session.stop(self._session)
        shutil.rmtree(self._work, ignore_errors=True)

    def interrupt(self) -> None:
        """Stop the statement that runs in another thread; it raises `CancelledError`."""
        self._interrupted = True
        self._session.interruptAll()

    # running

    def render(self, relation: Relation, *, pretty: bool = False) -> str:
        """The statement that `fetch` would run."""
        return self.dialect.render(relation, pretty=pretty)

    def fetch(self, query: Relation) -> pa.Table:
        """The rows of a relation, as Arrow, with the Arrow types of DuckDB."""
        with self._running(query) as frame:
            found: pa.Table = frame.toArrow()
        return found.cast(pa.schema([pa.field(each.name, each.type) for each in found.schema]))

    def rows(self, query: Relation) -> list[tuple[Any, ...]]:
        """The rows as Python tuples, for small results."""
        columns = [each.to_pylist() for each in self.fetch(query).columns]
        return list(zip(*columns, strict=True))

    def value(self, query: Relation) -> Any:
        """The one value of a relation; `None` when it has no row."""
        found = self.rows(query)
        return found[0][0] if found else None

    @contextmanager
    def _running(self, query: Relation) -> Iterator[Any]:
        """The query as a frame of Spark; errors inside are ours."""
        with self._lock, spark_session.quietly(), self._translated(query):
            self._interrupted = False
            before = set(self._temporary)
            try:
                yield self._frame(self._staged(query) if isinstance(query, Query) else query)
            finally:
                for name in self._temporary.keys() - before:
                    self._forget(name)

    def _staged(self, query: Query) -> Query:
        """The query over tables of those of its steps that several others read, or that join.

        Spark writes out a step in each place that reads it, so that a chain of levels would be
        computed again and again; and one task holds the memory of all that it joins.
        """
        query = gathered(fused(query, MOST_COLUMNS), MOST_JOINS)
        often, left = read_often(query), dict(query.steps)
        for name, step in query.steps.items():
            if isinstance(step, Select) and (name in often or len(step.joins) > 1):
                del left[name]
                self._keep_step(name, Query(needed_steps(left, step), result=step))
        return Query(needed_steps(left, query.result), result=query.result)

    def _keep_step(self, name: str, step: Query) -> None:
        folder = self._work / f"{len(self._temporary)}-{uuid4().hex[:12]}"
        self._frame(step).write.parquet(str(folder))
        self._forget(name)
        self._temporary[name] = folder

    def _frame(self, query: Relation) -> Any:
        if self._interrupted:
            raise _cancelled()
        for name in tables_of(query):
            self._show(name)
        return self._session.sql(self.render(query))

    @contextmanager
    def _translated(self, query: Relation) -> Iterator[None]:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        try:
            yield
        except (PySparkException, Py4JError) as error:
            if self._interrupted:
                raise _cancelled() from None
            raise _named(error, self.render(query)) from error

    def _show(self, name: str) -> None:
        """Let statements read a table under its name, as it is now."""
        folders = self._folders(name)
        if folders and self._seen.get(name) != folders:
            reader = self._session.read.schema(spark_session.schema(schema_of(folders[0])))
            reader.parquet(*map(str, folders)).createOrReplaceTempView(_quoted(name))
            self._seen[name] = folders

    def _folders(self, name: str) -> tuple[Path, ...]:
        if name in self._temporary:
            return (self._temporary[name],)
        return self._lake.tables.get(name, ())

    # writing

    def create(self, name: str, query: Relation, *, temporary: bool = False) -> None:
        """Make a table from a relation, replacing one of that name."""
        folder = self._lake.room(name)
        if temporary:
            folder = self._work / folder.name
        with self._running(query) as frame:
            frame.write.parquet(str(folder))
        if temporary:
            self._forget(name)
            self._temporary[name] = folder
        else:
            self._lake.put(name, folder)

    def write(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Make a table from Arrow rows, replacing one of that name."""
        folder = self._lake.room(name)
        write_rows(folder, rows)
        self._lake.put(name, folder)

    def append(self, name: str, rows: pa.Table | pa.RecordBatchReader) -> None:
        """Add Arrow rows to a table that `write` made, by column name."""
        folders, folder = self._lake.tables.get(name), self._lake.room(name)
        if not folders:
            raise EngineError(f"there is no table `{name}`.")
        write_rows(folder, fitted(rows, schema_of(folders[0])))
        self._lake.add(name, folder)

    def drop(self, name: str) -> None:
        """Remove a table if it is there; a temporary one goes before another of its name."""
        if not self._forget(name):
            self._lake.drop(name)

    def _forget(self, name: str) -> bool:
        """Remove a temporary table; whether there was one."""
        folder = self._temporary.pop(name, None)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        return folder is not None

    def tables(self) -> set[str]:
        """Names of the tables that are not temporary."""
        return set(self._lake.tables)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what happens inside is kept only if the block ends well."""
        with self._lake.transaction():
            yield


def _settings(work: Path, memory_limit: str | None) -> dict[str, str]:
    settings = {
        "spark.local.dir": str(work),
        "spark.sql.warehouse.dir": str(work / "warehouse"),
    }
    if memory_limit:
        settings["spark.driver.memory"] = re.sub(r"[Bb]$", "", memory_limit.replace(" ", ""))
    return settings


def _own_folder(work: Path) -> Path:
    """A folder for what this process needs while it runs; those of ended ones are removed."""
    for each in work.glob("*-*"):
        if not _is_running(each.name.partition("-")[0]):
            shutil.rmtree(each, ignore_errors=True)
    own = work / f"{os.getpid()}-{uuid4().hex[:8]}"
    own.mkdir(parents=True)
    return own


def _is_running(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except PermissionError:
        return True
    except (ValueError, OSError):
        return False
    return True


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _cancelled() -> CancelledError:
    return CancelledError("the work was cancelled; nothing half done remains.")


def _named(error: Exception, statement: str) -> EngineError:
    text = str(error)
    if "OutOfMemory" in text or "No space left" in text:
        return OutOfResourcesError(
            "Spark ran out of memory or disk space; nothing was changed.",
            fix="Raise `memory_limit` in segmentry.yaml, or free disk space.",
        )
    line = next((each for each in text.splitlines() if each.strip()), type(error).__name__)
    return EngineError(f"Spark refused: {line}", sql=statement)
