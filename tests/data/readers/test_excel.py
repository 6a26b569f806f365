"""Workbooks: cells with types, sheets, guards."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from segmentry.core.errors import AmbiguousInputError, UnreadableFileError, UsageError

HEADER = ["Order", "Date", "Total", "Mixed"]


def workbook(path: Path, **sheets: list[list[Any]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_columns_keep_their_type_and_records_their_number(bench: Any, tmp_path: Path) -> None:
    rows = [
        ["Report"],
        [],
        HEADER,
        [1, datetime(2024, 1, 5, 10), 12.5, "a"],
        [],
        [2, datetime(2024, 1, 6), 3, 7],
    ]
    staged = bench.stage(workbook(tmp_path / "a.xlsx", Orders=rows))
    assert [each.type_name for each in staged.columns] == [
        "BIGINT", "TIMESTAMP", "DOUBLE", "VARCHAR",
    ]  # fmt: skip
    assert bench.rows(staged) == [
        (1, datetime(2024, 1, 5, 10), 12.5, "a"),
        (2, datetime(2024, 1, 6), 3.0, "7"),
    ]
    assert bench.numbers(staged) == [1, 3]
    assert staged.blank == 1


def test_several_sheets_are_asked_about(bench: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", One=[["a"], [1]], Two=[["b"], [2]], Empty=[])
    with pytest.raises(AmbiguousInputError) as caught:
        bench.stage(path)
    assert [each["value"] for each in caught.value.details["choices"]] == ["One", "Two"]
    assert bench.rows(bench.stage(path, sheet="Two")) == [(2,)]
    with pytest.raises(UsageError, match="no sheet `Three`"):
        bench.stage(path, sheet="Three")


def test_a_cut_off_workbook_is_refused(bench: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", One=[["a"], [1]])
    path.write_bytes(path.read_bytes()[:-120])
    with pytest.raises(UnreadableFileError, match="cut off"):
        bench.stage(path)


def test_an_empty_workbook_is_refused(bench: Any, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="empty"):
        bench.stage(workbook(tmp_path / "a.xlsx", One=[]))


@pytest.mark.parametrize(
    "parts",
    [{"sheet1.xml": 30 << 20}, {f"part{n}": 1 for n in range(1_200)}],
    ids=["ratio", "entries"],
)
def test_a_bomb_is_refused_before_it_is_unpacked(
    bench: Any, tmp_path: Path, parts: dict[str, int]
) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in parts.items():
            archive.writestr(name, b"0" * size)
    with pytest.raises(UnreadableFileError, match="unpack"):
        bench.stage(path)
