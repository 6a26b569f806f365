"""A file is there whole or not at all."""

import os

import pytest

from segmentry.core.whole import draft_of, whole


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), whole(path) as draft:  # noqa: PT012
        draft.write_text("ne")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_a_draft_that_a_dead_process_left_is_written_over(tmp_path):
    path = tmp_path / "a.txt"
    draft_of(path).write_text("half of something longer")
    with whole(path) as draft:
        draft.write_text("new")
    assert path.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["a.txt"]


def test_permissions_are_kept(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o600)
    with whole(path) as draft:
        draft.write_text("new")
    assert path.stat().st_mode & 0o777 == 0o600


def test_errors_name_the_file_that_was_asked_for(tmp_path):
    path = tmp_path / "nowhere" / "a.txt"
    with pytest.raises(FileNotFoundError) as caught, whole(path) as draft:
        draft.write_text("new")
    assert caught.value.filename == str(path)


def test_what_is_no_file_takes_what_comes(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with whole(pipe) as draft:
        assert draft == pipe
    assert pipe.is_fifo()
