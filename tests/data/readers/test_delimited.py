"""Delimited text: layouts, records, faults."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentry.core.errors import AmbiguousInputError, InputError, UnreadableFileError, UsageError
from segmentry.data.readers import careful as careful_path
from segmentry.data.readers import delimited

TWO = [("1", "Ann"), ("2", "Bob")]


@pytest.mark.parametrize(
    "content",
    [
        "id,name\n1,Ann\n2,Bob\n",
        "id,name\n1,Ann\n2,Bob",
        "id,name\r\n1,Ann\r\n2,Bob\r\n",
        "id,name\r1,Ann\r2,Bob\r",
        "id,name\n1,Ann\r\n2,Bob\n",
        "id;name\n1;Ann\n2;Bob\n",
        "id\tname\n1\tAnn\n2\tBob\n",
        "id|name\n1|Ann\n2|Bob\n",
        "sep=;\nid;name\n1;Ann\n2;Bob\n",
        '"id","name"\n"1","Ann"\n2,Bob\n',
        "\ufeffid,name\n1,Ann\n2,Bob\n",
        "\n\nid,name\n1,Ann\n\n2,Bob\n\n",
        "id,name\n1,Ann\n,\n2,Bob\n",
    ],
)
def test_layouts_that_mean_the_same(bench: Any, content: str) -> None:
    staged = bench.text(content)
    assert staged.names == ("id", "name")
    assert bench.rows(staged) == TWO
    assert staged.malformed == ()


def test_runs_of_spaces_separate_when_nothing_else_does(bench: Any) -> None:
    staged = bench.text(" id  day   sum\n 01 19970101  1.50\n 02 19970112 12.00\n")
    assert staged.names == ("id", "day", "sum")
    assert bench.rows(staged)[1] == ("02", "19970112", "12.00")


def test_values_stay_as_written(bench: Any) -> None:
    staged = bench.text("id,n\n007,1e5\n22086.0, 1 \n")
    assert bench.rows(staged) == [("007", "1e5"), ("22086.0", " 1 ")]


def test_empty_fields_are_missing_quoted_or_not(bench: Any) -> None:
    rows = [("1", None, "x"), ("2", None, "y")]
    assert bench.rows(bench.text('a,b,c\n1,,x\n2,"",y\n')) == rows
    assert bench.rows(bench.text('a,b,c\n1,,x\n2,"",y\n3,4\n')) == rows  # the careful path


def test_a_ragged_record_is_named_and_takes_no_other_with_it(bench: Any) -> None:
    staged = bench.text("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n")
    assert bench.rows(staged) == [("1", "2", "3"), ("10", "11", "12")]
    assert bench.numbers(staged) == [1, 4]
    assert [(each.record_no, each.value) for each in staged.malformed] == [
        (2, "4,5"),
        (3, "6,7,8,9"),
    ]
    assert staged.malformed[0].reason == "has 2 fields instead of 3"
    assert staged.records == 4


@pytest.mark.parametrize("rest", ["", "5\n"], ids=["fast", "careful"])
def test_empty_fields_beyond_the_last_column_are_nothing(bench: Any, rest: str) -> None:
    staged = bench.text("a,b\n1,2,,\n3,4\n" + rest)
    assert bench.rows(staged) == [("1", "2"), ("3", "4")]


@pytest.mark.parametrize("rows_after", [3, 400])
def test_a_lost_quote_swallows_only_its_own_record(bench: Any, rows_after: int) -> None:
    rest = "".join(f"{n},b,c\n" for n in range(rows_after))
    staged = bench.text('a,b,c\n1,"lost,3\n' + rest)
    assert [each.record_no for each in staged.malformed] == [1]
    assert staged.records == rows_after + 1


def test_two_lost_quotes_do_not_join_what_stands_between(bench: Any) -> None:
    staged = bench.text('a,b,c\n1,"lost,3\n2,b,4\n3,b,5\n4,x",6\n')
    assert [each.record_no for each in staged.malformed] == [1]
    assert bench.rows(staged)[:2] == [("2", "b", "4"), ("3", "b", "5")]


def test_line_ends_inside_quotes_belong_to_the_text(bench: Any) -> None:
    staged = bench.text('a,b,c\n1,"x\ny, z\nq",3\n2,"z",4\n')
    assert bench.rows(staged) == [("1", "x\ny, z\nq", "3"), ("2", "z", "4")]


def test_quotes_escaped_by_a_backslash(bench: Any) -> None:
    staged = bench.text('a,b\n1,"say \\"hi\\", ok"\n2,x\n')
    assert bench.rows(staged)[0] == ("1", 'say "hi", ok')


def test_a_quote_inside_a_bare_field_is_a_letter(bench: Any) -> None:
    assert bench.rows(bench.text('a,b\n1,3" nail\n2,x\n'))[0] == ("1", '3" nail')


def test_a_nul_byte_is_a_fault_of_its_record(bench: Any) -> None:
    staged = bench.text("a,b\n1,\0x\n2,y\n")
    assert [(each.record_no, each.reason) for each in staged.malformed] == [(1, "holds a NUL byte")]
    assert bench.rows(staged) == [("2", "y")]


def test_duplicate_and_missing_names_are_changed_with_a_notice(bench: Any) -> None:
    staged = bench.text("Total,,total,Total_2\n1,2,3,4\n5,6,7,8\n")
    assert staged.names == ("Total", "column_2", "total_3", "Total_2")
    assert len(staged.notices) == 2


def test_titles_above_a_table_are_left_out_with_a_notice(bench: Any) -> None:
    staged = bench.text("Sales report\n\nid,day,sum\n1,2024-01-01,5\n")
    assert staged.names == ("id", "day", "sum")
    assert any("titles" in each for each in staged.notices)


def test_data_in_the_first_line_is_not_a_header(bench: Any) -> None:
    staged = bench.text("1,2024-01-01\n2,2024-01-02\n")
    assert staged.names == ("column_1", "column_2")
    assert staged.records == 2
    named = bench.text("1,2024-01-01\n2,2024-01-02\n", columns=("id", "day"))
    assert named.names == ("id", "day")
    assert named.records == 2


def test_a_header_alone_is_no_records(bench: Any) -> None:
    assert bench.text("id,name\n").records == 0
    assert bench.text("id,name").names == ("id", "name")


@pytest.mark.parametrize("content", ["", "\n\n", "  \n"])
def test_nothing_is_an_error(bench: Any, content: str) -> None:
    with pytest.raises(UnreadableFileError):
        bench.text(content)


def test_two_delimiters_that_fit_equally_are_asked_about(bench: Any) -> None:
    with pytest.raises(AmbiguousInputError) as caught:
        bench.text("a;b,c\n1;2,3\n")
    assert caught.value.details["option"] == "delimiter"
    assert {each["value"] for each in caught.value.details["choices"]} == {",", ";"}
    assert bench.text("a;b,c\n1;2,3\n", delimiter=";").names == ("a", "b,c")


def test_a_wrong_delimiter_is_refused_not_believed(bench: Any) -> None:
    content = "a,b\n" + "".join(f"{n},x,y\n" for n in range(3_000))
    with pytest.raises(UnreadableFileError, match="most records"):
        bench.text(content, delimiter=",", header=True)


def test_names_must_fit_the_columns(bench: Any) -> None:
    with pytest.raises(UsageError, match="3 names are given for 2 columns"):
        bench.text("1,2\n3,4\n", columns=("a", "b", "c"))


def test_gzip_is_read_and_a_cut_off_one_refused(bench: Any) -> None:
    packed = gzip.compress(b"id,name\n1,Ann\n2,Bob\n")
    assert bench.rows(bench.text(packed, "a.csv.gz")) == TWO
    with pytest.raises(UnreadableFileError, match="cut off"):
        bench.text(packed[:-9], "a.csv.gz")


def test_a_gzip_bomb_is_refused(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("segmentry.data.readers.text.BOMB_SIZE", 1 << 20)
    with pytest.raises(UnreadableFileError, match="fold"):
        bench.text(gzip.compress(b"a,b\n" + b"0" * (8 << 20)), "a.csv.gz")


def test_a_file_whose_name_is_a_pattern(bench: Any) -> None:
    bench.write("id,name\n9,Zoe\n", "a1.csv")
    assert bench.rows(bench.text("id,name\n1,Ann\n2,Bob\n", "a[1]*.csv")) == TWO


def test_both_paths_agree(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f'{n},"name, {n}",{n}.5' if n % 90 > 60 else f"{n},,{n}" for n in range(2_500)]
    lines[700] = ",,"
    content = "id,name,sum\n" + "\n".join(lines) + "\n\n"
    fast = bench.text(content)
    monkeypatch.setattr(delimited, "_fast", lambda *_: None)
    monkeypatch.setattr(careful_path, "BLOCK_LINES", 7)
    careful = bench.text(content)
    assert bench.rows(careful) == bench.rows(fast)
    assert bench.numbers(careful) == bench.numbers(fast)
    assert (careful.records, careful.blank) == (fast.records, fast.blank)
    assert careful.content_hash == fast.content_hash


def test_faults_between_clean_blocks(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(careful_path, "BLOCK_LINES", 10)
    lines = [f"{n},name,{n}" for n in range(100)]
    lines[35] = '35,"open,35'
    lines[39] = '39,"two\nlines",39'
    lines[62] = "62,short"
    staged = bench.text("id,name,sum\n" + "\n".join(lines) + "\n")
    assert [each.record_no for each in staged.malformed] == [36, 63]
    found = bench.rows(staged)
    assert [int(row[0]) for row in found] == [n for n in range(100) if n not in {35, 62}]
    assert ("39", "two\nlines", "39") in found


FIELD = st.text(st.sampled_from('ab1,;"\n\r \tя€'), max_size=6)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(FIELD, min_size=1, max_size=4), max_size=8), st.sampled_from(",;\t"))
def test_records_are_rows_and_malformed_whatever_the_file(
    bench: Any, table: list[list[str]], delimiter: str
) -> None:
    content = "id,name\n" + "\n".join(delimiter.join(row) for row in table)
    try:
        staged = bench.text(content)  # asserts the identity
    except InputError:
        return
    numbers = bench.numbers(staged) + [each.record_no for each in staged.malformed]
    assert len(set(numbers)) == len(numbers)
    staged.drop(bench.session)


QUOTED = st.lists(
    st.tuples(st.text(st.sampled_from('xyz,"\n; '), max_size=5), st.integers(0, 99)), max_size=12
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUOTED)
def test_what_is_quoted_by_the_book_comes_back(bench: Any, rows: list[tuple[str, int]]) -> None:
    doubled = [(text.replace('"', '""'), n) for text, n in rows]
    content = "num,text,last\n" + "".join(f'{n},"{text}",{n}\n' for text, n in doubled)
    staged = bench.text(content, delimiter=",", header=True)
    assert bench.rows(staged) == [(str(n), text or None, str(n)) for text, n in rows]
    staged.drop(bench.session)
