"""Delimited text. The engine reads what is regular; what is not goes through our own splitter.

The engine's reader is trusted only where it finds exactly the records that the file's bytes show.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import pyarrow as pa

from segmentry.core.errors import EngineError, UnreadableFileError
from segmentry.data.readers.layout import Layout, layout_of
from segmentry.data.readers.splitter import (
    SPACES,
    Blank,
    Broken,
    Splitter,
    lines_of,
    raise_field_limit,
)
from segmentry.data.readers.text import TextFile, opened, plain_name
from segmentry.data.staged import (
    RECORD,
    Malformed,
    ReadOptions,
    SourceColumn,
    Staged,
    excerpt,
    staging_table,
)
from segmentry.engines.duckdb import DuckDB, literal, quote

BATCH = 20_000
MOST_COLUMNS = 10_000
HOPELESS = 1_000
"""Malformed records; when they are also the greater part, the file is not what it seems."""


def stage_delimited(session: DuckDB, path: Path, options: ReadOptions, origin: str) -> Staged:
    """A delimited file, all columns as written; see `segmentry.data.source.stage`."""
    with opened(path, options, origin) as text:
        layout = layout_of(text, options, origin)
        if len(layout.names) > MOST_COLUMNS:
            raise UnreadableFileError(
                f"the file has {len(layout.names):,} columns; {MOST_COLUMNS:,} at most.",
                where=origin,
            )
        table = staging_table(session)
        found = _fast(session, text, layout, table)
        if found is None:
            found = _careful(session, text, layout, table, origin)
        dialect = layout.dialect
        return Staged(
            table=table,
            columns=tuple(SourceColumn(name, "VARCHAR") for name in layout.names),
            record_no=found.record_no,
            records=found.rows + len(found.malformed),
            blank=found.blank,
            malformed=tuple(found.malformed),
            origin=origin,
            content_hash=text.content_hash,
            notices=(*text.notices, *layout.notices),
            options=options.model_copy(
                update={
                    "format": "delimited",
                    "encoding": text.encoding,
                    "delimiter": dialect.delimiter,
                    "header": layout.header,
                    "skip_rows": layout.top or None,
                }
            ),
        )


@dataclass(slots=True)
class Found:
    """What a path through the file has brought into the table."""

    rows: int = 0
    blank: int = 0
    record_no: str = "rowid + 1"
    malformed: list[Malformed] = field(default_factory=list)


# the fast path


def _fast(session: DuckDB, text: TextFile, layout: Layout, table: str) -> Found | None:
    """The engine's own reader; `None` when the file is odd or the counts differ."""
    scan, above = text.scan, layout.top + layout.header_lines
    expected = scan.lines - above - (scan.empty_lines - layout.empty_above)
    if not _is_regular(text, layout) or (len(layout.names) == 1 and scan.empty_lines):
        return None
    if expected <= 0:
        return None
    with plain_name(text.path) as path:
        try:
            session.create(table, _reading(path, text, layout, above), temporary=True)
        except EngineError as error:
            if type(error) is not EngineError:  # out of memory, cancelled
                raise
            return None
    rows = session.value(f"SELECT count(*) FROM {quote(table)}")
    if rows != expected:
        session.drop(table)
        return None
    found = Found(rows, scan.empty_lines)
    _leave_out_blank(session, table, layout, found)
    return found


def _is_regular(text: TextFile, layout: Layout) -> bool:
    scan = text.scan
    return (
        scan.zeros == 0
        and scan.line_end is not None
        and scan.newlines > 0
        and layout.dialect.delimiter != SPACES
        and layout.header_lines <= 1
    )


def _reading(path: Path, text: TextFile, layout: Layout, skip: int) -> str:
    """The engine's reader, everything said but `new_line`: with it 2.0 reads no CRLF file."""
    dialect = layout.dialect
    quoted = dialect.quote if text.scan.quotes else ""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in layout.names)
    return (
        f"SELECT * FROM read_csv({literal(str(path))}, auto_detect = false, header = false,"
        f" columns = {{{columns}}}, skip = {skip}, delim = {literal(dialect.delimiter)},"
        f" quote = {literal(quoted)}, escape = {literal(dialect.escape or quoted)},"
        " compression = 'none', strict_mode = true, null_padding = false, ignore_errors = false)"
    )


def _leave_out_blank(session: DuckDB, table: str, layout: Layout, found: Found) -> None:
    """Take out records with nothing but delimiters; the others keep their numbers."""
    empty = " AND ".join(f"{quote(name)} IS NULL" for name in layout.names)
    count = session.value(f"SELECT count(*) FROM {quote(table)} WHERE {empty}")
    if not count:
        return
    session.create(
        table,
        f"SELECT rowid + 1 AS {quote(RECORD)}, * FROM {quote(table)} WHERE NOT ({empty})",
        temporary=True,
    )
    found.rows -= count
    found.blank += count
    found.record_no = quote(RECORD)


# the careful path


def _careful(session: DuckDB, text: TextFile, layout: Layout, table: str, origin: str) -> Found:
    raise_field_limit()
    columns = ", ".join(f"{quote(name)} VARCHAR" for name in layout.names)
    session.execute(
        f"CREATE OR REPLACE TEMPORARY TABLE {quote(table)} ({quote(RECORD)} BIGINT, {columns})"
    )
    found = Found(record_no=quote(RECORD))
    lines = islice(lines_of(text.path, text.mark), layout.top, None)
    splitter = Splitter(lines, layout.dialect)
    if layout.header:
        found.blank += _pass_header(splitter)
    splitter.width = len(layout.names)
    for batch in _batches(splitter, found, origin):
        _insert(session, table, layout.names, batch)
        found.rows += len(batch)
    return found


def _pass_header(splitter: Splitter) -> int:
    """Read up to and with the header; says how many empty lines stood above it."""
    empty = 0
    for record in splitter:
        if isinstance(record, list):
            break
        empty += isinstance(record, Blank)
    return empty


Numbered = tuple[int, list[str]]


def _batches(splitter: Splitter, found: Found, origin: str) -> Iterator[list[Numbered]]:
    """Records with their numbers, in batches; faults and blanks go to `found`."""
    number, batch = 0, list[Numbered]()
    for record in splitter:
        if isinstance(record, Blank):
            found.blank += 1
            continue
        number += 1
        if isinstance(record, Broken):
            found.malformed.append(
                Malformed(number, excerpt(record.text.strip("\r\n")), record.reason, record.fix)
            )
            _refuse_hopeless(found, number, origin)
        elif any(record):
            batch.append((number, record))
        else:
            found.blank += 1
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _refuse_hopeless(found: Found, number: int, origin: str) -> None:
    bad = len(found.malformed)
    if bad < HOPELESS or bad * 2 < number:
        return
    first = found.malformed[0]
    raise UnreadableFileError(
        f"most records do not fit the columns; record {first.record_no} {first.reason}.",
        where=origin,
        fix="Say the right `delimiter`, `quote` or `header`.",
    )


def _insert(session: DuckDB, table: str, names: tuple[str, ...], batch: list[Numbered]) -> None:
    numbers, records = zip(*batch, strict=True)
    arrays = [
        pa.array([each or None for each in column], pa.string())
        for column in zip(*records, strict=True)
    ]
    rows = pa.table([pa.array(numbers, pa.int64()), *arrays], names=[RECORD, *names])
    with session.registered("staging_batch", rows):
        session.execute(f"INSERT INTO {quote(table)} SELECT * FROM staging_batch")
