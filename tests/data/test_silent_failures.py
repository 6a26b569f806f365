"""Nine things that a reader may do to a file without a word. None of them happens here."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.core.errors import AmbiguousInputError, UnreadableFileError
from segmentry.core.types import Type
from segmentry.data.convert import conversion, unreadable
from segmentry.data.format import resolve
from segmentry.data.source import Staged, stage
from segmentry.engines.duckdb import DuckDB, quote


def staged_text(session: DuckDB, tmp_path: Path, text: str) -> Staged:
    path = tmp_path / "file.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return stage(session, path)


def values(session: DuckDB, staged: Staged, column: str, target: Type) -> list[tuple[object, bool]]:
    """Each value with whether it is unreadable."""
    written = resolve(session, staged, column, target)
    x = quote(column)
    found = session.rows(
        f"SELECT {conversion(x, 'VARCHAR', target, written)},"
        f" {unreadable(x, 'VARCHAR', target, written)} FROM {quote(staged.table)}"
        f" ORDER BY {staged.record_no}"
    )
    return [(value, bad) for value, bad in found]


def test_one_bad_number_does_not_make_a_column_text(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id,n\n1,5\n2,oops\n3,7\n")
    assert values(session, staged, "n", Type.NUMBER) == [(5.0, False), (None, True), (7.0, False)]


def test_a_nul_byte_is_seen(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id,n\n1,5\n2,\x006\n")
    assert [each.record_no for each in staged.malformed] == [2]


def test_an_empty_file_is_an_error(session: DuckDB, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="empty"):
        staged_text(session, tmp_path, "")


def test_an_id_with_an_e_stays_an_id(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id,n\n1e5,5\n007,6\n")
    assert values(session, staged, "id", Type.TEXT) == [("1e5", False), ("007", False)]


def test_a_day_that_could_be_a_month_is_asked_about(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id,d\n1,01/02/2024\n2,03/04/2024\n")
    with pytest.raises(AmbiguousInputError):
        resolve(session, staged, "d", Type.DATE)


def test_a_duplicate_header_is_told(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id,n,n\n1,5,6\n")
    assert staged.names == ("id", "n", "n_2")
    assert any("more than once" in each for each in staged.notices)


def test_a_word_for_missing_is_missing(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id,n\n1,N/A\n2,6\n")
    assert values(session, staged, "n", Type.NUMBER) == [(None, False), (6.0, False)]
    assert values(session, staged, "n", Type.TEXT) == [(None, False), ("6", False)]


def test_a_decimal_comma_is_a_number(session: DuckDB, tmp_path: Path) -> None:
    staged = staged_text(session, tmp_path, "id;n\n1;5,5\n2;1.234,25\n")
    assert values(session, staged, "n", Type.NUMBER) == [(5.5, False), (1234.25, False)]


def test_a_lost_quote_loses_one_record(session: DuckDB, tmp_path: Path) -> None:
    rest = "".join(f'{n},"fine",2024-01-01\n' for n in range(2, 300))
    staged = staged_text(session, tmp_path, f'id,text,day\n1,"lost,2024-01-01\n{rest}')
    assert [each.record_no for each in staged.malformed] == [1]
    assert staged.records == 299
