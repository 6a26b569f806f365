"""Records that end with a mark of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.core.errors import UnreadableFileError, UsageError
from segmentry.data.source import ReadOptions, stage
from segmentry.engines.duckdb import DuckDB, quote

MARKS = {"delimiter": "+|", "row_end": "&|"}
TEXT = '1+|Next-Door+|<a>\nx</a>&|\r\n2+|Stall+|&|\n3+|Odd&|\n4+|Shop+|it\'s "quoted", so&|\n'


def test_line_ends_and_quotes_inside_are_text(session: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(TEXT.encode())
    staged = stage(
        session, path, ReadOptions(**MARKS, header=False, columns=("id", "name", "note"))
    )
    assert session.rows(f"SELECT * FROM {quote(staged.table)} ORDER BY 1") == [
        (1, "1", "Next-Door", "<a>\nx</a>"),
        (2, "2", "Stall", None),
        (4, "4", "Shop", 'it\'s "quoted", so'),
    ]
    assert (staged.records, staged.blank) == (4, 0)
    [odd] = staged.malformed
    assert (odd.record_no, odd.reason) == (3, "it has 2 fields instead of 3")


def test_a_header(session: DuckDB, tmp_path: Path) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(b"\xef\xbb\xbfid+|name&|\n1+|Shop&|\n")
    staged = stage(session, path, ReadOptions(**MARKS, header=True))
    assert staged.names == ("id", "name")
    assert staged.records == 1


@pytest.mark.parametrize(
    ("content", "options", "error"),
    [
        (b"\n&|\n", MARKS, UnreadableFileError),
        (b"1+|2&|", {"row_end": "&|"}, UsageError),
        (b"1+|2&|", MARKS | {"header": False, "columns": ("a",)}, UsageError),
        (b"", MARKS, UnreadableFileError),
    ],
)
def test_what_cannot_be_is_refused(
    session: DuckDB,
    tmp_path: Path,
    content: bytes,
    options: dict[str, object],
    error: type[Exception],
) -> None:
    path = tmp_path / "store.csv"
    path.write_bytes(content)
    with pytest.raises(error):
        stage(session, path, ReadOptions.model_validate(options))


def test_stores_of_adventureworks(session: DuckDB) -> None:
    path = Path(__file__).parents[4] / "shared/data/adventureworks/oltp_Store.csv"
    if not path.is_file():
        pytest.skip("needs the shared data sets")
    names = ("company_id", "name", "seller", "survey", "guid", "changed_at")
    staged = stage(session, path, ReadOptions(**MARKS, header=False, columns=names))
    assert (staged.records, staged.malformed) == (701, ())
    assert session.value(f"SELECT count(DISTINCT company_id) FROM {staged.table}") == 701
