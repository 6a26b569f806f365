"""Parquet files, read by the engine with their types."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from segmentry.core.errors import EngineError, UnreadableFileError
from segmentry.data.readers.frames import stage_relation
from segmentry.data.readers.text import file_hash, plain_name
from segmentry.data.staged import ReadOptions, Staged, unique_names
from segmentry.engines.duckdb import DuckDB, literal

MAGIC = b"PAR1"


def stage_parquet(session: DuckDB, path: Path, options: ReadOptions, origin: str) -> Staged:
    """A Parquet file; see `segmentry.data.source.stage`."""
    _refuse_cut_off(path, origin)
    from pyarrow import parquet

    with plain_name(path) as plain:
        relation = f"read_parquet({literal(str(plain))})"
        try:
            unique, notices = unique_names(parquet.read_schema(path).names)
            return stage_relation(
                session,
                relation,
                unique,
                options.model_copy(update={"format": "parquet"}),
                origin,
                notices=notices,
                content_hash=file_hash(path),
            )
        except (EngineError, pa.ArrowException, OSError) as error:
            if isinstance(error, EngineError) and type(error) is not EngineError:
                raise  # out of memory, cancelled
            raise UnreadableFileError(
                "the Parquet file is damaged.", where=origin, fix="Copy or export it again."
            ) from error


def _refuse_cut_off(path: Path, origin: str) -> None:
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(max(-4, -path.stat().st_size), 2)
        tail = file.read(4)
    if head != MAGIC:
        raise UnreadableFileError("this is not a Parquet file.", where=origin)
    if tail != MAGIC or path.stat().st_size < 12:
        raise UnreadableFileError(
            "the Parquet file is cut off.", where=origin, fix="Copy or export it again."
        )
