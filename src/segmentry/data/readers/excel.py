"""Excel workbooks of every age. What a workbook would unpack to is looked at before it is read."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from segmentry.core.errors import AmbiguousInputError, UnreadableFileError, UsageError
from segmentry.data.readers.frames import ARRIVED, stage_relation
from segmentry.data.readers.layout import DATUM
from segmentry.data.readers.text import file_hash
from segmentry.data.staged import RECORD, ReadOptions, Staged, unique_names
from segmentry.engines.duckdb import DuckDB, quote

MOST_EXPANDED = 200 << 20
MOST_RATIO = 100
MOST_ENTRIES = 1_000
MOST_OLD = 64 << 20
"""Bytes of a workbook of the age before zip (.xls)."""
MOST_TITLES = 10
Cell = str | float | int | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet as a table: names, records with their numbers, what stood above and between."""

    names: tuple[str, ...]
    records: list[list[Cell]]
    numbers: list[int]
    blank: int
    header: bool
    notices: tuple[str, ...]


def stage_excel(session: DuckDB, path: Path, options: ReadOptions, origin: str) -> Staged:
    """A sheet of a workbook; see `segmentry.data.source.stage`.

    A column keeps its type where all its cells have one type, else it becomes text.
    """
    guard(path, origin)
    sheet, rows = _chosen(path, options, origin)
    grid = _grid(rows, options, origin)
    arrays = [_column([record[n] for record in grid.records]) for n in range(len(grid.names))]
    table = pa.table(
        [pa.array(grid.numbers, pa.int64()), *arrays],
        names=["c", *(f"c{n}" for n in range(len(arrays)))],
    )
    with session.registered(ARRIVED, table):
        staged = stage_relation(
            session,
            f"(SELECT * EXCLUDE (c) FROM {quote(ARRIVED)})",
            grid.names,
            options.model_copy(update={"format": "excel", "sheet": sheet, "header": grid.header}),
            origin,
            notices=grid.notices,
            content_hash=file_hash(path),
        )
        return _numbered(session, staged, grid)


def _numbered(session: DuckDB, staged: Staged, grid: Grid) -> Staged:
    """Give back the record numbers, where blank rows stood between the records."""
    if grid.numbers == list(range(1, len(grid.numbers) + 1)):
        return _with_blank(staged, grid.blank, staged.record_no)
    session.create(
        staged.table,
        f"SELECT a.c AS {quote(RECORD)}, t.* EXCLUDE (n) FROM (SELECT *, rowid AS n FROM"
        f" {quote(staged.table)}) t POSITIONAL JOIN {quote(ARRIVED)} a",
        temporary=True,
    )
    return _with_blank(staged, grid.blank, quote(RECORD))


def _with_blank(staged: Staged, blank: int, record_no: str) -> Staged:
    return replace(staged, blank=staged.blank + blank, record_no=record_no)


def guard(path: Path, origin: str) -> None:
    """Refuse a workbook that would unpack to far more than it seems.

    Raises:
        UnreadableFileError: Damaged, too large, packed too tightly, or of too many parts.
    """
    size = path.stat().st_size
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            head = file.read(8)
        if head != b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
            raise UnreadableFileError(
                "this is not an Excel workbook, or it is cut off.", where=origin,
                fix="Copy it again, or save it as .xlsx or .csv.",
            )  # fmt: skip
        if size > MOST_OLD:
            raise UnreadableFileError(
                f"the workbook is larger than {MOST_OLD >> 20} MiB.", where=origin,
                fix="Save it as .csv.",
            )  # fmt: skip
        return
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    expanded = sum(part.file_size for part in parts)
    if expanded > MOST_EXPANDED or len(parts) > MOST_ENTRIES or expanded > MOST_RATIO * size:
        raise UnreadableFileError(
            f"the workbook would unpack to {expanded / (1 << 20):,.0f} MiB in {len(parts):,}"
            " parts; refused.",
            where=origin,
            fix=f"Save it as .csv; at most {MOST_EXPANDED >> 20} MiB and {MOST_RATIO} times its"
            " size are read.",
        )


def _chosen(path: Path, options: ReadOptions, origin: str) -> tuple[str, list[list[Cell]]]:
    """The sheet to read and its rows: the one named, else the only one that is not empty."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with CalamineWorkbook.from_path(str(path)) as book:
            names = list(book.sheet_names)
            if options.sheet is not None and options.sheet not in names:
                raise UsageError(
                    f"there is no sheet `{options.sheet}`.",
                    where=origin,
                    fix=f"There is {', '.join(f'`{each}`' for each in names)}.",
                )
            wanted = [options.sheet] if options.sheet is not None else names
            filled = {name: rows for name in wanted if (rows := _rows(book, name))}
    except (CalamineError, OSError, ValueError, KeyError) as error:
        raise UnreadableFileError(
            "the workbook is damaged.", where=origin, fix="Open and save it again."
        ) from error
    if not filled:
        raise UnreadableFileError("the workbook is empty.", where=origin)
    if len(filled) > 1:
        raise AmbiguousInputError(
            f"several sheets hold data: {', '.join(f'`{each}`' for each in filled)}.",
            where=origin,
            fix=f"Say which, as in `sheet: {next(iter(filled))}`.",
            option="sheet",
            choices=[{"value": each, "label": each} for each in filled],
        )
    return next(iter(filled.items()))


def _rows(book: Any, name: str) -> list[list[Cell]]:
    rows: list[list[Cell]] = book.get_sheet_by_name(name).to_python(skip_empty_area=True)
    return rows if any(_filled(row) for row in rows) else []


def _filled(row: Sequence[Cell]) -> int:
    return sum(1 for cell in row if cell is not None and cell != "")


def _grid(rows: list[list[Cell]], options: ReadOptions, origin: str) -> Grid:
    top = _top(rows, options)
    body = rows[top:]
    if not body:
        raise UnreadableFileError("the sheet has no rows.", where=origin)
    header = _has_header(body, options)
    width = max(len(row) for row in body)
    notices: tuple[str, ...] = ()
    if top and options.skip_rows is None:
        notices = (f"The first {top} rows are titles; left out.",)
    if options.columns is not None:
        if len(options.columns) != width:
            raise UsageError(f"{len(options.columns)} names are given for {width} columns.")
        names, renamed = unique_names(options.columns)
    elif header:
        names, renamed = unique_names(_written(cell) for cell in body[0])
    else:
        names, renamed = tuple(f"column_{n}" for n in range(1, width + 1)), ()
        notices += ("The first row looks like data: the columns are numbered.",)
    numbered = list(enumerate(body[1:] if header else body, start=1))
    kept = [(number, row) for number, row in numbered if _filled(row)]
    return Grid(
        names,
        [row for _, row in kept],
        [number for number, _ in kept],
        len(numbered) - len(kept),
        header,
        (*notices, *renamed),
    )


def _top(rows: list[list[Cell]], options: ReadOptions) -> int:
    """Rows above the header: as said, else rows of one cell above a wider table."""
    if options.skip_rows is not None:
        return options.skip_rows
    widest = max(_filled(row) for row in rows[: MOST_TITLES + 20])
    first = next((n for n, row in enumerate(rows[: MOST_TITLES + 1]) if _filled(row) > 1), 0)
    if widest > 2 and first:
        return first
    return next(n for n, row in enumerate(rows) if _filled(row))


def _has_header(body: list[list[Cell]], options: ReadOptions) -> bool:
    if options.header is not None:
        return options.header
    return all(
        cell is None or (isinstance(cell, str) and not DATUM.fullmatch(cell.strip() or "x"))
        for cell in body[0]
    )


def _column(cells: list[Cell]) -> pa.Array[Any]:
    """Cells of a column as one type: theirs, if they have one, else text."""
    given = [None if cell == "" else cell for cell in cells]
    kinds = {type(cell) for cell in given if cell is not None}
    if kinds <= {int, float} and kinds:
        whole = all(cell is None or float(cell) == int(cell) for cell in given)  # type: ignore[arg-type]
        if whole:
            return pa.array([None if c is None else int(c) for c in given], pa.int64())  # type: ignore[arg-type]
        return pa.array([None if c is None else float(c) for c in given], pa.float64())  # type: ignore[arg-type]
    if kinds == {bool}:
        return pa.array(given, pa.bool_())
    if kinds == {date}:
        return pa.array(given, pa.date32())
    if kinds and kinds <= {date, datetime}:
        return pa.array([_moment(cell) for cell in given], pa.timestamp("us"))
    return pa.array([_written(cell) for cell in given], pa.string())


def _moment(cell: Cell) -> datetime | None:
    if isinstance(cell, datetime):
        return cell
    return datetime.combine(cell, time.min) if isinstance(cell, date) else None


def _written(cell: Cell) -> str | None:
    """A cell as text: whole numbers without `.0`, dates in ISO."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ")
    return str(cell)
