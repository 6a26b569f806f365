"""One door for everything that holds records: a file, a database, a frame."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

from segmentry.core.errors import UnreadableFileError, UsageError
from segmentry.data.readers.apostrophe import take_off
from segmentry.data.readers.database import is_database, stage_database
from segmentry.data.readers.delimited import stage_delimited
from segmentry.data.readers.excel import stage_excel
from segmentry.data.readers.frames import is_frame, stage_frame
from segmentry.data.readers.jsonlines import stage_jsonlines
from segmentry.data.readers.parquet import stage_parquet
from segmentry.data.staged import (
    DateOrder,
    Format,
    Malformed,
    ReadOptions,
    Source,
    SourceColumn,
    Staged,
)
from segmentry.engines.duckdb import DuckDB
from segmentry.engines.fault import of_machine

READERS: dict[Format, Callable[[DuckDB, Path, ReadOptions, str], Staged]] = {
    "delimited": stage_delimited,
    "excel": stage_excel,
    "parquet": stage_parquet,
    "jsonlines": stage_jsonlines,
}
ENDINGS: dict[str, Format] = {
    ".csv": "delimited",
    ".tsv": "delimited",
    ".tab": "delimited",
    ".txt": "delimited",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xlsb": "excel",
    ".xls": "excel",
    ".ods": "excel",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".jsonl": "jsonlines",
    ".ndjson": "jsonlines",
}


def stage(session: DuckDB, source: Source, options: ReadOptions | None = None) -> Staged:
    """Bring a source into a temporary table of the session; no record is lost in silence.

    Args:
        session: Where the temporary table is made.
        source: A path, a `sqlite:///…` or `postgresql://…` URL, an Arrow table or reader, a pandas
            or polars frame.
        options: What the source does not say itself.

    Raises:
        UnreadableFileError: Missing, empty, damaged, or not what it claims to be.
        AmbiguousInputError: Two encodings, delimiters or sheets are possible; `details` has
            `option` and `choices`.
        UsageError: A kind of source that is not supported, or options that do not fit it.
    """
    options = options or ReadOptions()
    if is_frame(source):
        return stage_frame(session, source, options, "frame")
    if is_database(source):
        return stage_database(session, str(source), options)
    if not isinstance(source, Path | str):
        raise UsageError(
            f"cannot read a {type(source).__name__}.",
            fix="Give a path, a database URL, an Arrow table, a pandas or a polars frame.",
        )
    if "://" in str(source) and isinstance(source, str):
        raise UsageError(
            f"`{source.partition('://')[0]}://` is not supported.",
            fix="Download the file first; databases are sqlite:/// and postgresql://.",
        )
    return _stage_file(session, Path(source), options)


OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EIO)
"""What is not the file's fault."""


def _stage_file(session: DuckDB, path: Path, options: ReadOptions) -> Staged:
    origin = path.name
    if path.is_dir():
        raise UnreadableFileError("this is a folder.", where=origin, fix="Name its files.")
    if not path.exists():
        raise UnreadableFileError("there is no such file.", where=str(path))
    try:
        kind = options.format or _format(path, origin)
        staged = READERS[kind](session, path, options, origin)
        return take_off(session, staged) if kind == "delimited" else staged
    except OSError as error:
        if error.errno in OF_THE_DISK and (failed := of_machine(error)):
            raise failed from error
        reason = error.strerror or type(error).__name__
        raise UnreadableFileError(f"the file cannot be read: {reason}.", where=origin) from error


def _format(path: Path, origin: str) -> Format:
    """By what the file begins with, then by the ending of its name (before `.gz`)."""
    with path.open("rb") as file:
        head = file.read(8)
    ending = Path(path.stem if path.suffix.lower() == ".gz" else path.name).suffix.lower()
    if not head:
        raise UnreadableFileError("the file is empty.", where=origin)
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    if head.startswith(b"PK\x03\x04"):
        if ENDINGS.get(ending) == "excel":
            return "excel"
        raise UsageError(
            "this is a zip archive.", where=origin, fix="Unpack it and load the files inside."
        )
    if ending == ".json":
        return _json(head, origin)
    return ENDINGS.get(ending, "delimited")


def _json(head: bytes, origin: str) -> Format:
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"["):
        raise UsageError(
            "this is one JSON array.", where=origin,
            fix="Write it as JSON lines: one object a line, no brackets around them.",
        )  # fmt: skip
    return "jsonlines"


__all__ = [
    "DateOrder",
    "Format",
    "Malformed",
    "ReadOptions",
    "Source",
    "SourceColumn",
    "Staged",
    "stage",
]
