"""Rows in the order of customers, in files of small compressed blocks: one customer's are at hand.

Beside each file stands the first key of each of its blocks. A search among these leads to the one
or two blocks that hold a customer, so that nothing else is read. The files are made in a folder of
their own that is renamed when all is written; a mark says of which state of the data they are.
"""

from __future__ import annotations

import shutil
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from segmentry.data.fresh import Row
from segmentry.engines.duckdb import DuckDB, quote

BLOCK = 1024
"""Rows that are compressed, and read, together."""
MARK = "mark.txt"


class ByCustomer:
    """The files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_of(self, mark: str) -> bool:
        """Whether the files are there and of this state of the data."""
        path = self._folder / MARK
        return path.is_file() and path.read_text(encoding="utf-8") == mark

    def make(self, desk: DuckDB, sources: Mapping[str, tuple[str, str]], mark: str) -> None:
        """Write the files anew.

        Args:
            sources: Name → the relation, and the column that its rows are sorted by.
        """
        partial = self._folder.with_name(self._folder.name + ".new")
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir()
        for name, (relation, key) in sources.items():
            _write(desk, relation, key, partial / name)
        (partial / MARK).write_text(mark, encoding="utf-8")
        shutil.rmtree(self._folder, ignore_errors=True)
        partial.rename(self._folder)

    def found(self, name: str, key: Any) -> list[Row]:
        """The rows of a file with a key, in no particular order."""
        if name not in self._files:
            self._files[name] = _Sorted(self._folder / name)
        return self._files[name].found(key)

    @cached_property
    def _files(self) -> dict[str, _Sorted]:
        return {}


class _Sorted:
    """A file of rows, sorted by its key."""

    def __init__(self, path: Path) -> None:
        keys = pa.ipc.open_file(pa.memory_map(str(path.with_suffix(".keys")))).read_all()
        [self._key] = keys.column_names
        self._first: list[Any] = keys.column(0).to_pylist()
        alone = pa.ipc.IpcReadOptions(use_threads=False)  # blocks are too small to share out
        mapped = pa.memory_map(str(path.with_suffix(".rows")))
        self._rows = pa.ipc.open_file(mapped, options=alone)

    def found(self, key: Any) -> list[Row]:
        """The rows with a key: they begin at the latest in the block before the first equal one."""
        start = max(bisect_left(self._first, key) - 1, 0)
        rows: list[Row] = []
        for number in range(start, bisect_right(self._first, key)):
            block = self._rows.get_batch(number)
            here = pc.equal(block.column(self._key), key)
            rows += block.filter(here).to_pylist()
        return rows


def _write(desk: DuckDB, relation: str, key: str, path: Path) -> None:
    column = quote(key)
    query = f"FROM {quote(relation)} WHERE {column} IS NOT NULL ORDER BY {column}"
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    first: list[Any] = []
    with desk.stream(query) as reader:
        schema = reader.schema
        with pa.ipc.new_file(str(path.with_suffix(".rows")), schema, options=options) as target:
            for batch in reader:
                for start in range(0, batch.num_rows, BLOCK):
                    block = batch.slice(start, BLOCK)
                    first.append(block.column(key)[0].as_py())
                    target.write_batch(block)
    keys = pa.table({key: pa.array(first, schema.field(key).type)})
    with pa.ipc.new_file(str(path.with_suffix(".keys")), keys.schema) as target:
        target.write_table(keys)


__all__ = ["ByCustomer"]
