"""Every file of the corpus is read without loss, or refused with a named error and a fix."""

from __future__ import annotations

import hashlib
import runpy
from collections.abc import Iterator
from pathlib import Path

import pytest

from segmentry.core.errors import InputError, UsageError
from segmentry.data.mapping import Mapping
from segmentry.data.source import Staged, stage
from segmentry.data.suggest import suggest
from segmentry.engines.duckdb import DuckDB, quote

Corpus = tuple[Path, dict[str, dict[str, str]]]
MAKE = runpy.run_path(str(Path(__file__).with_name("make.py")))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("corpus")
    return folder, MAKE["make"](folder)


@pytest.fixture(scope="module")
def session() -> Iterator[DuckDB]:
    with DuckDB(threads=2) as opened:
        yield opened


def test_there_are_enough_files(corpus: Corpus) -> None:
    assert len(corpus[1]) >= 300
    assert {each["outcome"] for each in corpus[1].values()} == {"ok", "error", "either"}


def test_the_corpus_is_always_the_same() -> None:
    def digest(family: str) -> list[str]:
        return [hashlib.sha256(content).hexdigest() for *_, content in MAKE[family]()]

    for family in ("encodings", "quotes", "dates", "numbers", "lines", "parquet", "cut"):
        assert digest(family) == digest(family)


def check_identity(session: DuckDB, staged: Staged) -> None:
    """Every record is a row or malformed, and has a number of its own."""
    numbers = session.rows(f"SELECT {staged.record_no} FROM {quote(staged.table)}")
    known = [number for (number,) in numbers] + [each.record_no for each in staged.malformed]
    assert staged.records == len(known)
    assert len(set(known)) == len(known)
    assert min(known, default=1) >= 1
    assert all(each.reason and each.fix for each in staged.malformed)
    assert len(staged.content_hash) == 64


def outcome(session: DuckDB, path: Path) -> str:
    """What becomes of a file; a fault of ours is raised."""
    try:
        staged = stage(session, path)
    except (InputError, UsageError) as error:
        return "error" if error.message and str(path.parent) not in str(error) else "bad error"
    check_identity(session, staged)
    found = suggest(session, staged)
    found.mapping.check(staged)
    assert Mapping.from_yaml(found.mapping.to_yaml()) == found.mapping
    staged.drop(session)
    return "ok"


def test_each_file_is_read_or_refused(session: DuckDB, corpus: Corpus) -> None:
    folder, manifest = corpus
    found = {name: outcome(session, folder / name) for name in manifest}
    wrong = {
        name: each
        for name, each in found.items()
        if each not in {"ok", "error"} or manifest[name]["outcome"] not in {"either", each}
    }
    assert wrong == {}
