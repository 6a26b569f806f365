"""Text whose records end with a mark of their own: line ends inside a record are only text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmentry.core.errors import UnreadableFileError, UsageError
from segmentry.data.readers.text import TextFile, opened, plain_name
from segmentry.data.staged import (
    RECORD,
    Malformed,
    ReadOptions,
    SourceColumn,
    Staged,
    excerpt,
    staging_table,
    unique_names,
)
from segmentry.engines.duckdb import DuckDB, literal, quote

FIELDS = '"#fields"'
"""Column of the fields of a record, in the raw table."""


def stage_marked(session: DuckDB, path: Path, options: ReadOptions, origin: str) -> Staged:
    """A file whose records end with `options.row_end`; nothing is quoted.

    A record with another number of fields than the header, or than most, is malformed.

    Raises:
        UnreadableFileError: There is no record.
        UsageError: The delimiter is not stated, or the names do not fit.
    """
    if options.delimiter is None:
        raise UsageError(
            "`row_end` needs the `delimiter` too.", where=origin, fix='As in `delimiter: "+|"`.'
        )
    table, raw = staging_table(session), "raw_records"
    with opened(path, options, origin) as text:
        _split(session, text, options, raw)
        names, notices, header = _names(session, raw, options, origin)
        found = _staged(session, raw, table, names, header=header)
        session.drop(raw)
        rows, malformed = found
        stated = {"format": "delimited", "encoding": text.encoding, "header": header}
        return Staged(
            table=table,
            columns=tuple(SourceColumn(name, "VARCHAR") for name in names),
            record_no=quote(RECORD),
            records=rows + len(malformed),
            blank=0,
            malformed=malformed,
            origin=origin,
            content_hash=text.content_hash,
            notices=(*text.notices, *notices),
            options=options.model_copy(update=stated),
        )


def _split(session: DuckDB, text: TextFile, options: ReadOptions, raw: str) -> None:
    """Every record with its fields, numbered; empty ones left out."""
    end, mark = literal(options.row_end or ""), literal(options.delimiter or "")
    with plain_name(text.path) as path:
        session.create(
            raw,
            f"SELECT row_number() OVER (ORDER BY place) AS n, string_split(record, {mark}) AS"
            f" {FIELDS} FROM (SELECT place, ltrim(records[place], chr(13) || chr(10)) AS record"
            " FROM (SELECT records, unnest(generate_series(1, len(records))) AS place FROM"
            f" (SELECT string_split(ltrim(content, chr(65279)), {end}) AS records"
            f" FROM read_text({literal(str(path))})))) WHERE trim(record) <> ''",
            temporary=True,
        )


def _names(
    session: DuckDB, raw: str, options: ReadOptions, origin: str
) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Names of the columns, notices about them, and whether the first record is the header."""
    width = session.value(f"SELECT mode(len({FIELDS})) FROM {raw}")
    if not width:
        raise UnreadableFileError("the file has no records.", where=origin)
    if options.header:
        given: Sequence[str | None] = session.value(f"SELECT {FIELDS} FROM {raw} WHERE n = 1")
    else:
        given = options.columns or [None] * int(width)
    if len(given) != width:
        raise UsageError(
            f"{len(given)} names are given, but the records have {width} fields.", where=origin
        )
    names, notices = unique_names(given)
    return names, () if options.columns or options.header else notices, bool(options.header)


def _staged(
    session: DuckDB, raw: str, table: str, names: Sequence[str], *, header: bool
) -> tuple[int, tuple[Malformed, ...]]:
    """The records as a table, and those that do not fit."""
    first = int(header)
    listed = ", ".join(
        f"nullif({FIELDS}[{place}], '') AS {quote(name)}" for place, name in enumerate(names, 1)
    )
    fits = f"len({FIELDS}) = {len(names)}"
    session.create(
        table,
        f"SELECT n - {first} AS {quote(RECORD)}, {listed} FROM {raw} WHERE n > {first} AND {fits}",
        temporary=True,
    )
    odd = session.rows(
        f"SELECT n - {first}, left({FIELDS}[1], 200), len({FIELDS}) FROM {raw}"
        f" WHERE n > {first} AND NOT {fits} ORDER BY n"
    )
    fix = "Write the record with as many fields as the others."
    malformed = tuple(
        Malformed(number, excerpt(value), f"it has {fields} fields instead of {len(names)}", fix)
        for number, value, fields in odd
    )
    return session.value(f"SELECT count(*) FROM {quote(table)}"), malformed


__all__ = ["stage_marked"]
