"""Delimited text. The engine reads what is regular; what is not goes through our own splitter.

The engine's reader is trusted only where it finds exactly the records that the file's bytes show.
"""

from __future__ import annotations

from pathlib import Path

from segmentry.core.errors import EngineError, UnreadableFileError
from segmentry.data.readers.careful import Careful, Found
from segmentry.data.readers.layout import Layout, layout_of
from segmentry.data.readers.marked import stage_marked
from segmentry.data.readers.splitter import SPACES
from segmentry.data.readers.text import TextFile, opened, plain_name
from segmentry.data.staged import RECORD, ReadOptions, SourceColumn, Staged, staging_table
from segmentry.engines.duckdb import DuckDB, literal, quote

MOST_COLUMNS = 10_000


def stage_delimited(session: DuckDB, path: Path, options: ReadOptions, origin: str) -> Staged:
    """A delimited file, all columns as written; see `segmentry.data.source.stage`."""
    if options.row_end is not None:
        return stage_marked(session, path, options, origin)
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
            found = Careful(session, text, layout, table, origin).read()
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
