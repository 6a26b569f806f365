"""The careful path through a delimited file: blocks without a fault at once, others by record."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pyarrow as pa

from segmentry.core.errors import UnreadableFileError
from segmentry.data.readers.layout import Layout
from segmentry.data.readers.splitter import (
    SPACES,
    Blank,
    Broken,
    Record,
    Splitter,
    lines_of,
    raise_field_limit,
)
from segmentry.data.readers.text import TextFile
from segmentry.data.staged import BY_PLACE, RECORD, Malformed, excerpt
from segmentry.engines.duckdb import DuckDB, quote

BLOCK_LINES = 100_000
BLOCK_SIZE = 8 << 20
BATCH = 50_000
HOPELESS = 1_000
"""Malformed records; when they are also the greater part, the file is not what it seems."""


@dataclass(slots=True)
class Found:
    """What a path through the file has brought into the table."""

    rows: int = 0
    blank: int = 0
    record_no: str = BY_PLACE
    malformed: list[Malformed] = field(default_factory=list)


@dataclass(slots=True)
class Careful:
    """One reading of one file. `read` once."""

    session: DuckDB
    text: TextFile
    layout: Layout
    table: str
    origin: str
    found: Found = field(default_factory=lambda: Found(record_no=quote(RECORD)))
    number: int = 0
    """Records so far, good or not."""
    batch: list[tuple[int, list[str]]] = field(default_factory=list)

    def read(self) -> Found:
        """Bring every record into the table, or among the malformed."""
        raise_field_limit()
        self._make_table()
        lines = islice(lines_of(self.text.path, self.text.mark), self.layout.top, None)
        splitter = Splitter(lines, self.layout.dialect)
        if self.layout.header:
            self._pass_header(splitter)
        splitter.width = len(self.layout.names)
        for block in splitter.blocks(BLOCK_LINES, BLOCK_SIZE):
            rows = _parsed(block, self.layout) if self._is_clean(block) else None
            if rows is not None:
                self._flush()
                self._insert(range(self.number + 1, self.number + 1 + len(block)), rows.columns)
                self.number += len(block)
                continue
            for record in splitter.split(block):
                self._take(record)
        self._flush()
        self._leave_out_empty()
        return self.found

    def _make_table(self) -> None:
        columns = ", ".join(f"{quote(name)} VARCHAR" for name in self.layout.names)
        self.session.execute(
            f"CREATE OR REPLACE TEMPORARY TABLE {quote(self.table)}"
            f" ({quote(RECORD)} BIGINT, {columns})"
        )

    def _pass_header(self, splitter: Splitter) -> None:
        """Read up to and with the header; empty lines above it are blank ones too."""
        for record in splitter:
            if isinstance(record, list):
                return
            self.found.blank += isinstance(record, Blank)

    def _is_clean(self, block: list[str]) -> bool:
        """Whether each line is a record with all its fields, nothing quoted."""
        dialect, width = self.layout.dialect, len(self.layout.names)
        if width < 2 or dialect.delimiter == SPACES or len(dialect.delimiter) > 1:
            return False
        if {each.count(dialect.delimiter) for each in block} != {width - 1}:
            return False
        content = "".join(block)
        return "\0" not in content and not (dialect.quote and dialect.quote in content)

    def _take(self, record: Record) -> None:
        if isinstance(record, Blank):
            self.found.blank += 1
            return
        self.number += 1
        if isinstance(record, Broken):
            shown = excerpt(record.text.strip("\r\n"))
            self.found.malformed.append(Malformed(self.number, shown, record.reason, record.fix))
            self._refuse_hopeless()
            return
        self.batch.append((self.number, record))
        if len(self.batch) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        if not self.batch:
            return
        numbers, records = zip(*self.batch, strict=True)
        columns = [
            pa.array([each or None for each in column], pa.string())
            for column in zip(*records, strict=True)
        ]
        self.batch = []
        self._insert(numbers, columns)

    def _insert(self, numbers: range | tuple[int, ...], columns: Sequence[Any]) -> None:
        arrays = [pa.array(numbers, pa.int64()), *columns]
        rows = pa.table(arrays, names=[RECORD, *self.layout.names])
        with self.session.registered("staging_batch", rows):
            self.session.execute(f"INSERT INTO {quote(self.table)} SELECT * FROM staging_batch")
        self.found.rows += len(rows)

    def _refuse_hopeless(self) -> None:
        malformed = self.found.malformed
        if len(malformed) < HOPELESS or len(malformed) * 2 < self.number:
            return
        first = malformed[0]
        raise UnreadableFileError(
            f"most records do not fit the columns; record {first.record_no} {first.reason}.",
            where=self.origin,
            fix="Say the right `delimiter`, `quote` or `header`.",
        )

    def _leave_out_empty(self) -> None:
        """Take out records with nothing but delimiters; the others keep their numbers."""
        empty = " AND ".join(f"{quote(name)} IS NULL" for name in self.layout.names)
        count = self.session.value(f"SELECT count(*) FROM {quote(self.table)} WHERE {empty}")
        if count:
            self.session.execute(f"DELETE FROM {quote(self.table)} WHERE {empty}")
            self.found.rows -= count
            self.found.blank += count


def _parsed(block: list[str], layout: Layout) -> pa.Table | None:
    """The fields of clean lines, an empty one missing; `None` if a line is no record after all."""
    from pyarrow import csv

    content = "".join(block).encode()
    try:
        rows = csv.read_csv(
            io.BytesIO(content),
            csv.ReadOptions(
                use_threads=False, block_size=len(content) + 1, column_names=list(layout.names)
            ),
            csv.ParseOptions(
                delimiter=layout.dialect.delimiter, quote_char=False, double_quote=False
            ),
            csv.ConvertOptions(
                column_types=dict.fromkeys(layout.names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    return rows if len(rows) == len(block) else None
