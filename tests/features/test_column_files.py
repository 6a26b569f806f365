"""Columns in a folder."""

import pyarrow as pa
import pytest

from segmentry.features.column_files import ColumnFiles, draft, publish, remove_others

NUMBERS = pa.array([1, None, 3], pa.int16())


@pytest.fixture
def files(tmp_path):
    return ColumnFiles(tmp_path / "held")


def test_a_column_comes_back_as_it_was_put_in(files):
    files["a"] = NUMBERS
    assert files["a"].equals(NUMBERS)
    assert list(files) == ["a"]
    assert "b" not in files
    with pytest.raises(KeyError):
        files["b"]


def test_a_column_is_mapped_and_takes_no_memory(files):
    files["a"] = pa.array(range(100_000))
    before = pa.total_allocated_bytes()
    assert len(ColumnFiles(files.folder)["a"]) == 100_000
    assert pa.total_allocated_bytes() - before < 100_000


def test_a_column_that_is_replaced_is_the_new_one_and_the_old_array_stays_whole(files):
    files["a"] = NUMBERS
    old = files["a"]
    files["a"] = pa.array([7, 8, 9], pa.int16())
    assert files["a"].to_pylist() == [7, 8, 9]
    assert old.equals(NUMBERS)


def test_one_column_under_two_names_is_one_file_until_one_is_replaced(files):
    files["a"] = NUMBERS
    files["b"] = files["a"]
    first, second = (files.folder / f"{name}.arrow" for name in "ab")
    assert first.samefile(second)
    files["b"] = pa.array([0, 0, 0], pa.int16())
    assert files["a"].equals(NUMBERS)
    del files["a"]
    assert files["b"].to_pylist() == [0, 0, 0]


def test_texts_that_repeat_are_kept_once(files):
    files["few"] = pa.array(["x", "y", None] * 20)
    files["many"] = pa.array([str(each) for each in range(60)])
    assert pa.types.is_dictionary(files["few"].type)
    assert files["few"].to_pylist() == ["x", "y", None] * 20
    assert pa.types.is_string(files["many"].type)


def test_a_draft_gets_its_name_when_it_is_done_and_an_older_draft_is_no_part_of_it(tmp_path):
    left = draft(tmp_path / "one")
    left["old"] = NUMBERS
    fresh = draft(tmp_path / "one")
    fresh["new"] = NUMBERS
    assert [each.name for each in tmp_path.iterdir()] == ["one.new"]
    assert list(publish(fresh)) == ["new"]
    assert [each.name for each in tmp_path.iterdir()] == ["one"]
    remove_others(tmp_path, "one")
    assert [each.name for each in tmp_path.iterdir()] == ["one"]
    remove_others(tmp_path, None)
    assert list(tmp_path.iterdir()) == []
