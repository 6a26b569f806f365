"""Encodings: stated, proved or asked about."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.core.errors import AmbiguousInputError, UnreadableFileError, UsageError
from segmentry.data.source import ReadOptions, stage
from segmentry.engines.duckdb import DuckDB, quote

UKRAINIAN = "id;name;sum\n1;Ірина Шевченко;5,00\n2;Олег Гриценко;6,50\n3;Їжак;7\n"
POLISH = "id;name;sum\n1;Łukasz Żółć;5,00\n2;Gęślą Jaźń;6,50\n"
SPANISH = "id;name;sum\n1;José Peña;5,00\n2;Núñez Ávila;6,50\n3;Íñigo;7\n"


def names(tmp_path: Path, content: bytes, encoding: str | None = None) -> list[str]:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with DuckDB() as session:
        staged = stage(session, path, ReadOptions(encoding=encoding))
        found = session.rows(f"SELECT name FROM {quote(staged.table)} ORDER BY {staged.record_no}")
    return [name for (name,) in found]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (UKRAINIAN, "utf-8"),
        (UKRAINIAN, "utf-8-sig"),
        (UKRAINIAN, "utf-16"),
        (UKRAINIAN, "utf-16-le"),
        (UKRAINIAN, "utf-16-be"),
        (UKRAINIAN, "cp1251"),
        (UKRAINIAN, "koi8-u"),
        (POLISH, "cp1250"),
        (POLISH, "iso8859-2"),
        (SPANISH, "cp1252"),
    ],
)
def test_the_text_comes_back(tmp_path: Path, text: str, encoding: str) -> None:
    expected = [line.split(";")[1] for line in text.splitlines()[1:]]
    assert names(tmp_path, text.encode(encoding)) == expected


def test_two_sensible_readings_are_asked_about(tmp_path: Path) -> None:
    content = "id;name\n1;Muñoz\n".encode("cp1252")
    with pytest.raises(AmbiguousInputError) as caught:
        names(tmp_path, content)
    assert caught.value.details["option"] == "encoding"
    assert {"cp1250", "cp1252"} <= {each["value"] for each in caught.value.details["choices"]}
    assert names(tmp_path, content, "cp1252") == ["Muñoz"]


def test_readings_that_agree_need_no_question(tmp_path: Path) -> None:
    assert names(tmp_path, "id;name\n1;Müller\n".encode("cp1252")) == ["Müller"]


def test_damaged_utf8_names_line_and_byte(tmp_path: Path) -> None:
    content = "id;name\n1;Ірина\n2;Олег\n".encode() + b"3;\xd0\n"
    with pytest.raises(UnreadableFileError, match=r"line 4, byte 35 \(0xD0\)"):
        names(tmp_path, content)


def test_a_byte_that_is_not_of_the_wanted_encoding(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"line 2, byte 11 \(0x98\)"):
        names(tmp_path, b"id;name\n1;\x98\n", "cp1251")


def test_an_unknown_encoding_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown encoding `klingon`"):
        names(tmp_path, b"id;name\n1;x\n", "klingon")
