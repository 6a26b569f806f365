"""Rejected records as a file that a person opens, mends and loads again."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from segmentry.core.whole import whole
from segmentry.data.readers.apostrophe import RISKY
from segmentry.engines.duckdb import DuckDB

HEADER = ("record", "column", "value", "reason", "fix")
DANGEROUS = re.compile(f"[{RISKY}]")
BATCH = 10_000


def rejected_file(session: DuckDB, load_id: int, path: Path) -> int:
    """Write why records of a load were refused, with the records as they were; how many reasons.

    One row for each reason, in order of record number: `record`, `column`, `value`, `reason`,
    `fix`, then the source's own columns. A cell that a spreadsheet would take for a formula gets
    an apostrophe before it. Columns of the source that would be called like one of ours come with
    `source ` before their name.
    """
    names = _source_columns(session, load_id)
    count = 0
    with whole(path) as draft, draft.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        own = (f"source {each}" if each in HEADER else safe_cell(each) for each in names)
        writer.writerow([*HEADER, *own])
        for *reason, record in _rows(session, load_id):
            fields: Mapping[str, Any] = json.loads(record) if record else {}
            cells = [*reason, *(fields.get(name) for name in names)]
            writer.writerow([safe_cell(each) for each in cells])
            count += 1
    return count


def safe_cell(value: object) -> str:
    """A value as a cell's text, with an apostrophe before what could be a formula.

    Numbers stay as they are.

    >>> safe_cell("=1+1"), safe_cell("-3.50"), safe_cell(None)
    ("'=1+1", '-3.50', '')
    """
    text = "" if value is None else str(value)
    if not DANGEROUS.match(text) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    return text[:1] in "+-" and text[1:].replace(".", "", 1).replace(",", "", 1).isdigit()


def _source_columns(session: DuckDB, load_id: int) -> list[str]:
    found = session.value(
        "SELECT record FROM rejected_records WHERE load_id = ? AND record IS NOT NULL LIMIT 1",
        [load_id],
    )
    return list(json.loads(found)) if found else []


def _rows(session: DuckDB, load_id: int) -> Iterator[tuple[Any, ...]]:
    """The reasons in order, some thousands at a time, so that millions of them fit in memory."""
    found = session.fetch(
        "SELECT record_no, column_name, value, reason, fix, CAST(record AS VARCHAR) AS record"
        " FROM rejected_records WHERE load_id = ? ORDER BY record_no, rowid",
        [load_id],
    )
    for batch in found.to_batches(max_chunksize=BATCH):
        yield from (tuple(row.values()) for row in batch.to_pylist())


__all__ = ["rejected_file", "safe_cell"]
