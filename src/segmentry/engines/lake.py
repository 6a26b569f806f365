"""Tables as folders of Parquet files, published so that a crash leaves the old state or the new.

A write makes a folder that nobody reads yet. Which folders a table consists of stands in one small
file, the manifest; it is replaced by renaming, for all tables of a transaction at once. Folders
that are no longer named in it are removed one publication later, so that whoever was reading them
may finish.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pyarrow as pa
import pyarrow.parquet as pq

from segmentry.core.errors import EngineError

MANIFEST = "manifest.json"
DATA = "tables"
FORM = 1
ROWS_PER_GROUP = 250_000
"""Small enough for all cores to have work on a file of a few million rows."""

_WIDER: Mapping[pa.DataType, pa.DataType] = {
    pa.null(): pa.string(),
    pa.uint8(): pa.int16(),
    pa.uint16(): pa.int32(),
    pa.uint32(): pa.int64(),
    pa.uint64(): pa.decimal128(20, 0),
    pa.large_string(): pa.string(),
}


class Lake:
    """The tables in a folder. One process writes at a time; the workspace's file sees to that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._published = self._read()
        self._tables = dict(self._published)
        self._open_transactions = 0

    @property
    def tables(self) -> Mapping[str, tuple[Path, ...]]:
        """The folders that each table consists of, as the open transaction has it."""
        return {
            name: tuple(self.folder / DATA / each for each in parts)
            for name, parts in self._tables.items()
        }

    def room(self, name: str) -> Path:
        """The path of a new folder for a table's rows; nothing is there yet."""
        plain = re.sub(r"[^a-z0-9_]+", "_", name.lower())[:40]
        return self.folder / DATA / f"{plain}-{uuid4().hex[:12]}"

    def put(self, name: str, folder: Path) -> None:
        """Make a table of a folder that is written, in place of one of that name."""
        with self.transaction():
            self._tables[name] = (folder.name,)

    def add(self, name: str, folder: Path) -> None:
        """Add a folder that is written to a table that is there."""
        with self.transaction():
            self._tables[name] = (*self._tables[name], folder.name)

    def drop(self, name: str) -> None:
        """Take a table away, if it is there."""
        if name in self._tables:
            with self.transaction():
                del self._tables[name]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what happens inside is published at the end, in one step."""
        self._open_transactions += 1
        outermost = self._open_transactions == 1
        try:
            yield
            if outermost:
                self._publish()
        except BaseException:
            if outermost:
                self._tables = dict(self._published)
            raise
        finally:
            self._open_transactions -= 1

    # the manifest

    def _read(self) -> dict[str, tuple[str, ...]]:
        path = self.folder / MANIFEST
        if not path.exists():
            return {}
        found = json.loads(path.read_text("utf-8"))
        if found["form"] != FORM:
            raise EngineError(
                f"`{path}` is of a later version of Segmentry.",
                fix="Open the workspace with the version that wrote it, or a later one.",
            )
        return {name: tuple(parts) for name, parts in found["tables"].items()}

    def _publish(self) -> None:
        if self._tables == self._published:
            return
        before = self._published
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / MANIFEST
        partial = path.with_name(path.name + ".new")
        with partial.open("w", encoding="utf-8") as file:
            json.dump({"form": FORM, "tables": self._tables}, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        self._published = dict(self._tables)
        self._remove_unnamed(before, self._published)

    def _remove_unnamed(self, *states: Mapping[str, tuple[str, ...]]) -> None:
        """Remove what neither the present state nor the one before it names."""
        named = {part for state in states for parts in state.values() for part in parts}
        for each in (self.folder / DATA).glob("*"):
            if each.name not in named:
                shutil.rmtree(each, ignore_errors=True)


# Arrow in


def write_rows(folder: Path, rows: pa.Table | pa.RecordBatchReader) -> None:
    """Write Arrow rows into a new folder, batch by batch, with types that every reader has."""
    schema = storable(rows.schema)
    folder.mkdir(parents=True)
    with pq.ParquetWriter(
        folder / "part-0.parquet", schema, compression="zstd", store_decimal_as_integer=True
    ) as writer:
        for batch in rows.to_batches() if isinstance(rows, pa.Table) else rows:
            table = pa.Table.from_batches([batch])
            writer.write_table(table.cast(schema), row_group_size=ROWS_PER_GROUP)


def fitted(rows: pa.Table | pa.RecordBatchReader, schema: pa.Schema) -> pa.RecordBatchReader:
    """The rows with the columns and types of a table, by name; a column not given is missing.

    Raises:
        EngineError: The rows have a column that the table has not.
    """
    unknown = [name for name in rows.schema.names if name not in schema.names]
    if unknown:
        raise EngineError(f"the table has no column `{unknown[0]}`.")

    def batches() -> Iterator[pa.RecordBatch]:
        for batch in rows.to_batches() if isinstance(rows, pa.Table) else rows:
            columns = [
                batch.column(each.name).cast(each.type)
                if each.name in batch.schema.names
                else pa.nulls(len(batch), each.type)
                for each in schema
            ]
            yield pa.RecordBatch.from_arrays(columns, schema=schema)

    return pa.RecordBatchReader.from_batches(schema, batches())


def schema_of(folder: Path) -> pa.Schema:
    """Columns and types of the rows in a folder."""
    return pq.read_schema(next(iter(sorted(folder.glob("*.parquet"))))).remove_metadata()


def storable(schema: pa.Schema) -> pa.Schema:
    """The same columns with types that every engine reads: signed, with texts as texts."""
    return pa.schema([pa.field(each.name, _storable(each.type)) for each in schema])


def _storable(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_dictionary(kind):
        return _storable(kind.value_type)
    if pa.types.is_timestamp(kind):
        return pa.timestamp("us")
    return _WIDER.get(kind, kind)
