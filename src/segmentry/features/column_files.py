"""Columns in a folder: one file each, read by mapping it into memory.

A column that is put in is written at once and let go of; what is read is the file, page by page, so
that more columns than fit into memory can be held. Files are uncompressed Arrow, whole numbers as
narrow as they came. A column that is put in again under another name is the same file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

SUFFIX = ".arrow"
NEW = ".new"
FEW = 8
"""A text is kept as places among its distinct values if they are this many times fewer."""


class ColumnFiles(MutableMapping[str, Any]):
    """Arrays by name, in a folder; the names must do as those of files.

    Args:
        folder: Where the files are; made when the first column is put in.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            path = self._path(name)
            if not path.exists():
                raise KeyError(name)
            with pa.memory_map(str(path)) as file:
                [column] = pa.ipc.open_file(file).read_all().columns
            # Of a single chunk, `combine_chunks` would make a copy in memory.
            single = column.num_chunks == 1
            self._read[name] = column.chunk(0) if single else column.combine_chunks()
        return self._read[name]

    def __setitem__(self, name: str, column: Any) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        same = next((each for each, held in self._read.items() if held is column), None)
        if same == name:
            return
        self._read.pop(name, None)
        self._path(name).unlink(missing_ok=True)
        if same is not None:
            os.link(self._path(same), self._path(name))
            return
        table = pa.table({name: _few_words(column)})
        with (
            pa.OSFile(str(self._path(name)), "wb") as file,
            pa.ipc.new_file(file, table.schema) as writer,
        ):
            writer.write_table(table)

    def link(self, name: str, other: ColumnFiles) -> None:
        """Take over a column of another folder as it is: the same file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._read.pop(name, None)
        self._path(name).unlink(missing_ok=True)
        os.link(other._path(name), self._path(name))

    def __delitem__(self, name: str) -> None:
        self._read.pop(name, None)
        self._path(name).unlink()

    def __iter__(self) -> Iterator[str]:
        return iter(
            sorted(each.name.removesuffix(SUFFIX) for each in self.folder.glob(f"*{SUFFIX}"))
        )

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._path(name).exists()

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"


def draft(folder: Path) -> ColumnFiles:
    """An empty folder to fill, which `publish` will call `folder`."""
    fresh = folder.with_name(folder.name + NEW)
    shutil.rmtree(fresh, ignore_errors=True)
    return ColumnFiles(fresh)


def publish(files: ColumnFiles) -> ColumnFiles:
    """Give a filled draft its name, once all of it would survive the loss of power."""
    for path in [*files.folder.iterdir(), files.folder]:
        _sync(path)
    folder = files.folder.with_name(files.folder.name.removesuffix(NEW))
    files.folder.rename(folder)
    _sync(folder.parent)
    return ColumnFiles(folder)


def remove_others(folder: Path, kept: str | None) -> None:
    """Remove every folder of columns inside a folder but the one that is named."""
    if folder.exists():
        for each in folder.iterdir():
            if each.name != kept:
                shutil.rmtree(each, ignore_errors=True)


def _few_words(column: Any) -> Any:
    if not pa.types.is_string(column.type):
        return column
    coded = pc.dictionary_encode(column)
    return coded if len(coded.dictionary) * FEW <= len(column) else column


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


__all__ = ["ColumnFiles", "draft", "publish", "remove_others"]
