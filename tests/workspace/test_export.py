"""Files that go out: no cell runs as a formula, what went out comes in again as it was."""

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmentry.core.errors import UsageError
from segmentry.data.source import stage
from segmentry.engines.duckdb import DuckDB
from segmentry.workspace.export import write

HOSTILE = ["=1+1", "+380441112233", "-5", "@SUM(A1)", "'=x", "''", "'plain", "a=b", "\tx", "Їжак"]
RISKY = ("=", "+", "-", "@", "\t", "\r")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".csv.gz"])
def test_no_cell_begins_like_a_formula_and_all_come_in_as_they_were(tmp_path, ending):
    path = tmp_path / f"out{ending}"
    write(pa.table({"id": HOSTILE, "n": list(range(len(HOSTILE)))}), path)
    with DuckDB() as session:
        staged = stage(session, path)
        found = [value for (value,) in session.rows(f"SELECT id FROM {staged.table}")]
    assert [each.strip() for each in found] == [each.strip() for each in HOSTILE]
    assert "taken off in `id`" in " ".join(staged.notices)
    if ending == ".csv":
        cells = [row[0] for row in csv.reader(io.StringIO(path.read_text("utf-8"), newline=""))]
        assert not [each for each in cells if each.startswith(RISKY)]


@given(st.lists(st.text(alphabet="=+-@'ab", min_size=1, max_size=4), min_size=1, max_size=8))
@settings(max_examples=40)
def test_what_was_written_is_read_back(tmp_path_factory, texts):
    path = tmp_path_factory.mktemp("out") / "out.csv"
    write(pa.table({"id": texts, "n": ["x"] * len(texts)}), path)
    with DuckDB() as session:
        staged = stage(session, path)
        assert [value for (value,) in session.rows(f"SELECT id FROM {staged.table}")] == texts


def test_files_of_others_are_left_as_they_are(tmp_path):
    path = tmp_path / "given.csv"
    path.write_text("id,n\n-5,1\n'+6,2\n", encoding="utf-8")
    with DuckDB() as session:
        staged = stage(session, path)
        found = [value for (value,) in session.rows(f"SELECT id FROM {staged.table}")]
    assert found == ["-5", "'+6"]
    assert "taken off" not in " ".join(staged.notices)


def test_a_workbook_has_types_formats_and_no_formula(tmp_path):
    table = pa.table(
        {
            "customer_id": ["=1+1", "https://x.example", None],
            "orders": [1, 2, None],
            "monetary": [Decimal("12.3400"), Decimal("-1.0000"), None],
            "gift_share": [0.25, 0.5, None],
            "known_on": [date(2024, 2, 29), date(2025, 1, 1), None],
            "last_at": [datetime(2024, 2, 29, 13, 30), datetime(2025, 1, 1), None],
            "newsletter": [True, False, None],
        }
    )
    path = tmp_path / "out.xlsx"
    write(table, path)
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == table.column_names
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G4"
    assert sheet["A1"].font.bold
    first = sheet[2]
    assert [cell.data_type for cell in first] == ["s", "n", "n", "n", "d", "d", "b"]
    assert [cell.value for cell in first][:4] == ["=1+1", 1, 12.34, 0.25]
    assert first[2].number_format == "#,##0.00"
    assert first[3].number_format == "0.0%"
    assert (first[4].value, first[5].value) == (
        datetime(2024, 2, 29),
        datetime(2024, 2, 29, 13, 30),
    )
    assert sheet["A3"].hyperlink is None
    assert all(cell.value is None for cell in sheet[4])


def test_parquet_and_json_lines_keep_texts_as_they_are(tmp_path):
    table = pa.table({"id": HOSTILE})
    write(table, tmp_path / "out.parquet")
    assert pq.read_table(tmp_path / "out.parquet") == table
    write(table, tmp_path / "out.jsonl")
    with DuckDB() as session:
        staged = stage(session, tmp_path / "out.jsonl")
        assert [value for (value,) in session.rows(f"SELECT id FROM {staged.table}")] == HOSTILE


def test_a_sheet_holds_so_much_and_no_more(tmp_path):
    with pytest.raises(UsageError, match=r"1,048,575 rows"):
        write(pa.table({"n": range(1_048_576)}), tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())
