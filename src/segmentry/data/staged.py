"""What every reader hands over: records in a temporary table, and all that was odd."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field

from segmentry.core.errors import MappingError
from segmentry.engines.duckdb import DuckDB

Source = Path | str | pa.Table | pa.RecordBatchReader | Any
"""A file, a database URL, an Arrow table or reader, a pandas or a polars frame."""

Format = Literal["delimited", "excel", "parquet", "jsonlines"]
DateOrder = Literal["dmy", "mdy", "ymd"]

RECORD = "#record"
"""Column of record numbers in staged tables whose rows are not numbered by position."""
RESERVED = frozenset({RECORD, "rowid"})
"""Names that mean something to us or to the engine."""
BY_PLACE = "rowid + 1"
"""`Staged.record_no` of tables whose rows are numbered by position."""


class ReadOptions(BaseModel):
    """How to read a source, where its content does not say so. What is `None` is found out.

    `decimal`, `thousands`, `date_order` and `timezone` decide for every column that declares no
    format of its own. `timezone` is that of instants written without an offset.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Format | None = None
    encoding: str | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=4)
    """`" "` stands for any run of spaces and tabs."""
    row_end: str | None = Field(default=None, min_length=1, max_length=4)
    """What ends a record beside its line end, as in some database exports: `&|`."""
    quote: str | None = Field(default=None, max_length=1)
    """Empty: nothing is quoted."""
    header: bool | None = None
    columns: tuple[str, ...] | None = None
    """Names of the columns, when there is no header."""
    skip_rows: int | None = Field(default=None, ge=0)
    """Lines or rows above the header."""
    sheet: str | None = None
    table: str | None = None
    query: str | None = None
    decimal: Literal[".", ","] | None = None
    thousands: Literal["", ",", ".", " ", "'"] | None = None
    date_order: DateOrder | None = None
    timezone: str | None = None


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A column as the source has it; `type_name` is the engine's (`VARCHAR` in text formats)."""

    name: str
    type_name: str


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record that could not be split into the columns. `value` is its beginning, cut short."""

    record_no: int
    value: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Staged:
    """A source in a temporary table of a session: `records` = rows of `table` + `malformed`.

    Args:
        table: The temporary table. Columns of text formats are VARCHAR as written, an empty field
            is NULL; typed formats keep their types.
        columns: Its columns, with names that differ in more than case.
        record_no: SQL expression over a row: the record's 1-based number in the source, counted
            over all records after the header, empty lines left out.
        records: All data records, blank ones left out.
        blank: Empty lines, and records in which every field is empty.
        malformed: Records that could not be split, in order.
        origin: What people call the source; holds no folder, user or password.
        content_hash: SHA-256 of the bytes; of the content for frames and databases.
        notices: What was decided while reading, in sentences for people.
        options: The reading options with what was found out filled in.
    """

    table: str
    columns: tuple[SourceColumn, ...]
    record_no: str
    records: int
    blank: int
    malformed: tuple[Malformed, ...]
    origin: str
    content_hash: str
    notices: tuple[str, ...]
    options: ReadOptions

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(each.name for each in self.columns)

    def column(self, name: str) -> SourceColumn:
        """The column called `name`.

        Raises:
            MappingError: There is none.
        """
        for each in self.columns:
            if each.name == name:
                return each
        shown = ", ".join(f"`{each}`" for each in self.names[:20])
        raise MappingError(
            f"there is no column `{name}`.", where=self.origin, fix=f"There is {shown}."
        )

    def is_record(self, number: str) -> str:
        """SQL condition that a row of the table, called `s`, is the record of that number.

        (Of tables numbered by position, the engine then reads no other rows.)
        """
        if self.record_no == BY_PLACE:
            return f"s.rowid = {number} - 1"
        return f"s.{self.record_no} = {number}"

    def drop(self, session: DuckDB) -> None:
        """Let go of the temporary table."""
        session.drop(self.table)


def staging_table(session: DuckDB) -> str:
    """A name that no table of the session has."""
    taken = {
        name for (name,) in session.rows("SELECT table_name FROM duckdb_tables() WHERE temporary")
    }
    number = 1
    while f"staged_{number}" in taken:
        number += 1
    return f"staged_{number}"


def unique_names(given: Iterable[str | None]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Column names that differ in more than case, and notices on what was changed.

    A missing name becomes `column_3`; the second `Total` becomes `Total_2`.

    >>> unique_names(["Total", "", "total"])[0]
    ('Total', 'column_2', 'total_2')
    """
    headers = [" ".join((each or "").replace("\ufeff", "").split()) for each in given]
    taken = {each.lower() for each in headers if each} | RESERVED
    seen: set[str] = set()
    names, notices = [], []
    for position, header in enumerate(headers, start=1):
        name = header or f"column_{position}"
        if not header or name.lower() in seen | RESERVED:
            name = _free(name, taken)
            notices.append(f"Column {position} is called `{name}`: {_why(header)}.")
        taken.add(name.lower())
        seen.add(name.lower())
        names.append(name)
    return tuple(names), tuple(notices)


def _why(header: str) -> str:
    if header.lower() in RESERVED:
        return f"`{header}` is a reserved name"
    return f"`{header}` stands there more than once" if header else "it has no name"


def _free(name: str, taken: set[str]) -> str:
    if name.lower() not in taken:
        return name
    number = 2
    while f"{name}_{number}".lower() in taken:
        number += 1
    return f"{name}_{number}"


def excerpt(text: str, length: int = 120) -> str:
    """The beginning of a text, on one line, safe to print."""
    shown = "".join(char if char.isprintable() else "\ufffd" for char in text[: length + 1])
    return shown if len(text) <= length else shown[:length] + "…"


__all__ = [
    "BY_PLACE",
    "RECORD",
    "DateOrder",
    "Format",
    "Malformed",
    "ReadOptions",
    "Source",
    "SourceColumn",
    "Staged",
    "excerpt",
    "staging_table",
    "unique_names",
]
