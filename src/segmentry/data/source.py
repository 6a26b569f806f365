"""One door for everything that holds records: a file, a database, a frame."""

from __future__ import annotations

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
            `question`, `option` and `choices`.
        UsageError: A kind of source that is not supported, or options that do not fit it.
    """
    raise NotImplementedError


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
