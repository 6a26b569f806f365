"""Results to files: the ending says the format; a spreadsheet never runs what it opens."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from segmentry.core.errors import UsageError
from segmentry.core.whole import whole
from segmentry.data.readers.apostrophe import BEFORE
from segmentry.workspace.workbook import write_workbook


def write(table: pa.Table, path: Path) -> None:
    """Write rows to a file, whole or not at all; `.gz` after the ending compresses.

    In CSV and TSV, text that a spreadsheet would run as a formula gets a leading apostrophe, and so
    does text that looks as if it had one; loading takes one off again. In Excel text is text.

    Raises:
        UsageError: An ending that is not known, or a folder that is not there.
    """
    endings = [each.lower() for each in path.suffixes[-2:]]
    compressed = endings[-1:] == [".gz"]
    ending = (endings[:-1] if compressed else endings)[-1:] or [""]
    writer = WRITERS.get(ending[0])
    if writer is None:
        raise UsageError(
            f"cannot write `{path.name}`:", fix=f"the ending must be {', '.join(WRITERS)}."
        )
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder `{path.parent}`.", fix="Make it first.")
    with (
        whole(path) as draft,
        gzip.open(draft, "wb") if compressed else draft.open("wb") as sink,
    ):
        writer(table, sink)


def _delimited(delimiter: str) -> Callable[[pa.Table, Any], None]:
    options = pa.csv.WriteOptions(delimiter=delimiter, quoting_style="needed")

    def write_delimited(table: pa.Table, sink: Any) -> None:
        pa.csv.write_csv(_harmless(table), sink, options)

    return write_delimited


def _harmless(table: pa.Table) -> pa.Table:
    for number, field in enumerate(table.schema):
        if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
            column = table.column(number)
            risky = pc.match_substring_regex(column, BEFORE)
            shown = pc.if_else(risky, pc.replace_substring_regex(column, "^", "'"), column)
            table = table.set_column(number, field.name, shown)
    return table


def _json_lines(table: pa.Table, sink: Any) -> None:
    for batch in table.to_batches(max_chunksize=10_000):
        lines = [
            json.dumps(row, default=_plain, ensure_ascii=False) + "\n" for row in batch.to_pylist()
        ]
        sink.write("".join(lines).encode("utf-8"))


def _parquet(table: pa.Table, sink: Any) -> None:
    pa.parquet.write_table(table, sink)


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return float(value)
        case datetime() | date():
            return value.isoformat()
        case _:
            return str(value)


WRITERS: dict[str, Callable[[pa.Table, Any], None]] = {
    ".csv": _delimited(","),
    ".tsv": _delimited("\t"),
    ".parquet": _parquet,
    ".jsonl": _json_lines,
    ".xlsx": write_workbook,
}
