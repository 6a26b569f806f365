"""JSON lines: one object a line, nested objects flattened by one level."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from segmentry.core.errors import UnreadableFileError
from segmentry.data.readers.splitter import LONGEST_RECORD, lines_of
from segmentry.data.readers.text import opened
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

BATCH = 20_000
DEEPEST = 100
"""Levels of brackets; the engine refuses a whole statement for a line of 128."""
LINES = "#line"
FIX = "Write one JSON object a line."


def stage_jsonlines(session: DuckDB, path: Path, options: ReadOptions, origin: str) -> Staged:
    """A file of JSON lines, all columns as text; see `segmentry.data.source.stage`.

    Numbers are as the engine writes them (`1e5` is 100000.0: in JSON it is a number, not an id).
    """
    with opened(path, options.model_copy(update={"quote": ""}), origin) as text:
        table, raw = staging_table(session), staging_table(session) + "_lines"
        session.execute(
            f"CREATE OR REPLACE TEMPORARY TABLE {quote(raw)}"
            f" ({quote(RECORD)} BIGINT, {quote(LINES)} VARCHAR)"
        )
        malformed, blank = _store(session, raw, text.path, text.mark)
        notices, encoding, content_hash = text.notices, text.encoding, text.content_hash
    try:
        malformed = sorted(malformed + _refused(session, raw), key=lambda each: each.record_no)
        keys = _keys(session, raw)
        if not keys:
            raise UnreadableFileError("no line is a JSON object.", where=origin, fix=FIX)
        names, renamed = unique_names("_".join(each) for each in keys)
        values = ", ".join(
            f"{_extracted(key)} AS {quote(name)}" for key, name in zip(keys, names, strict=True)
        )
        session.create(table, f"SELECT {quote(RECORD)}, {values} FROM {quote(raw)}", temporary=True)
        blank += _leave_out_empty(session, table, names)
    finally:
        session.drop(raw)
    rows = session.value(f"SELECT count(*) FROM {quote(table)}")
    return Staged(
        table=table,
        columns=tuple(SourceColumn(name, "VARCHAR") for name in names),
        record_no=quote(RECORD),
        records=rows + len(malformed),
        blank=blank,
        malformed=tuple(malformed),
        origin=origin,
        content_hash=content_hash,
        notices=(*notices, *renamed),
        options=options.model_copy(update={"format": "jsonlines", "encoding": encoding}),
    )


def _store(session: DuckDB, raw: str, path: Path, mark: int) -> tuple[list[Malformed], int]:
    """The lines that look like objects, into a table; the others, and how many are blank."""
    malformed: list[Malformed] = []
    blank = number = 0
    batch: list[tuple[int, str]] = []
    for line in lines_of(path, mark):
        content = line.strip()
        if not content:
            blank += 1
            continue
        number += 1
        if fault := _fault(content):
            malformed.append(Malformed(number, excerpt(content), fault, FIX))
            continue
        batch.append((number, content))
        if len(batch) >= BATCH:
            _insert(session, raw, batch)
            batch = []
    if batch:
        _insert(session, raw, batch)
    return malformed, blank


def _fault(content: str) -> str | None:
    """What keeps a line from being looked at by the engine."""
    if content[0] != "{" or len(content) >= LONGEST_RECORD or "\0" in content:
        return "is not a JSON object"
    if content.count("[") + content.count("{") > DEEPEST and _depth(content) > DEEPEST:
        return f"is nested more than {DEEPEST} levels deep"
    return None


def _depth(content: str) -> int:
    """Levels of brackets; those in texts count too, which only makes it larger."""
    depth = deepest = 0
    for char in content:
        depth += (char in "[{") - (char in "]}")
        deepest = max(deepest, depth)
    return deepest


def _insert(session: DuckDB, raw: str, batch: list[tuple[int, str]]) -> None:
    numbers, lines = zip(*batch, strict=True)
    rows = pa.table([pa.array(numbers, pa.int64()), pa.array(lines)], names=[RECORD, LINES])
    with session.registered("staging_batch", rows):
        session.execute(f"INSERT INTO {quote(raw)} SELECT * FROM staging_batch")


def _refused(session: DuckDB, raw: str) -> list[Malformed]:
    """Take out lines that are not valid JSON."""
    bad = f"NOT json_valid({quote(LINES)})"
    rows = session.rows(f"SELECT {quote(RECORD)}, {quote(LINES)} FROM {quote(raw)} WHERE {bad}")
    session.execute(f"DELETE FROM {quote(raw)} WHERE {bad}")
    return [Malformed(number, excerpt(line), _why(line), FIX) for number, line in rows]


def _why(line: str) -> str:
    try:
        json.loads(line)
    except (ValueError, RecursionError) as error:
        place = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
        return f"is not valid JSON{place}"
    return "is not valid JSON"


def _leave_out_empty(session: DuckDB, table: str, names: Sequence[str]) -> int:
    empty = " AND ".join(f"{quote(name)} IS NULL" for name in names)
    count: int = session.value(f"SELECT count(*) FROM {quote(table)} WHERE {empty}")
    session.execute(f"DELETE FROM {quote(table)} WHERE {empty}")
    return count


Key = tuple[str, ...]


def _keys(session: DuckDB, raw: str) -> list[Key]:
    """Keys of all objects, and of the objects inside by one level, as they first appear."""
    shapes = session.rows(
        f"SELECT s, min(r) AS first FROM (SELECT CAST(json_structure({quote(LINES)}) AS VARCHAR)"
        f" AS s, {quote(RECORD)} AS r FROM {quote(raw)}) GROUP BY s ORDER BY first"
    )
    found: dict[Key, None] = {}
    for shape, _ in shapes:
        found.update(dict.fromkeys(_keys_of(json.loads(shape))))
    inner = {key[0] for key in found if len(key) > 1}
    mixed = {key for key in found if len(key) == 1 and key[0] in inner}
    empty = {key for key in mixed if not _has_text(session, raw, key)}
    return [key for key in found if key not in empty]


def _keys_of(shape: Any) -> Iterator[Key]:
    for name, kind in shape.items() if isinstance(shape, dict) else ():
        if isinstance(kind, dict) and kind:
            for inner in kind:
                yield name, inner
        else:
            yield (name,)


def _has_text(session: DuckDB, raw: str, key: Key) -> bool:
    """Whether a key that is an object in some lines is a value in others."""
    kind = f"json_type({quote(LINES)}, {literal(_pointer(key))})"
    return bool(
        session.value(f"SELECT count(*) FROM {quote(raw)} WHERE {kind} NOT IN ('OBJECT', 'NULL')")
    )


def _extracted(key: Key) -> str:
    return f"nullif(json_extract_string({quote(LINES)}, {literal(_pointer(key))}), '')"


def _pointer(key: Key) -> str:
    return "".join("/" + each.replace("~", "~0").replace("/", "~1") for each in key)
