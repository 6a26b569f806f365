"""Frames, Parquet and JSON lines."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from segmentry.core.errors import UnreadableFileError, UsageError

ROWS = [(1, "a"), (2, None)]
TABLE = pa.table({"n": [1, 2], "t": ["a", None]})


@pytest.mark.parametrize(
    "source",
    [
        TABLE,
        TABLE.to_reader(),
        pd.DataFrame({"n": [1, 2], "t": ["a", None]}),
        pl.DataFrame({"n": [1, 2], "t": ["a", None]}),
        pl.LazyFrame({"n": [1, 2], "t": ["a", None]}),
    ],
    ids=["table", "reader", "pandas", "polars", "lazy"],
)
def test_every_frame_is_the_same_rows(bench: Any, source: Any) -> None:
    staged = bench.stage(source)
    assert bench.rows(staged) == ROWS
    assert staged.columns[0].type_name == "BIGINT"


def test_the_content_decides_the_hash(bench: Any) -> None:
    first = bench.stage(TABLE)
    again = bench.stage(pa.concat_tables([TABLE.slice(0, 1), TABLE.slice(1)]))
    assert first.content_hash == again.content_hash
    assert first.content_hash != bench.stage(TABLE.slice(1)).content_hash


def test_structures_become_columns_and_lists_text(bench: Any) -> None:
    staged = bench.stage(pa.table({"s": [{"u": 1, "a b": "x"}, None], "l": [[1, 2], []]}))
    assert staged.names == ("s_u", "s_a b", "l")
    assert bench.rows(staged) == [(1, "x", "[1,2]"), (None, None, "[]")]


def test_a_column_of_several_kinds_becomes_text(bench: Any) -> None:
    assert bench.rows(bench.stage(pd.DataFrame({"m": [1, "x", None]}))) == [("1",), ("x",)]


def test_names_that_differ_in_case_only_are_told_apart(bench: Any) -> None:
    staged = bench.stage(pa.table({"id": [1], "ID": [2]}))
    assert staged.names == ("id", "ID_2")
    assert staged.notices


def test_other_things_are_wrong_use(bench: Any) -> None:
    with pytest.raises(UsageError, match="cannot read a int"):
        bench.stage(5)
    with pytest.raises(UsageError, match="not supported"):
        bench.stage("https://example.invalid/a.csv")
    with pytest.raises(UsageError, match="zip archive"):
        bench.text(b"PK\x03\x04xxxx", "a.zip")
    with pytest.raises(UnreadableFileError, match="no such file"):
        bench.stage("nowhere.csv")


def test_parquet_keeps_types_and_leaves_out_blank_rows(bench: Any, tmp_path: Any) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"d": [date(2024, 1, 5), None, None], "n": [1.5, None, 2.0]}), path)
    staged = bench.stage(path)
    assert bench.rows(staged) == [(date(2024, 1, 5), 1.5), (None, 2.0)]
    assert (bench.numbers(staged), staged.blank) == ([1, 3], 1)


@pytest.mark.parametrize("keep", [-20, 40, 5])
def test_cut_off_parquet_is_refused(bench: Any, tmp_path: Any, keep: int) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UnreadableFileError, match="cut off"):
        bench.stage(path)


def test_damaged_parquet_is_refused(bench: Any, tmp_path: Any) -> None:
    path = tmp_path / "a.parquet"
    pq.write_table(TABLE, path)
    content = path.read_bytes()
    path.write_bytes(content[:4] + b"\xff" * (len(content) - 12) + content[-8:])
    with pytest.raises(UnreadableFileError, match="damaged"):
        bench.stage(path)


def test_json_lines_are_flattened_by_one_level(bench: Any) -> None:
    content = '{"id":1,"a":{"b":"x","c":null},"t/x":true}\n\n{"id":"2","a":5,"l":[1,2]}\n'
    staged = bench.text(content, "a.jsonl")
    assert staged.names == ("id", "a_b", "a_c", "t/x", "a", "l")
    assert bench.rows(staged)[1] == ("2", None, None, None, "5", "[1,2]")
    assert (staged.records, staged.blank) == (2, 1)


def test_bad_json_lines_are_named(bench: Any) -> None:
    staged = bench.text('{"id":1}\nnonsense\n{"id":2,\n[3]\n{"id":4}\n', "a.jsonl")
    assert bench.rows(staged) == [("1",), ("4",)]
    assert [each.record_no for each in staged.malformed] == [2, 3, 4]
    assert bench.numbers(staged) == [1, 5]


def test_json_that_is_no_lines_is_refused(bench: Any) -> None:
    with pytest.raises(UsageError, match="array"):
        bench.text('[{"a":1}]', "a.json")
    with pytest.raises(UnreadableFileError, match="no line is a JSON object"):
        bench.text("nonsense\n", "a.jsonl")
