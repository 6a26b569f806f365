"""Arrow tables and readers, pandas and polars frames: typed rows into a temporary table.

Parquet, Excel and databases come this way too: whatever has types ends here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from segmentry.core.errors import UsageError
from segmentry.data.staged import (
    BY_PLACE,
    RECORD,
    ReadOptions,
    SourceColumn,
    Staged,
    staging_table,
    unique_names,
)
from segmentry.engines.duckdb import DuckDB, quote

ARRIVED = "staging_rows"
SIMPLE = (
    "VARCHAR", "BOOLEAN", "DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS",
    "TIMESTAMP WITH TIME ZONE", "DOUBLE", "FLOAT", "TINYINT", "SMALLINT", "INTEGER", "BIGINT",
    "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT",
)  # fmt: skip
"""Engine types kept as they are; decimals too. Structures are taken apart, others made text."""


def is_frame(source: object) -> bool:
    """Whether a source is rows in memory."""
    return isinstance(source, pa.Table | pa.RecordBatchReader) or _library(source) is not None


def _library(source: object) -> str | None:
    library = type(source).__module__.partition(".")[0]
    return library if library in {"pandas", "polars"} else None


def stage_frame(session: DuckDB, source: Any, options: ReadOptions, origin: str) -> Staged:
    """Rows in memory; see `segmentry.data.source.stage`. The source is not changed."""
    rows = arrow(source)
    names, notices = unique_names(rows.schema.names)
    with session.registered(ARRIVED, rows.rename_columns([f"c{n}" for n in range(len(names))])):
        return stage_relation(session, quote(ARRIVED), names, options, origin, notices=notices)


def arrow(source: Any) -> pa.Table:
    """Any frame as an Arrow table.

    Raises:
        UsageError: It is none of the frames we know, or has no columns.
    """
    if isinstance(source, pa.RecordBatchReader):
        rows = source.read_all()
    elif isinstance(source, pa.Table):
        rows = source
    elif _library(source) == "pandas":
        rows = _from_pandas(source)
    elif hasattr(source, "collect"):  # a polars plan that has not run
        rows = source.collect().to_arrow()
    elif hasattr(source, "to_arrow"):
        rows = source.to_arrow()
    else:
        raise UsageError(
            f"cannot read a {type(source).__name__}.",
            fix="Give a path, a database URL, an Arrow table, a pandas or a polars frame.",
        )
    if rows.num_columns == 0:
        raise UsageError("the frame has no columns.")
    return rows


def _from_pandas(frame: Any) -> pa.Table:
    """Columns that hold several kinds of values become text, each as Python writes it."""
    columns = []
    for position in range(frame.shape[1]):
        series = frame.iloc[:, position]
        try:
            columns.append(pa.Array.from_pandas(series))
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError):
            known = series.notna()
            texts = [str(v) if k else None for v, k in zip(series, known, strict=True)]
            columns.append(pa.array(texts, pa.string()))
    return pa.table(columns, names=[str(name) for name in frame.columns])


def stage_relation(
    session: DuckDB,
    relation: str,
    names: Sequence[str],
    options: ReadOptions,
    origin: str,
    *,
    notices: tuple[str, ...] = (),
    content_hash: str | None = None,
) -> Staged:
    """Rows of a relation (a fixed name or table function) as a staged table.

    Records without any value are blank. Structures become one column for each field, named
    `column_field`; lists and maps become JSON text.
    """
    described = session.rows(f"DESCRIBE SELECT * FROM {relation}")
    wanted: list[str | None] = []
    expressions: list[str] = []
    for name, (given, kind, *_) in zip(names, described, strict=True):
        for suffix, expression in _parts(quote(given), kind):
            wanted.append(f"{name}_{suffix}" if suffix else name)
            expressions.append(expression)
    final, renamed = unique_names(wanted)
    shown = ", ".join(f"{e} AS {quote(n)}" for e, n in zip(expressions, final, strict=True))
    table = staging_table(session)
    session.create(table, f"SELECT {shown} FROM {relation}", temporary=True)
    blank, record_no = _leave_out_blank(session, table, final)
    columns = session.rows(f"DESCRIBE {quote(table)}")
    kept = tuple(SourceColumn(name, kind) for name, kind, *_ in columns if name != RECORD)
    return Staged(
        table=table,
        columns=kept,
        record_no=record_no,
        records=session.value(f"SELECT count(*) FROM {quote(table)}"),
        blank=blank,
        malformed=(),
        origin=origin,
        content_hash=content_hash or _content_hash(session, table, kept),
        notices=(*notices, *renamed),
        options=options,
    )


def _parts(column: str, kind: str) -> list[tuple[str, str]]:
    """What becomes of a column: pairs of name suffix and expression."""
    if kind in SIMPLE or kind.startswith("DECIMAL"):
        return [("", column)]
    if kind.startswith("STRUCT") and not kind.endswith("[]"):
        return [
            (field, _plain(f"{column}.{quote(field)}", inner)) for field, inner in _fields(kind)
        ]
    return [("", _plain(column, kind))]


def _fields(kind: str) -> list[tuple[str, str]]:
    """Names and types of a structure's fields, from `STRUCT("a" INTEGER, b VARCHAR)`."""
    fields, depth, quoted, start = [], 0, False, 0
    body = kind[kind.index("(") + 1 : -1]
    for position, char in enumerate([*body, ","]):
        quoted ^= char == '"'
        depth += 0 if quoted else (char == "(") - (char == ")")
        if char == "," and depth == 0 and not quoted:
            fields.append(body[start:position].strip())
            start = position + 1
    return [_field(each) for each in fields]


def _field(text: str) -> tuple[str, str]:
    if text.startswith('"'):
        name, _, kind = text[1:].rpartition('" ')
        return name.replace('""', '"'), kind
    name, _, kind = text.partition(" ")
    return name, kind


def _plain(expression: str, kind: str) -> str:
    if kind in SIMPLE or kind.startswith("DECIMAL"):
        return expression
    if kind.startswith(("STRUCT", "MAP", "UNION")) or kind.endswith("]"):
        return f"CAST(to_json({expression}) AS VARCHAR)"
    return f"CAST({expression} AS VARCHAR)"


def _leave_out_blank(session: DuckDB, table: str, names: Sequence[str]) -> tuple[int, str]:
    empty = " AND ".join(f"{quote(name)} IS NULL" for name in names)
    blank = session.value(f"SELECT count(*) FROM {quote(table)} WHERE {empty}")
    if not blank:
        return 0, BY_PLACE
    session.create(
        table,
        f"SELECT rowid + 1 AS {quote(RECORD)}, * FROM {quote(table)} WHERE NOT ({empty})",
        temporary=True,
    )
    return blank, quote(RECORD)


def _content_hash(session: DuckDB, table: str, columns: Sequence[SourceColumn]) -> str:
    """A hash of names, types and rows in their order."""
    listed = ", ".join(quote(each.name) for each in columns)
    row = session.rows(
        f"SELECT count(*), sum(h), bit_xor(hash(h, n)) FROM"
        f" (SELECT hash({listed}) AS h, rowid AS n FROM {quote(table)})"
    )[0]
    header = [(each.name, each.type_name) for each in columns]
    return hashlib.sha256(repr((header, row)).encode()).hexdigest()
